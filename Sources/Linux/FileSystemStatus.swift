internal import CLinux
internal import Glibc
internal import SystemPackage

/// What a file system is and how much room it has, from fstatfs(2).
package struct FileSystemStatus: Equatable, Sendable {
    /// Such as `ext4`; the magic number in hex when it is none that we know.
    package let type: String
    /// Bytes in all, and those that an unprivileged writer may still use.
    package let size: UInt64
    package let free: UInt64
    package let freeEntries: UInt64

    /// Of the file system that an open file lies on.
    package init(of file: borrowing OwnedDescriptor) throws(LinuxError) {
        var buffer = statfs()
        let raw = file.raw
        try withPointer(to: &buffer) { buffer throws(LinuxError) in
            try Kernel.call("stat file system", Int(SYS_fstatfs), UInt64(argument: raw), buffer)
        }
        let magic = UInt64(bitPattern: Int64(buffer.f_type)) & 0xffff_ffff
        type = Self.names[magic] ?? "0x\(String(magic, radix: 16))"
        let block = UInt64(bitPattern: Int64(buffer.f_frsize))
        size = UInt64(buffer.f_blocks) * block
        free = UInt64(buffer.f_bavail) * block
        freeEntries = UInt64(buffer.f_ffree)
    }

    /// statfs(2), "filesystem types".
    private static let names: [UInt64: String] = [
        0xef53: "ext4", 0x5846_5342: "xfs", 0x9123_683e: "btrfs", 0x0102_1994: "tmpfs", 0x794c_7630: "overlayfs",
        0x6969: "nfs", 0xff53_4d42: "cifs", 0xfe53_4d42: "smb2", 0x0102_1997: "9p", 0x6573_5546: "fuse",
        0xf2f5_2010: "f2fs", 0x2fc1_2fc1: "zfs", 0xca45_1a4e: "bcachefs",
    ]
}
