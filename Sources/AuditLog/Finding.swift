/// Something in a log that must not be, with the name of what was done.
package enum Finding: Error, Sendable, Equatable, CustomStringConvertible {
    /// A signature that bears a trusted key's name and id and was not made by it.
    case badSignature(on: String)
    /// Not signed by the log's key.
    case unknownKey(on: String)
    case malformed(String, reason: String)
    case missingTile(String)
    /// The file ends before what the checkpoint says is in it.
    case truncatedTile(String)
    /// Every entry from `from` on is gone.
    case truncation(from: UInt64, promised: UInt64)
    /// Entries that are not those that were signed.
    case editedEntries(Range<UInt64>)
    /// A tile that is not the one that was signed; the entries are.
    case swappedTile(String)
    /// Entries and tile say different things, and neither gives the signed root.
    case disagreement(String)
    /// A checkpoint signed by the log's own key, for a tree that is not this one.
    case forkedCheckpoint(size: UInt64, in: String)
    /// A checkpoint that somebody else was given, signed by the log's own key, for another tree: the log shows two faces.
    case splitView(size: UInt64, shownTo: String)
    /// The log is older than a checkpoint that was signed.
    case rollback(to: UInt64, from: UInt64, seenBy: String)
    case unreadable(String)

    /// One word, for machines.
    package var name: String {
        switch self {
        case .badSignature: "bad-signature"
        case .unknownKey: "unknown-key"
        case .malformed: "malformed"
        case .missingTile: "missing-tile"
        case .truncatedTile: "truncated-tile"
        case .truncation: "truncation"
        case .editedEntries: "edited-entry"
        case .swappedTile: "swapped-tile"
        case .disagreement: "disagreement"
        case .forkedCheckpoint: "forked-checkpoint"
        case .splitView: "split-view"
        case .rollback: "rollback"
        case .unreadable: "unreadable"
        }
    }

    package var description: String {
        switch self {
        case .badSignature(let what): "\(name): the signature on \(what) was not made by the key whose name it bears"
        case .unknownKey(let what): "\(name): \(what) is not signed by the log's key"
        case .malformed(let what, let reason): "\(name): \(what): \(reason)"
        case .missingTile(let path): "\(name): \(path) is not there, and the checkpoint asks for it"
        case .truncatedTile(let path): "\(name): \(path) ends before what the checkpoint says is in it"
        case .truncation(let from, let promised):
            "\(name): the entries from \(from) on are gone; the checkpoint says that there are \(promised)"
        case .editedEntries(let range):
            range.count == 1
                ? "\(name): entry \(range.lowerBound) is not the one that was signed"
                : "\(name): some of the entries \(range.lowerBound) to \(range.upperBound - 1) are not those that were signed"
        case .swappedTile(let path): "\(name): \(path) is not the tile that was signed; the entries are the signed ones"
        case .disagreement(let path): "\(name): \(path) and the entries differ, and neither gives the signed root"
        case .forkedCheckpoint(let size, let place):
            "\(name): the checkpoint for \(size) entries in \(place) is signed, and is not of this tree"
        case .splitView(let size, let whom):
            "\(name): \(whom) was given a signed checkpoint for \(size) entries that is not of this tree: the log shows two faces"
        case .rollback(let size, let seen, let whom):
            "\(name): the log has \(size) entries, and \(whom) has a signed checkpoint for \(seen): an older copy was put in its place"
        case .unreadable(let reason): "\(name): \(reason)"
        }
    }

    /// What a fault of reading `what` means.
    init(_ error: LogError, reading what: String) {
        switch error {
        case .badSignature: self = .badSignature(on: what)
        case .unknownKey: self = .unknownKey(on: what)
        case .missing(let path): self = .missingTile(path)
        case .malformed(let place, let reason):
            self = .malformed(place == what ? place : "\(what), \(place)", reason: reason)
        default: self = .unreadable("\(what): \(error)")
        }
    }
}
