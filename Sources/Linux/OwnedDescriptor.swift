internal import CLinux
internal import SystemPackage

/// A descriptor with exactly one owner, closed when the owner goes.
///
/// Always close-on-exec: a job inherits what its tape names and nothing else.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let raw: Int32

    /// Takes over `raw`; nobody else may close it.
    package init(owning raw: Int32) {
        precondition(raw >= 0, "an owned descriptor is open")
        self.raw = raw
    }

    deinit { OwnedDescriptor.close(raw) }

    /// Gives the descriptor away unclosed.
    package consuming func release() -> Int32 {
        let raw = self.raw
        discard self
        return raw
    }

    /// A second descriptor for the same open file.
    package borrowing func duplicate() throws(LinuxError) -> OwnedDescriptor {
        let copy = try Kernel.call(
            "duplicate descriptor", Int(SYS_fcntl), UInt64(argument: raw), UInt64(F_DUPFD_CLOEXEC), 10)
        return OwnedDescriptor(owning: Int32(copy))
    }

    /// The same open file, above the standard streams and the few numbers beside them that a child's descriptors are put at:
    /// a low number would be overwritten in the child before it is used.
    package consuming func raised() throws(LinuxError) -> OwnedDescriptor {
        if raw >= 10 { return self }
        return try duplicate()
    }

    /// close(2) releases the descriptor whatever it answers; an I/O error is reported by fsync, which durable writers call.
    private static func close(_ raw: Int32) {
        let answer = cl_call(Int(SYS_close), UInt64(argument: raw), 0, 0, 0, 0, 0)
        precondition(answer != -Int(Errno.badFileDescriptor.rawValue), "close: descriptor \(raw) was not open")
    }
}
