import AuditLog
import JSON
import Measure

/// A log in a folder, under its checkpoint.
struct LogView {
    let reader: TileReader
    let key: VerifierKey
    let signed: SignedCheckpoint

    init(_ path: String, key: VerifierKey) throws(CommandError) {
        do throws(LogError) {
            reader = try TileReader(path: path)
            signed = try SignedCheckpoint(reader.checkpoint(), log: key)
        } catch {
            throw .damaged("\(path): \(error)", remedy: "look at it with aibom audit verify")
        }
        self.key = key
    }

    var size: UInt64 { signed.checkpoint.size }

    /// Calls `body` with each entry from number `start` on, in order.
    func forEach(from start: UInt64 = 0, _ body: (LoggedEntry) -> Void) throws(CommandError) {
        do throws(LogError) {
            try reader.forEachEntry(in: min(start, size)..<size, size: size) { index, bytes throws(LogError) in
                body(LoggedEntry(index: index, entry: try LogEntry(bytes: bytes), bytes: bytes))
            }
        } catch {
            throw .damaged("the log can't be read: \(error)", remedy: "look at it with aibom audit verify")
        }
    }

    func entry(_ index: UInt64) throws(CommandError) -> LoggedEntry {
        guard index < size else {
            throw .local("there is no entry \(index)", remedy: "the log has \(size), numbered from 0")
        }
        do throws(LogError) {
            let bytes = try reader.entry(index, size: size)
            return LoggedEntry(index: index, entry: try LogEntry(bytes: bytes), bytes: bytes)
        } catch {
            throw .damaged("entry \(index) can't be read: \(error)", remedy: "look at the log with aibom audit verify")
        }
    }
}

/// An entry with its number.
struct LoggedEntry {
    let index: UInt64
    let entry: LogEntry
    /// As they stand in the log.
    let bytes: [UInt8]

    /// The entry with its number before it.
    var json: JSON {
        var object = JSONObject()
        object["index"] = .integer(Int64(clamping: index))
        for member in (try? JSON.parse(bytes, limits: .document))?.objectValue?.members ?? [] {
            object[member.key] = member.value
        }
        return .object(object)
    }

    /// `name=value` of its detail, without what is long.
    var summary: String {
        entry.detail.members.compactMap { member -> String? in
            switch member.value {
            case .string(let text): "\(member.key)=\(text.count > 40 ? "\(text.prefix(19))…" : text)"
            case .integer(let number): "\(member.key)=\(number)"
            case .object(let object): "\(member.key)=\(object.keys.joined(separator: ","))"
            case .array(let list): "\(member.key)=\(list.compactMap(\.stringValue).joined(separator: ","))"
            default: nil
            }
        }.joined(separator: " ")
    }

    var line: String {
        let entry = entry
        return [
            "\(index)".padding(to: 7), entry.time.description, entry.severity.rawValue.padding(to: 13),
            entry.event.description.padding(to: 21), entry.actor, entry.job ?? "-", summary,
        ].joined(separator: "  ")
    }
}
