internal import Linux
internal import Measure
internal import SystemPackage

/// Earlier checkpoints, so that an auditor can see that the log only ever grew: notes, one after the other, an empty line after each.
struct CheckpointHistory: ~Copyable {
    private let file: OwnedDescriptor
    private var size: UInt64?
    private var time = Instant(milliseconds: 0)

    /// A checkpoint is kept when this many entries are new, or when this much time has gone by since the last: a busy log would keep
    /// more bytes of checkpoints than of entries.
    private static let entries: UInt64 = 256
    private static let milliseconds: Int64 = 60_000
    static let sizeLimit = 1 << 30

    /// Opens the file and cuts what a dead writer left half.
    init(in folder: borrowing OwnedDescriptor) throws(LogError) {
        let opened = try system { () throws(LinuxError) in
            try folder.open(beneath: LogFile.history, flags: LogFlags.make, mode: 0o600)
        }
        let bytes = try system { () throws(LinuxError) in try opened.readAll(limit: Self.sizeLimit) }
        let whole = Self.whole(bytes)
        if whole < bytes.count { try system { () throws(LinuxError) in try opened.setSize(UInt64(whole)) } }
        size = try Self.parse(Array(bytes[..<whole])).last.flatMap { try? Checkpoint(text: $0.text).size }
        file = opened
        position = UInt64(whole)
    }

    private var position: UInt64

    /// Keeps a checkpoint if it is time for one.
    ///
    /// - Parameters:
    ///   - signed: the checkpoint.
    ///   - always: keeps it whatever the time, unless its size is kept.
    /// - Throws: `LogError.system`.
    mutating func add(_ signed: SignedCheckpoint, always: Bool) throws(LogError) {
        let now = Instant.now()
        if let size {
            guard signed.checkpoint.size > size else { return }
            let isDue =
                signed.checkpoint.size - size >= Self.entries
                || now.milliseconds - time.milliseconds >= Self.milliseconds
            guard isDue || always else { return }
        }
        let bytes = signed.note.bytes + [0x0a]
        try system { () throws(LinuxError) in
            try file.write(bytes, at: position)
            try file.synchroniseData()
        }
        position += UInt64(bytes.count)
        size = signed.checkpoint.size
        time = now
        LogCrashPoint.historyWritten.reached()
    }

    /// Reads a history; a note's text here has no empty line, so every second empty line ends a note.
    static func parse(_ bytes: [UInt8]) throws(LogError) -> [SignedNote] {
        var notes: [SignedNote] = []
        var start = 0
        while start < bytes.count {
            guard let end = noteEnd(bytes, from: start) else {
                throw .malformed(LogFile.history, "its last note is not whole")
            }
            notes.append(try SignedNote(Array(bytes[start..<end])))
            start = end + 1
        }
        return notes
    }

    /// Where the last whole note ends, with its empty line.
    private static func whole(_ bytes: [UInt8]) -> Int {
        var start = 0
        while let end = noteEnd(bytes, from: start) { start = end + 1 }
        return start
    }

    /// Where the empty line is that ends the note which begins at `start`.
    private static func noteEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var found = 0
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == 0x0a, bytes[index - 1] == 0x0a {
                found += 1
                if found == 2 { return index }
            }
            index += 1
        }
        return nil
    }
}
