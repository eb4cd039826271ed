internal import Linux
internal import Measure
internal import SystemPackage

/// What a job prints: its first words and its last, up to a limit; it may go on printing, which costs it time and nobody room.
struct LogCapture: ~Copyable {
    private let file: OwnedDescriptor
    /// Bytes of the beginning, written as they come, so that they can be followed.
    private let head: Int
    private var kept = 0
    private var tail: Tail
    /// Bytes that the disk did not take.
    private var lost = 0

    /// - Parameters:
    ///   - file: takes the log.
    ///   - limit: bytes of output that are kept, half of them from the beginning and half from the end.
    init(_ file: consuming OwnedDescriptor, limit: Int) {
        self.file = file
        head = limit - limit / 2
        tail = Tail(limit: limit / 2)
    }

    var isTruncated: Bool { tail.dropped > 0 || lost > 0 }

    /// Keeps what fits. A full disk cuts the log, not the job.
    mutating func append(_ bytes: [UInt8]) {
        let fitting = Array(bytes.prefix(head - kept))
        if !fitting.isEmpty {
            kept += fitting.count
            write(fitting)
        }
        bytes.dropFirst(fitting.count).withUnsafeBytes { tail.append($0) }
    }

    /// Ends the log: a line about what was cut out, if anything was, the last words, and the file at its start.
    consuming func finish() throws(LinuxError) -> OwnedDescriptor {
        if tail.dropped > 0 { write(Array("\n[aibom: \(tail.dropped) bytes were cut out here]\n".utf8)) }
        write(tail.finish().bytes)
        if lost > 0 { try? file.write(Array("\n[aibom: the disk was full; \(lost) bytes are lost]\n".utf8)) }
        try file.seek(to: 0)
        return file
    }

    private mutating func write(_ bytes: [UInt8]) {
        do throws(LinuxError) { try file.write(bytes) } catch { lost += bytes.count }
    }
}
