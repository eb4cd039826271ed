import CLinux
import JSON
import Linux
import Measure
import Vulnerabilities

/// A folder of OSV advisories, read whole.
struct AdvisoryFolder {
    private(set) var advisories: [Advisory] = []
    /// Files that are no advisory, or a withdrawn one.
    private(set) var unreadable = 0
    /// Over path and SHA-256 of every file, sorted: the same advisories, the same digest.
    var digest: Digest { Digest.of(Array(lines.sorted().joined().utf8)) }

    private var lines: [String] = []

    private static let fileLimit = 8 << 20
    private static let depthLimit = 4
    private static let entryLimit = 1_000_000

    static func read(_ path: String) throws(CommandError) -> AdvisoryFolder {
        var folder = AdvisoryFolder()
        do throws(LinuxError) {
            let root = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY, stage: "open advisories")
            try folder.read(root, at: "", depth: 0)
        } catch {
            throw .local("couldn't read the advisories in \(path): \(error)", remedy: "give a folder of OSV files")
        }
        guard !folder.advisories.isEmpty else {
            throw .local(
                "there is no advisory in \(path)",
                remedy: "give a folder of OSV files, unpacked; an empty one would make everything look clean")
        }
        return folder
    }

    private mutating func read(_ folder: borrowing OwnedDescriptor, at path: String, depth: Int) throws(LinuxError) {
        for name in try folder.names(limit: Self.entryLimit) {
            let shown = path + Display.name(name)
            let entry = try OwnedDescriptor.open(
                name, in: folder, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, stage: "open advisory")
            switch try entry.status().kind {
            case .directory where depth < Self.depthLimit: try read(entry, at: "\(shown)/", depth: depth + 1)
            case .regular where shown.hasSuffix(".json"): take(try entry.readAll(limit: Self.fileLimit), shown)
            default: unreadable += 1
            }
        }
    }

    private mutating func take(_ bytes: [UInt8], _ path: String) {
        lines.append("\(Digest.of(bytes))  \(path)\n")
        let limits = JSON.Limits(bytes: Self.fileLimit, depth: 32, values: 1_000_000)
        guard let json = try? JSON.parse(bytes, limits: limits), let advisory = Advisory(json) else {
            unreadable += 1
            return
        }
        advisories.append(advisory)
    }
}
