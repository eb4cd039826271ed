import CLinux
import Linux
import Policy
import SystemPackage

/// Copies what a dead job left into a folder of the caller's.
///
/// Regular files only, with mode 0644 and the caller's ownership: no link, device, setuid bit or owner of the job's making
/// reaches the host.
struct OutputCopy {
    private let folder: String

    init(into folder: String) throws {
        self.folder = folder
        try OwnedDescriptor.makeFolder(Array(folder.utf8))
    }

    func copy(from output: borrowing OwnedDescriptor, limits: Limits) throws {
        let walk = WalkLimits(entries: Int(limits.outputEntries), depth: 32, fileBytes: limits.fileBytes)
        let target = folder
        try output.walkOutputs(limits: walk) { path, file throws(WalkError) in
            do throws(LinuxError) {
                try Self.write(path, file, below: target)
            } catch {
                throw .system(error)
            }
        }
    }

    private static func write(
        _ path: [UInt8], _ file: borrowing OwnedDescriptor, below folder: String
    ) throws(LinuxError) {
        let root = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
        let separator = UInt8(ascii: "/")
        for end in path.indices where path[end] == separator {
            try root.makeFolder(Array(path[..<end]))
        }
        // O_NOFOLLOW and BENEATH: the folder is the caller's, but it may hold a link from an earlier run.
        let copy = try OwnedDescriptor.open(
            path, in: root, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644,
            resolve: UInt64(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), stage: "write output")
        while true {
            let chunk = try file.readSome(limit: 256 << 10)
            if chunk.isEmpty { return }
            try copy.write(chunk)
        }
    }
}
