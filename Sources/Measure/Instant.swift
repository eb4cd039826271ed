internal import Glibc

/// A moment in UTC with the precision that evidence states: milliseconds since 1970-01-01T00:00:00Z.
package struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// CLOCK_REALTIME, clock_gettime(2).
    package static func now() -> Instant {
        var time = timespec()
        let answer = clock_gettime(CLOCK_REALTIME, &time)
        precondition(answer == 0, "every kernel has CLOCK_REALTIME")
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// RFC 3339, section 5.6, always in UTC and always with three digits of fraction: `2026-11-23T05:42:23.123Z`.
    package var description: String {
        let (seconds, fraction) = milliseconds.quotientAndRemainder(flooredBy: 1000)
        let (days, second) = seconds.quotientAndRemainder(flooredBy: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        let text = [
            date.year.padded(4), "-", date.month.padded(2), "-", date.day.padded(2), "T",
            (second / 3600).padded(2), ":", (second / 60 % 60).padded(2), ":", (second % 60).padded(2), ".",
            fraction.padded(3), "Z",
        ]
        return text.joined()
    }

    /// Reads exactly the form that `description` writes; nil for any other, also for a day that no calendar has.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let form = Array("0000-00-00T00:00:00.000Z".utf8)
        guard bytes.count == form.count else { return nil }
        var numbers: [Int64] = [0]
        for (byte, shape) in zip(bytes, form) {
            if shape == UInt8(ascii: "0") {
                guard (0x30...0x39).contains(byte) else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int64(byte - 0x30)
            } else {
                guard byte == shape else { return nil }
                numbers.append(0)
            }
        }
        let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
        // RFC 3339 allows second 60; a leap second has no POSIX time of its own, and ours never writes one.
        guard date.exists, numbers[3] < 24, numbers[4] < 60, numbers[5] < 60 else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        milliseconds = seconds * 1000 + numbers[6]
    }
}

extension Int64 {
    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
