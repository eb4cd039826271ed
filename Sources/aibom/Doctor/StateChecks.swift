import CLinux
import JobStore
import Linux
import Settings
import Supervisor
import SystemPackage

/// The folder that everything durable is in.
struct StateChecks {
    private let path: String

    init(_ settings: Settings) { path = settings.state }

    var lines: [DoctorLine] {
        let exists = OwnedDescriptor.exists(path)
        do throws(LinuxError) {
            let place = exists ? path : Self.existingFolder(above: path)
            let folder = try OwnedDescriptor.open(place, flags: O_RDONLY | O_DIRECTORY, stage: "open state folder")
            let status = try folder.status()
            var lines = exists ? [Self.ownership(status, path)] : [Self.missing(path)]
            lines += [Self.features(folder, place), Self.room(try FileSystemStatus(of: folder), place)]
            if exists { lines += [layout, store] }
            return lines
        } catch {
            return [Self.unreadable(error)]
        }
    }

    private static func missing(_ path: String) -> DoctorLine {
        DoctorLine("state", .ok, "\(path) is not there yet; the first start makes it")
    }

    private static func unreadable(_ error: LinuxError) -> DoctorLine {
        error.errno == .permissionDenied && OwnProcess.effectiveUser != 0
            ? DoctorLine("state", .warning, "\(error)", remedy: "ask as root, whose the folder is")
            : DoctorLine("state", .broken, "\(error)", remedy: "give a folder by the setting state")
    }

    /// As `OwnedDescriptor.directory` will ask at the start.
    private static func ownership(_ status: FileStatus, _ path: String) -> DoctorLine {
        guard status.owner == 0 else {
            return DoctorLine(
                "state", .broken, "\(path) belongs to user \(status.owner)",
                remedy: "chown root \(path), after a look at what that user put there")
        }
        let mode = String(status.mode, radix: 8)
        guard status.mode & 0o022 == 0 else {
            return DoctorLine(
                "state", .broken, "\(path) has mode \(mode): others can change what is signed",
                remedy: "chmod 700 \(path), after a look at what is in it")
        }
        guard status.mode & 0o077 == 0 else {
            return DoctorLine(
                "state", .warning, "\(path) has mode \(mode): others can look into it", remedy: "chmod 700 \(path)")
        }
        return DoctorLine("state", .ok, "\(path) is root's own")
    }

    private static func features(_ folder: borrowing OwnedDescriptor, _ path: String) -> DoctorLine {
        let type = (try? FileSystemStatus(of: folder))?.type ?? "unknown"
        do throws(LinuxError) { _ = try NamelessFile(in: folder, mode: 0o600) } catch {
            switch error.errno {
            case .notSupported, .isDirectory, .invalidArgument:
                return DoctorLine(
                    "state file system", .broken, "\(type) at \(path) has no files without a name (O_TMPFILE)",
                    remedy: "put the state on ext4, xfs, btrfs or tmpfs; in a container, on a volume")
            case .permissionDenied:
                return DoctorLine(
                    "state file system", .warning, "\(type) at \(path) could not be tried: \(error)",
                    remedy: "ask as root")
            default:
                return DoctorLine(
                    "state file system", .broken, "\(type) at \(path) takes no files: \(error)",
                    remedy: "make it writable, or free space on it")
            }
        }
        if ["tmpfs", "nfs", "cifs", "smb2", "9p", "fuse"].contains(type) {
            let why =
                type == "tmpfs"
                ? "is memory: all jobs are gone with a restart of the host" : "may not keep locks or fsync"
            return DoctorLine("state file system", .warning, "\(type) at \(path) \(why)", remedy: "use a local disk")
        }
        return DoctorLine("state file system", .ok, "\(type), with all that is needed")
    }

    /// One model and its dataset, and what a job leaves.
    private static let littleRoom: UInt64 = 5 << 30
    /// What the database itself needs to go on.
    private static let noRoom: UInt64 = 64 << 20

    private static func room(_ status: FileSystemStatus, _ path: String) -> DoctorLine {
        let why = "\(humanSize(status.free)) of \(humanSize(status.size)) free at \(path)"
        // Some file systems, btrfs for one, have no fixed number of files and say 0.
        let isFullOfFiles = status.freeEntries < 1000 && !["btrfs", "zfs", "bcachefs"].contains(status.type)
        if status.free < noRoom || isFullOfFiles {
            return DoctorLine(
                "disk space", .broken, isFullOfFiles ? "\(status.freeEntries) files can still be made at \(path)" : why,
                remedy: "free space: new work is refused until then, and nothing is lost")
        }
        return DoctorLine(
            "disk space", status.free < littleRoom ? .warning : .ok, why,
            remedy: "free space soon: one upload may take gigabytes")
    }

    private var layout: DoctorLine {
        do throws(SupervisorError) {
            let layout = try StateLayout(of: path)
            guard layout.found <= layout.known else {
                return DoctorLine(
                    "state layout", .broken,
                    "\(path) has layout \(layout.found), of a newer version; this one knows \(layout.known)",
                    remedy: "run the newer version, or restore the backup from before the upgrade")
            }
            return DoctorLine("state layout", .ok, "\(layout.found) of \(layout.known)")
        } catch {
            return DoctorLine("state layout", .broken, error.description, remedy: "restore the file from a backup")
        }
    }

    private var store: DoctorLine {
        let path = "\(path)/jobs.sqlite"
        guard OwnedDescriptor.exists(path) else { return DoctorLine("job store", .ok, "not made yet") }
        do throws(StoreError) {
            let found = try StoreInspection(path: path)
            guard !found.isNewer else {
                return DoctorLine(
                    "job store", .broken, "written by a newer version of aibomd than this \(found.known)",
                    remedy: "run the newer version; going back needs the backup from before the upgrade")
            }
            let isOld = found.version < found.known
            return DoctorLine(
                "job store", .ok,
                "version \(found.version)" + (isOld ? "; the next start brings it to \(found.known)" : ""))
        } catch {
            return DoctorLine(
                "job store", .broken, error.description,
                remedy: "restore the state folder from its backup, with aibomd stopped")
        }
    }

    /// The nearest folder above that is there: what is made will be on its file system.
    private static func existingFolder(above path: String) -> String {
        var path = path
        while path.count > 1, !OwnedDescriptor.exists(path) {
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return path.isEmpty ? "/" : path
    }
}
