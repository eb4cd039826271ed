internal import CLinux
internal import SystemPackage

/// The one door to system calls.
package enum Kernel {
    /// Calls `number` and answers what the kernel answered.
    ///
    /// Interrupted calls are made again here and nowhere else. A bad descriptor or a bad address is a fault of ours, not a
    /// condition: going on could read or close another owner's descriptor, so the process stops (as NIOPosix does).
    ///
    /// - Parameters:
    ///   - stage: what the caller was doing, for the error's text.
    ///   - path: the file concerned, for the error's text.
    ///   - number: a `SYS_` number.
    ///   - arguments: at most six; pointers must stay valid during the call.
    /// - Returns: the kernel's answer, 0 or more.
    /// - Throws: `LinuxError` with the kernel's errno.
    @discardableResult
    package static func call(
        _ stage: String, path: String? = nil, _ number: Int, _ arguments: UInt64...
    ) throws(LinuxError) -> Int {
        func argument(_ index: Int) -> UInt64 { index < arguments.count ? arguments[index] : 0 }
        while true {
            let answer = cl_call(
                number, argument(0), argument(1), argument(2), argument(3), argument(4), argument(5))
            if answer >= 0 { return answer }
            let errno = Errno(rawValue: Int32(-answer))
            precondition(errno != .badFileDescriptor && errno != .badAddress, "\(stage): \(errno)")
            guard errno == .interrupted else { throw LinuxError(stage: stage, errno: errno, path: path) }
        }
    }
}

extension UInt64 {
    /// A descriptor or another C int as a system call's argument.
    package init(argument value: Int32) { self = UInt64(bitPattern: Int64(value)) }

    /// A pointer as a system call's argument.
    package init(argument pointer: UnsafeRawPointer?) { self = UInt64(UInt(bitPattern: pointer)) }
}
