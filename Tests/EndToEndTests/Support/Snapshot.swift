import Foundation
import Measure

/// The files below some folders, with all that could be changed of them.
struct Snapshot {
    private struct Entry: Equatable {
        let mode: mode_t
        let owner: uid_t
        let size: off_t
        let written: [Int]
        let digest: Digest?
    }

    private var entries: [String: Entry] = [:]

    /// - Parameters:
    ///   - folders: as deep as they go.
    ///   - withTimes: whether to write the same again is a change.
    /// - Throws: when a file is not there any more.
    init(_ folders: String..., withTimes: Bool = true) throws {
        for folder in folders {
            for path in [folder] + files(below: folder).map({ "\(folder)/\($0)" }) {
                var status = stat()
                guard lstat(path, &status) == 0 else { throw CocoaError(.fileReadNoSuchFile) }
                let isFile = status.st_mode & S_IFMT == S_IFREG
                entries[path] = Entry(
                    mode: status.st_mode, owner: status.st_uid, size: status.st_size,
                    written: withTimes ? [status.st_mtim.tv_sec, status.st_mtim.tv_nsec] : [],
                    digest: isFile ? Digest.of(Array(try Data(contentsOf: URL(fileURLWithPath: path)))) : nil)
            }
        }
    }

    /// The paths that are not as they were, and those that are no more.
    func changed(since earlier: Snapshot) -> [String] {
        earlier.entries.filter { entries[$0.key] != $0.value }.map(\.key).sorted()
    }

    /// The paths that were not there.
    func added(since earlier: Snapshot) -> [String] {
        entries.keys.filter { earlier.entries[$0] == nil }.sorted()
    }
}
