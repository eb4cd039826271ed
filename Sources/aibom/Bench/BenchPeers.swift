import CLinux
import Glibc
import Isolation
import Linux
import Policy

/// The floor program, kept running: a byte asks for one launch, its time comes back.
struct FloorProcess: ~Copyable {
    private let child: Child
    private let requests: OwnedDescriptor
    private let answers: OwnedDescriptor

    init(_ executable: String, root: String, filter: SeccompProgram) throws {
        let request = try Pipe()
        let answer = try Pipe()
        // The floor's child has its job's uid when it mounts, so it needs a place that everyone can enter.
        let place = "/tmp/aibom-floor-mount"
        try OwnedDescriptor.makeFolder(Array(place.utf8))
        let ourRequests = try request.writer.duplicate()
        let ourAnswers = try answer.reader.duplicate()
        try ourRequests.write(withUnsafeBytes(of: UInt32(filter.bytes.count), Array.init) + filter.bytes)
        child = try Child.spawn(
            executable, arguments: ["floor", root, place], third: request.reader, fourth: answer.writer)
        requests = ourRequests
        answers = ourAnswers
    }

    /// - Returns: microseconds of one launch, measured by the floor itself.
    func launch() throws -> Double {
        try requests.write([1])
        let bytes = try answers.readSome(limit: 8)
        let nanoseconds = bytes.count == 8 ? bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } : .max
        guard nanoseconds != .max else {
            throw CommandError.local("the floor program failed", remedy: "look at what it printed above")
        }
        return Double(nanoseconds) / 1000
    }

    deinit { rmdir("/tmp/aibom-floor-mount") }
}

/// A filter in a file without a name, for a peer that reads it from a descriptor.
struct PeerFilter: ~Copyable {
    private let file: OwnedDescriptor

    init(_ program: SeccompProgram) throws {
        let opened = try OwnedDescriptor.open("/tmp", flags: O_RDWR | Int32(CL_O_TMPFILE), mode: 0o600)
        try opened.write(program.bytes)
        file = opened
    }

    /// A descriptor of its own, at the start of the file.
    func open() throws -> OwnedDescriptor {
        try OwnedDescriptor.open("/proc/self/fd/\(file.raw)", flags: O_RDONLY)
    }
}

/// Memory that the launching process really has.
struct Ballast: ~Copyable {
    private let bytes: UnsafeMutableRawBufferPointer

    init(mebibytes: Int) {
        bytes = .allocate(byteCount: max(mebibytes, 1) << 20, alignment: 4096)
        touch()
    }

    /// Writes to every page, so that none is only promised.
    func touch() {
        for offset in stride(from: 0, to: bytes.count, by: 4096) { bytes[offset] = 1 }
    }

    deinit { bytes.deallocate() }
}

/// A rest between launches, so that the kernel's deferred teardown of one is not charged to the next.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1000) }
}
