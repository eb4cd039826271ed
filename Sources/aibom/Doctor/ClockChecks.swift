import CLinux
import Linux
import Measure
import Settings

/// The times in evidence are this host's clock's.
struct ClockChecks {
    private let state: String

    init(_ settings: Settings) { state = settings.state }

    /// A moment before which this program was not written.
    private static let earliest = Instant(milliseconds: 1_750_000_000_000)

    var lines: [DoctorLine] {
        let now = Instant.now()
        let remedy = "set the clock and keep it right: timedatectl set-ntp true"
        guard now > Self.earliest else {
            return [DoctorLine("clock", .broken, "it says \(now), which is past", remedy: remedy)]
        }
        // A minute: file systems and clocks differ by less.
        if let written = lastWrite, written > now.milliseconds / 1000 + 60 {
            let then = Instant(milliseconds: written * 1000)
            return [
                DoctorLine(
                    "clock", .broken, "it says \(now), and the job store was written at \(then): it went back",
                    remedy: remedy)
            ]
        }
        guard (try? HostClock.isSynchronised()) == true else {
            return [
                DoctorLine(
                    "clock", .warning, "it says \(now), and nothing keeps it right; times in evidence are this clock's",
                    remedy: remedy)
            ]
        }
        return [DoctorLine("clock", .ok, "synchronised")]
    }

    private var lastWrite: Int64? {
        let files = ["\(state)/jobs.sqlite", "\(state)/jobs.sqlite-wal"]
        return files.compactMap { path in
            guard let file = try? OwnedDescriptor.open(path, flags: O_RDONLY) else { return nil }
            return try? HostClock.change(of: file)
        }.max()
    }
}
