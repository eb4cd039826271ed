package import Measure
internal import Synchronization

/// The name of a job: a UUIDv7 (RFC 9562, section 5.7), so that names sort by the time at which they were given.
package struct JobID: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// - Parameters:
    ///   - time: its low 48 bits of milliseconds lead the name.
    ///   - counter: 12 bits that order the names of one millisecond.
    ///   - random: 62 bits that nobody can guess.
    init(time: Instant, counter: UInt16, random: UInt64) {
        let milliseconds = UInt64(bitPattern: time.milliseconds) & 0xffff_ffff_ffff
        high = milliseconds << 16 | 0x7000 | UInt64(counter & 0x0fff)
        low = 0b10 << 62 | random >> 2
    }

    /// Reads the one spelling that `description` writes; nil for other versions and variants too.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        var digits = ""
        for (index, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return nil }
                digits.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        guard let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.suffix(16), radix: 16),
            high >> 12 & 0xf == 7, low >> 62 == 0b10
        else { return nil }
        self.high = high
        self.low = low
    }

    /// The millisecond in which the name was given.
    package var time: Instant { Instant(milliseconds: Int64(high >> 16)) }

    package var description: String {
        func digits(_ value: UInt64, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        let parts = [
            digits(high >> 32, 8), digits(high >> 16 & 0xffff, 4), digits(high & 0xffff, 4), digits(low >> 48, 4),
            digits(low & 0xffff_ffff_ffff, 12),
        ]
        return parts.joined(separator: "-")
    }

    package static func < (left: JobID, right: JobID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

/// Gives names that rise strictly, also within one millisecond and when the clock is set back (RFC 9562, section 6.2).
package final class JobIDSource: Sendable {
    private struct Last {
        var milliseconds: Int64 = 0
        var counter: UInt16 = 0
    }

    private let last = Mutex(Last())

    package init() {}

    package func next(at now: Instant = .now()) -> JobID {
        let (time, counter) = last.withLock { last in
            if now.milliseconds > last.milliseconds {
                // The top bit stays clear, so that 2048 names of this millisecond have room above a random start.
                last = Last(milliseconds: now.milliseconds, counter: .random(in: 0..<0x800))
            } else if last.counter < 0xfff {
                last.counter += 1
            } else {
                last = Last(milliseconds: last.milliseconds + 1, counter: 0)
            }
            return (Instant(milliseconds: last.milliseconds), last.counter)
        }
        return JobID(time: time, counter: counter, random: .random(in: .min ... .max))
    }
}
