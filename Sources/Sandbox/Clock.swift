internal import Glibc

/// The supervisor's own clock for spans of time; no job can set it, and it counts suspended time.
package enum Clock {
    /// CLOCK_BOOTTIME in microseconds.
    package static func microseconds() -> Int64 { nanoseconds() / 1000 }

    /// CLOCK_BOOTTIME in nanoseconds.
    package static func nanoseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
