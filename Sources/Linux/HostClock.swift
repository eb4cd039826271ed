internal import CSandbox
internal import Glibc
internal import SystemPackage

/// What the kernel knows of its own clock.
package enum HostClock {
    /// Whether something keeps the clock right, such as NTP: adjtimex(2) answers TIME_ERROR when nothing does.
    package static func isSynchronised() throws(LinuxError) -> Bool {
        // struct timex with modes 0: only reads. It has 208 bytes; Swift needs none of them.
        var buffer = [UInt64](repeating: 0, count: 32)
        var span = buffer.mutableSpan
        let state = try span.withUnsafeMutableBytes { buffer throws(LinuxError) in
            try Kernel.call("ask the clock", Int(SYS_adjtimex), UInt64(argument: UnsafeRawPointer(buffer.baseAddress)))
        }
        return state != 5
    }
}
