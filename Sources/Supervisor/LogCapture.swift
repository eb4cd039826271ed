internal import Linux
internal import SystemPackage

/// What a job prints, kept up to a limit; it may go on printing, which costs it time and nobody room.
struct LogCapture: ~Copyable {
    private let file: OwnedDescriptor
    private let limit: Int
    private var kept = 0
    /// Bytes that came after the limit.
    private(set) var dropped = 0

    init(_ file: consuming OwnedDescriptor, limit: Int) {
        self.file = file
        self.limit = limit
    }

    var isTruncated: Bool { dropped > 0 }

    /// Keeps what fits. A full disk cuts the log, not the job.
    mutating func append(_ bytes: [UInt8]) {
        let fitting = bytes.prefix(max(0, limit - kept))
        dropped += bytes.count - fitting.count
        guard !fitting.isEmpty else { return }
        do throws(LinuxError) {
            try file.write(Array(fitting))
            kept += fitting.count
        } catch {
            dropped += fitting.count
        }
    }

    /// Ends the log, with a line about what was cut, and hands the file over, at its start.
    consuming func finish() throws(LinuxError) -> OwnedDescriptor {
        if dropped > 0 {
            try? file.write(Array("\n[aibom: the log was cut here; \(dropped) more bytes were printed]\n".utf8))
        }
        try file.seek(to: 0)
        return file
    }
}
