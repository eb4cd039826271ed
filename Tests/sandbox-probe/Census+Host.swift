import Glibc
import Isolation
import Linux

extension Census {
    /// Processes of the whole host whose environment has MARKER=`marker`.
    static func survivors(marked marker: String) -> Int {
        names("/proc").filter { Int($0) != nil }.filter { pid in
            guard let file = try? OwnedDescriptor.open("/proc/\(pid)/environ", flags: O_RDONLY),
                let bytes = try? file.readAll(limit: 1 << 20)
            else { return false }
            return bytes.split(separator: 0).contains { $0.elementsEqual("MARKER=\(marker)".utf8) }
        }.count
    }

    /// This process's own group in every hierarchy in which groups are made.
    static func ownGroups() -> [String] {
        guard let survey = try? GroupSurvey() else { return [] }
        return Set(survey.findings.compactMap(\.path)).sorted()
    }

    /// Folders named `aibom-…` in our own groups, and all below them.
    static func groups() -> Int {
        ownGroups().flatMap { own in names(own).filter { $0.hasPrefix("aibom-") }.map { "\(own)/\($0)" } }
            .reduce(0) { $0 + 1 + folders(below: $1) }
    }

    private static func folders(below path: String) -> Int {
        names(path).map { "\(path)/\($0)" }.filter { isFolder($0) }.reduce(0) { $0 + 1 + folders(below: $1) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
