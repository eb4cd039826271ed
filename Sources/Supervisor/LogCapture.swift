internal import Linux
internal import SystemPackage

/// What a job prints: its first words and its last, up to a limit; it may go on printing, which costs it time and nobody room.
struct LogCapture: ~Copyable {
    private let file: OwnedDescriptor
    /// Bytes of the beginning, written as they come, so that they can be followed.
    private let head: Int
    private var kept = 0
    private var tail: LogTail
    /// Bytes that the disk did not take.
    private var lost = 0

    /// - Parameters:
    ///   - file: takes the log.
    ///   - limit: bytes of output that are kept, half of them from the beginning and half from the end.
    init(_ file: consuming OwnedDescriptor, limit: Int) {
        self.file = file
        head = limit - limit / 2
        tail = LogTail(limit: limit / 2)
    }

    var isTruncated: Bool { tail.dropped > 0 || lost > 0 }

    /// Keeps what fits. A full disk cuts the log, not the job.
    mutating func append(_ bytes: [UInt8]) {
        let fitting = Array(bytes.prefix(head - kept))
        if !fitting.isEmpty {
            kept += fitting.count
            write(fitting)
        }
        tail.append(bytes.dropFirst(fitting.count))
    }

    /// Ends the log: a line about what was cut out, if anything was, the last words, and the file at its start.
    consuming func finish() throws(LinuxError) -> OwnedDescriptor {
        if tail.dropped > 0 { write(Array("\n[aibom: \(tail.dropped) bytes were cut out here]\n".utf8)) }
        write(tail.bytes)
        if lost > 0 { try? file.write(Array("\n[aibom: the disk was full; \(lost) bytes are lost]\n".utf8)) }
        try file.seek(to: 0)
        return file
    }

    private mutating func write(_ bytes: [UInt8]) {
        do throws(LinuxError) { try file.write(bytes) } catch { lost += bytes.count }
    }
}

/// The last bytes of a stream, in a ring that is as large as it may grow.
private struct LogTail {
    private let limit: Int
    private var ring: [UInt8] = []
    /// Where the oldest byte stands once the ring is full.
    private var start = 0
    private(set) var dropped = 0

    init(limit: Int) { self.limit = limit }

    /// Oldest first.
    var bytes: [UInt8] { Array(ring[start...]) + Array(ring[..<start]) }

    mutating func append(_ more: ArraySlice<UInt8>) {
        var rest = more
        if rest.count > limit {
            dropped += rest.count - limit
            rest = rest.suffix(limit)
        }
        let free = rest.prefix(limit - ring.count)
        ring.append(contentsOf: free)
        rest = rest.dropFirst(free.count)
        dropped += rest.count
        while !rest.isEmpty {
            let part = rest.prefix(limit - start)
            ring.replaceSubrange(start..<start + part.count, with: part)
            start = (start + part.count) % limit
            rest = rest.dropFirst(part.count)
        }
    }
}
