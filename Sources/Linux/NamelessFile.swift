internal import CLinux
internal import SystemPackage

/// A file that has no name until it is whole.
///
/// O_TMPFILE: until `link` the data belongs to the descriptor alone, so a refused upload, a full disk and a killed process
/// all leave the same thing behind, which is nothing. There is no sweep to write and none to forget.
package struct NamelessFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// A new empty file with exactly this mode, on the file system of `directory`.
    package init(in directory: borrowing OwnedDescriptor, mode: UInt16) throws(LinuxError) {
        let file = try OwnedDescriptor.open(
            Array(".".utf8), in: directory, flags: O_WRONLY | Int32(CL_O_TMPFILE), mode: 0o600,
            stage: "make nameless file")
        try file.setMode(mode)
        descriptor = file
    }

    package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(LinuxError) { try descriptor.write(bytes) }

    /// Gives the file the name `name` in `directory`, durably.
    ///
    /// The order is the point. The data is on the disk before the name exists, so whoever sees the name sees all of the
    /// file, after a power cut too; the folder is on the disk before this returns, so what the caller promises is kept. A
    /// name that was there already may be another writer's that has not come to its own fsync of the folder, hence that
    /// fsync in both cases.
    ///
    /// - Returns: false when the name was there already; that file is untouched.
    package consuming func link(as name: String, in directory: borrowing OwnedDescriptor) throws(LinuxError) -> Bool {
        try descriptor.synchronise()
        let linked = try give(name, in: directory)
        try directory.synchronise()
        return linked
    }

    /// linkat(2) through /proc: AT_EMPTY_PATH would do without it but asks for CAP_DAC_READ_SEARCH.
    private borrowing func give(_ name: String, in directory: borrowing OwnedDescriptor) throws(LinuxError) -> Bool {
        do throws(LinuxError) {
            try withPath("/proc/self/fd/\(descriptor.raw)") { file throws(LinuxError) in
                try withPath(name) { name throws(LinuxError) in
                    try Kernel.call(
                        "link", Int(SYS_linkat), UInt64(argument: AT_FDCWD), file, UInt64(argument: directory.raw),
                        name,
                        UInt64(AT_SYMLINK_FOLLOW))
                }
            }
            return true
        } catch {
            guard error.errno == .fileExists else { throw error }
            return false
        }
    }
}
