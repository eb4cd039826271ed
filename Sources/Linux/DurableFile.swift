internal import CLinux
internal import SystemPackage

/// A small file that is replaced whole: a reader, and a machine that loses power, sees the old bytes or the new ones.
package enum DurableFile {
    /// Publishes `bytes` as `name` in `directory`.
    ///
    /// 1. A temporary file in the same directory, because rename(2) does not cross file systems; O_EXCL, so that we
    ///    never write through a name that somebody else put there. It has a fixed name: what a killed process left is
    ///    swept by the next one, and two writers of one file are a fault that EEXIST then shows.
    /// 2. write, fsync: the bytes are on the disk before any name leads to them. Without it ext4 and xfs may commit the
    ///    rename first, and a power cut leaves an empty file under the good name.
    /// 3. rename: atomic, the one moment of change.
    /// 4. fsync of the directory: the rename itself is on the disk before the caller tells anybody.
    ///
    /// - Throws: `LinuxError`; the old file is intact and no temporary file is left.
    package static func publish(
        _ bytes: [UInt8], as name: String, in directory: borrowing OwnedDescriptor, mode: UInt16 = 0o600
    ) throws(LinuxError) {
        let temporary = ".\(name).new"
        try directory.remove(temporary)
        do throws(LinuxError) {
            let file = try OwnedDescriptor.open(
                Array(temporary.utf8), in: directory, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode,
                stage: "make temporary file")
            try file.write(bytes)
            try file.synchronise()
            try directory.rename(temporary, to: name)
        } catch {
            try? directory.remove(temporary)
            throw error
        }
        try directory.synchronise()
    }
}
