internal import CSandbox
internal import SystemPackage

extension OwnProcess {
    /// Writes to standard error, in one write(2) when the kernel takes it whole; what fails is dropped.
    package static func writeError(_ bytes: [UInt8]) {
        bytes.span.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let slice = UnsafeRawBufferPointer(rebasing: rest)
                let written = cs_call(
                    Int(SYS_write), 2, UInt64(argument: slice.baseAddress), UInt64(slice.count), 0, 0, 0)
                if written == -Int(Errno.interrupted.rawValue) { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}

extension OwnProcess {
    /// Keeps a descriptor that this process was given from its children.
    ///
    /// - Throws: `LinuxError` with EBADF when it is not open: another's word for it may be wrong.
    package static func closeOnExec(_ descriptor: Int32) throws(LinuxError) {
        let answer = cs_call(
            Int(SYS_fcntl), UInt64(argument: descriptor), UInt64(F_SETFD), UInt64(FD_CLOEXEC), 0, 0, 0)
        guard answer >= 0 else {
            throw LinuxError(
                stage: "take inherited descriptor", errno: Errno(rawValue: Int32(-answer)), path: String(descriptor))
        }
    }
}
