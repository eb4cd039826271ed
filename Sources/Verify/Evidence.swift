internal import Glibc
internal import Linux
package import Measure
internal import SystemPackage

/// Where evidence lies: documents that are read, and files that are only measured.
protocol Evidence {
    /// A document's bytes.
    func document(_ name: String, limit: Int) throws(LinuxError) -> [UInt8]
    /// What a file measures; nil when it is not a regular file.
    func measure(_ name: String) throws(LinuxError) -> Digest.Measured?
    /// Every name there is.
    func names() throws(LinuxError) -> [[UInt8]]
}

/// A folder of files, flat.
final class EvidenceFolder: Evidence {
    private static let entryLimit = 10_000

    private let folder: OwnedDescriptor

    init(_ path: String) throws(LinuxError) {
        folder = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY, stage: "open folder")
    }

    func document(_ name: String, limit: Int) throws(LinuxError) -> [UInt8] {
        try folder.openEntry(Array(name.utf8)).readAll(limit: limit)
    }

    func measure(_ name: String) throws(LinuxError) -> Digest.Measured? {
        let file = try folder.openEntry(Array(name.utf8))
        guard try file.status().kind == .regular else { return nil }
        return try Digest.of(file: file)
    }

    func names() throws(LinuxError) -> [[UInt8]] {
        try folder.seek(to: 0)  // a folder that was listed stands at its end
        return try folder.names(limit: Self.entryLimit)
    }
}

/// Evidence that came in pieces: its documents are kept, of its other files only what they measure.
package struct EvidenceBundle: Evidence, Sendable {
    private var documents: [String: [UInt8]] = [:]
    private var measured: [String: Digest.Measured] = [:]

    package init() {}

    /// Adds a document.
    package mutating func add(_ name: String, bytes: [UInt8]) {
        documents[name] = bytes
        measured[name] = Digest.Measured(digest: Digest.of(bytes), size: UInt64(bytes.count))
    }

    /// Adds a file that was hashed as it came.
    package mutating func add(_ name: String, measured: Digest.Measured) { self.measured[name] = measured }

    func document(_ name: String, limit: Int) throws(LinuxError) -> [UInt8] {
        guard let bytes = documents[name] else { throw Self.missing }
        guard bytes.count <= limit else { throw LinuxError(stage: "read", errno: .fileTooLarge) }
        return bytes
    }

    func measure(_ name: String) throws(LinuxError) -> Digest.Measured? {
        guard let measured = measured[name] else { throw Self.missing }
        return measured
    }

    func names() -> [[UInt8]] { measured.keys.sorted().map { Array($0.utf8) } }

    private static let missing = LinuxError(stage: "look for", errno: .noSuchFileOrDirectory)
}
