internal import CLinux
internal import Glibc
internal import SystemPackage

/// The process that runs this.
package enum OwnProcess {
    /// Lets other processes run for about this long: clock_nanosleep(2). The thread sleeps, so it must be one that may.
    ///
    /// - Parameter microseconds: less than a second.
    package static func pause(microseconds: Int) {
        var time = timespec(tv_sec: 0, tv_nsec: microseconds * 1000)
        _ = try? withPointer(to: &time) { time throws(LinuxError) in
            try Kernel.call("pause", Int(SYS_clock_nanosleep), UInt64(argument: CLOCK_MONOTONIC), 0, time, 0)
        }
    }

    /// This process's pid in its own namespace.
    package static var pid: Int32 { Int32(truncatingIfNeeded: cl_call(Int(SYS_getpid), 0, 0, 0, 0, 0, 0)) }

    /// The effective uid.
    package static var effectiveUser: UInt32 { UInt32(truncatingIfNeeded: cl_call(Int(SYS_geteuid), 0, 0, 0, 0, 0, 0)) }
}
