import CLinux
import Foundation
import Linux

/// A root for launches: the mount points of a job, and a static /bin/true that does nothing but exit.
///
/// The program is written byte by byte, so that no compiler is needed, and so that what is timed is the launch: executing
/// it costs less than any program with a C library in it, for every candidate alike.
struct BenchRoot: ~Copyable {
    let path: String

    init() throws {
        // Everybody may pass: the floor's child has its job's uid before it mounts.
        let place = "/var/tmp/aibom-root-\(getpid())"
        for name in ["", "/bin", "/dev", "/proc", "/tmp", "/in", "/out"] {
            try OwnedDescriptor.makeFolder(Array("\(place)\(name)".utf8))
        }
        let file = try OwnedDescriptor.open("\(place)/bin/true", flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o755)
        try file.write(Self.exitProgram)
        try file.setMode(0o755)
        path = place
    }

    /// An empty folder for what a peer has to read.
    static func bundle() throws -> String {
        let path = "/var/tmp/aibom-bundle-\(getpid())"
        try OwnedDescriptor.makeFolder(Array(path.utf8))
        return path
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// An ELF64 executable for x86_64 (elf(5)): header, one loadable segment, and `exit_group(0)`.
    private static var exitProgram: [UInt8] {
        let code: [UInt8] = [0x31, 0xff, 0xb8, 0xe7, 0, 0, 0, 0x0f, 0x05]  // xor edi,edi; mov eax,231; syscall
        let base: UInt64 = 0x400000
        let headers: UInt64 = 64 + 56
        func little(_ values: (UInt64, Int)...) -> [UInt8] {
            values.flatMap { value, count in withUnsafeBytes(of: value.littleEndian) { Array($0.prefix(count)) } }
        }
        let identity: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        let header = little(
            (2, 2), (62, 2), (1, 4), (base + headers, 8), (64, 8), (0, 8), (0, 4), (64, 2), (56, 2), (1, 2), (0, 2),
            (0, 2),
            (0, 2))
        let size = headers + UInt64(code.count)
        let segment = little((1, 4), (5, 4), (0, 8), (base, 8), (base, 8), (size, 8), (size, 8), (0x1000, 8))
        return identity + header + segment + code
    }
}
