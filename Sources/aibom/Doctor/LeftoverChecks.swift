import CLinux
import Isolation
import Linux
import Settings

/// What dead supervisors left on the host. Nothing is expected: mounts and loop devices go with their process, groups with
/// the next start.
struct LeftoverChecks {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    var lines: [DoctorLine] {
        let found = groups + mounts
        return found.isEmpty
            ? [DoctorLine("leftovers", .ok, "no control group and no mount of a dead supervisor")] : found
    }

    private var groups: [DoctorLine] {
        guard let survey = try? GroupSurvey(), let left = try? ControlGroups.abandoned(survey) else { return [] }
        return left.map {
            DoctorLine(
                "leftovers", .warning, "control group \($0) is of a supervisor that was killed",
                remedy: "the next start of aibomd, or of aibom doctor as root, ends what is in it and removes it")
        }
    }

    /// Jobs' mounts are in namespaces of their own; one that this process can see was let out.
    private var mounts: [DoctorLine] {
        guard let file = try? OwnedDescriptor.open("/proc/self/mountinfo", flags: O_RDONLY),
            let bytes = try? file.readAll(limit: 16 << 20)
        else { return [] }
        let below = "\(settings.runtime)/mnt"
        let points = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 ? String(fields[4]) : nil
        }
        return points.filter { $0 == below || $0.hasPrefix("\(below)/") }.map {
            DoctorLine(
                "leftovers", .warning, "\($0) is mounted for the whole host",
                remedy: "with aibomd stopped: umount \($0)")
        }
    }
}
