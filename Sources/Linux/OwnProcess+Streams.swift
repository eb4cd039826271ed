internal import CLinux
internal import SystemPackage

extension OwnProcess {
    /// Writes to standard error, in one write(2) when the kernel takes it whole; what fails is dropped.
    package static func writeError(_ bytes: [UInt8]) {
        bytes.span.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let slice = UnsafeRawBufferPointer(rebasing: rest)
                let written = cl_call(
                    Int(SYS_write), 2, UInt64(argument: slice.baseAddress), UInt64(slice.count), 0, 0, 0)
                if written == -Int(Errno.interrupted.rawValue) { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}
