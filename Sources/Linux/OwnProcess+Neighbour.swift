internal import CLinux
internal import SystemPackage

extension OwnProcess {
    /// The path of a program that is installed in the folder of this one.
    ///
    /// - Parameter name: the program's file name.
    /// - Returns: an absolute path; whether there is anything is not looked at.
    /// - Throws: `LinuxError` when the kernel does not say where this program is (proc_pid_exe(5)).
    package static func neighbour(_ name: String) throws(LinuxError) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let capacity = UInt64(bytes.count)
        let count = try withPath("/proc/self/exe") { link throws(LinuxError) in
            var buffer = bytes.mutableSpan
            return try buffer.withUnsafeMutableBytes { buffer throws(LinuxError) in
                try Kernel.call(
                    "find own program", Int(SYS_readlinkat), UInt64(argument: AT_FDCWD), link,
                    UInt64(argument: UnsafeRawPointer(buffer.baseAddress)), capacity)
            }
        }
        let own = bytes[..<count]
        let folder = own[..<(own.lastIndex(of: UInt8(ascii: "/")) ?? own.startIndex)]
        return "\(String(decoding: folder, as: UTF8.self))/\(name)"
    }
}
