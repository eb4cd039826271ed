import Foundation
import Glibc
import Linux
import SystemPackage
import Testing

/// A folder as a job might leave it.
private final class Planted {
    let path = FileManager.default.temporaryDirectory.appending(path: "walk-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
    deinit {
        // FileManager can't remove names that are not UTF-8.
        let remove = Process()
        remove.executableURL = URL(filePath: "/bin/rm")
        remove.arguments = ["-rf", path]
        try? remove.run()
        remove.waitUntilExit()
    }

    func file(_ name: [UInt8], bytes: Int = 1) throws {
        let file = try OwnedDescriptor.open(
            name, in: try OwnedDescriptor.open(path, flags: O_RDONLY), flags: O_WRONLY | O_CREAT, mode: 0o644)
        try file.write([UInt8](repeating: 7, count: bytes))
    }

    func file(_ name: String, bytes: Int = 1) throws { try file(Array(name.utf8), bytes: bytes) }

    func folder(_ name: String) { #expect(mkdir("\(path)/\(name)", 0o755) == 0) }

    /// The paths that a walk meets before it ends or gives up, and why it gave up.
    func walk(
        entries: Int = 1000, depth: Int = 8, fileBytes: UInt64 = 1 << 20
    ) throws -> (paths: [[UInt8]], error: WalkError?) {
        let folder = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
        var paths: [[UInt8]] = []
        do throws(WalkError) {
            try folder.walkOutputs(limits: WalkLimits(entries: entries, depth: depth, fileBytes: fileBytes)) {
                path, _ throws(WalkError) in paths.append(path)
            }
        } catch {
            return (paths, error)
        }
        return (paths, nil)
    }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite("Walking what a job left", .timeLimit(.minutes(1)))
struct WalkTests {
    private let out: Planted
    init() throws { out = try Planted() }

    @Test("meets every regular file once, files of a folder before its folders, both in byte order")
    func order() throws {
        for name in ["b", "a2", "a10", "Z"] { try out.file(name) }
        for folder in ["c", "A", "c/inner"] { out.folder(folder) }
        for name in ["c/x", "A/y", "c/inner/z"] { try out.file(name) }
        let (paths, error) = try out.walk()
        #expect(error == nil)
        #expect(
            paths.map { String(decoding: $0, as: UTF8.self) } == ["Z", "a10", "a2", "b", "A/y", "c/x", "c/inner/z"])
    }

    @Test(
        "stops at a symbolic link, wherever it leads",
        arguments: ["/etc/passwd", "target", "../..", ".", "/proc/self/fd/0", "/proc/self/root", "nowhere"])
    func symbolicLink(_ target: String) throws {
        try out.file("target")
        #expect(symlink(target, "\(out.path)/link") == 0)
        #expect(try out.walk().error == .notRegular(path: bytes("link")))
    }

    @Test("stops at a file with a second name, which might be somebody else's")
    func hardLink() throws {
        try out.file("one")
        #expect(link("\(out.path)/one", "\(out.path)/two") == 0)
        #expect(try out.walk().error == .linked(path: bytes("one"), links: 2))
    }

    @Test("is not stopped for ever by a FIFO without a writer, but at once")
    func fifo() throws {
        #expect(mkfifo("\(out.path)/fifo", 0o666) == 0)
        #expect(try out.walk().error == .notRegular(path: bytes("fifo")))
    }

    @Test("stops at a socket")
    func socketFile() throws {
        let one = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(one) }
        var address = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + bytes("\(out.path)/socket") + [0]
        let count = socklen_t(address.count)
        let bound = address.withUnsafeMutableBytes {
            bind(one, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, count)
        }
        try #require(bound == 0)
        #expect(try out.walk().error == .notRegular(path: bytes("socket")))
    }

    @Test("stops at a device, and does not open it")
    func device() throws {
        // A miscellaneous device that no kernel has: who opens it hears ENODEV.
        guard mknod("\(out.path)/device", S_IFCHR | 0o600, 10 << 8 | 0xfa) == 0 else { return }
        #expect(open("\(out.path)/device", O_RDONLY | O_NONBLOCK) == -1 && errno == ENODEV)
        #expect(try out.walk().error == .notRegular(path: bytes("device")))
    }

    @Test("takes names as bytes: not UTF-8, with newlines, and twins that String takes for one")
    func names() throws {
        let names: [[UInt8]] = [
            [0xff, 0xfe], bytes("a\nb"), bytes("-rf"), bytes("\u{1b}[2J"), bytes("caf\u{e9}"), bytes("cafe\u{301}"),
            bytes(" "),
            [UInt8](repeating: 0x78, count: 255),
        ]
        for name in names { try out.file(name) }
        let (paths, error) = try out.walk()
        #expect(error == nil)
        #expect(paths == names.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test("goes as deep as its limit and no deeper")
    func depth() throws {
        let path = (0..<6).map { "d\($0)" }
        for count in 1...6 { out.folder(path.prefix(count).joined(separator: "/")) }
        try out.file(path.joined(separator: "/") + "/file")
        #expect(try out.walk(depth: 6).paths.count == 1)
        #expect(try out.walk(depth: 5).error == .tooDeep(path: bytes(path.joined(separator: "/")), limit: 5))
    }

    @Test("a path longer than the kernel takes ends the walk with an error, not with less than all")
    func long() throws {
        let long = String(repeating: "n", count: 250)
        var folder = try OwnedDescriptor.open(out.path, flags: O_RDONLY | O_DIRECTORY)
        for _ in 0..<20 {
            try folder.makeFolder(bytes(long))
            folder = try OwnedDescriptor.open(bytes(long), in: folder, flags: O_RDONLY | O_DIRECTORY)
        }
        guard case .system(let error) = try out.walk(depth: 32).error else {
            Issue.record("the walk went on")
            return
        }
        #expect(error.errno == .fileNameTooLong)
    }

    @Test("counts folders and files, all over the tree, and stops at one too many")
    func entries() throws {
        out.folder("d")
        for number in 0..<5 { try out.file("\(number)") }
        for number in 0..<4 { try out.file("d/\(number)") }
        #expect(try out.walk(entries: 10).paths.count == 9)
        #expect(try out.walk(entries: 9).error == .tooMany(limit: 9))
        #expect(try out.walk(entries: 0).error == .tooMany(limit: 0))
    }

    @Test("stops at a file above the limit, counted by its size and not by its blocks")
    func size() throws {
        try out.file("file", bytes: 100)
        #expect(try out.walk(fileBytes: 100).error == nil)
        #expect(try out.walk(fileBytes: 99).error == .tooLarge(path: bytes("file"), limit: 99))
        #expect(truncate("\(out.path)/file", 1 << 40) == 0)
        #expect(try out.walk().error == .tooLarge(path: bytes("file"), limit: 1 << 20))
    }

    @Test("reads what nobody else may, with its set-id bits told")
    func modes() throws {
        try out.file("odd")
        #expect(chmod("\(out.path)/odd", 0o6000) == 0)
        let folder = try OwnedDescriptor.open(out.path, flags: O_RDONLY | O_DIRECTORY)
        guard geteuid() == 0 else { return }
        #expect(try folder.openOutput(bytes("odd"), limit: 10).status().mode == 0o6000)
    }

    @Test("does not cross into another mount")
    func mounts() throws {
        let proc = try OwnedDescriptor.open("/", flags: O_RDONLY | O_DIRECTORY)
        let error = #expect(throws: WalkError.self) { _ = try proc.openOutput(bytes("proc/uptime"), limit: 1 << 20) }
        #expect(error.map { "\($0)" }?.contains("cross") == true, "\(String(describing: error))")
    }

    @Test("does not leave its folder", arguments: ["../x", "/etc/passwd", "a/../../x", ".."])
    func beneath(_ path: String) throws {
        out.folder("a")
        let folder = try OwnedDescriptor.open(out.path, flags: O_RDONLY | O_DIRECTORY)
        #expect(throws: WalkError.self) { _ = try folder.openOutput(bytes(path), limit: 1 << 20) }
    }

    @Test("is not held up by the holder of a lease")
    func lease() throws {
        try out.file("leased")
        let holder = try OwnedDescriptor.open("\(out.path)/leased", flags: O_RDWR)
        // F_SETLEASE with a write lease; its holder never answers SIGIO, so a plain open would wait for lease-break-time.
        signal(SIGIO, SIG_IGN)
        try #require(fcntl(holder.raw, 1024, Int32(F_WRLCK)) == 0)
        let start = ContinuousClock.now
        guard case .system(let error) = try out.walk().error else {
            Issue.record("the leased file was opened")
            return
        }
        #expect(error.errno == .resourceTemporarilyUnavailable)
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test("an error's text can't forge a line of a log")
    func text() {
        let error = WalkError.notRegular(path: bytes("a\nroot: all is well\u{1b}[2J"))
        #expect(!"\(error)".contains("\n"))
        #expect(!"\(error)".contains("\u{1b}"))
    }
}
