internal import CSandbox
internal import SystemPackage

extension OwnProcess {
    /// Whether this process's memory ever was as large as that of a child that lived in it until exec.
    ///
    /// exec counts the high-water mark of the memory that the child leaves (exec_mmap in fs/exec.c). getrusage(2) never says
    /// less than that mark, but may say more: it remembers memory that we ourselves left by an exec of our own. So it decides
    /// the clear case at the price of one call, and /proc/self/status (VmHWM, proc_pid_status(5)) the other.
    ///
    /// - Parameter peak: the child's ru_maxrss.
    /// - Returns: true when it can't be told whose the peak is.
    /// - Throws: `LinuxError` when the kernel does not answer.
    static func hadAsMuchMemory(asKibibytes peak: Int) throws(LinuxError) -> Bool {
        var usage = rusage()
        try withPointer(to: &usage) { usage throws(LinuxError) in
            try Kernel.call("ask for own usage", Int(SYS_getrusage), UInt64(argument: RUSAGE_SELF.rawValue), usage)
        }
        guard peak <= usage.ru_maxrss else { return false }
        guard let mark = try highWaterMark() else { return true }
        return peak <= mark
    }

    /// VmHWM in KiB; nil when the kernel does not say.
    private static func highWaterMark() throws(LinuxError) -> Int? {
        let bytes = try OwnedDescriptor.open("/proc/self/status", flags: O_RDONLY).readAll(limit: 64 << 10)
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.first(where: { $0.starts(with: Array("VmHWM:".utf8)) }) else { return nil }
        return Int(String(decoding: line.filter { (0x30...0x39).contains($0) }, as: UTF8.self))
    }
}
