internal import Foundation
internal import Linux
internal import SystemPackage

/// The state folder: taken by one supervisor at a time, and of a layout that this version knows.
///
/// The layout is a number in the file `version`. A folder without one is of layout 1, from before there was the file, or new. An older
/// layout is brought up to date, each change by whoever owns the files (the database by its own migrations); a newer one is left as
/// it is, because an older program would not see what it destroys.
final class StateFolder: Sendable {
    /// 1: keys, blobs, jobs.sqlite, work. 2: the database knows asks, retention and tallies; the file itself.
    static let layout = 2
    private static let file = "version"

    /// Keeps the lock for as long as this lives.
    let folder: OwnedDescriptor

    /// Opens and locks the folder, made first when it is missing, and looks at its version.
    init(at path: String) throws(SupervisorError) {
        do throws(LinuxError) {
            folder = try OwnedDescriptor.directory(path)
        } catch {
            throw .state(error)
        }
        guard try Self.isLocked(folder) else { throw .stateInUse(path) }
        do throws(LinuxError) { _ = try NamelessFile(in: folder, mode: 0o600) } catch {
            throw error.errno == .notSupported ? .filesystem(path) : .state(error)
        }
        let found = try Self.version(of: folder, path)
        guard found <= Self.layout else { throw .newerState(path, found: found, known: Self.layout) }
    }

    /// Says that everything in the folder is of the present layout; call it once that is so.
    func settle() throws(SupervisorError) {
        do throws(LinuxError) {
            try DurableFile.publish(Array("\(Self.layout)\n".utf8), as: Self.file, in: folder)
        } catch {
            throw .state(error)
        }
    }

    /// A supervisor that was killed a moment ago may have left a child on its way to exec, which holds the lock until it gets there.
    private static func isLocked(_ folder: borrowing OwnedDescriptor) throws(SupervisorError) -> Bool {
        for _ in 0..<100 {
            do throws(LinuxError) { if try folder.lockFolder() { return true } } catch { throw .state(error) }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return false
    }

    fileprivate static func version(of folder: borrowing OwnedDescriptor, _ path: String) throws(SupervisorError) -> Int
    {
        let bytes: [UInt8]
        do throws(LinuxError) {
            bytes = try OwnedDescriptor.open(
                Array(file.utf8), in: folder, flags: O_RDONLY | O_NOFOLLOW, stage: "read state version"
            ).readAll(limit: 64)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return 1 }
            throw .state(error)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let number = Int(text.split(separator: "\n").first ?? ""), number >= 1 else {
            throw .unreadableState("\(path)/\(file)")
        }
        return number
    }
}

/// The layout of a state folder, looked at and not taken.
package struct StateLayout: Sendable, Equatable {
    package let found: Int
    package let known: Int

    /// - Throws: `SupervisorError` when the folder or its version can't be read.
    package init(of path: String) throws(SupervisorError) {
        let folder: OwnedDescriptor
        do throws(LinuxError) {
            folder = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY, stage: "open state folder")
        } catch {
            throw .state(error)
        }
        found = try StateFolder.version(of: folder, path)
        known = StateFolder.layout
    }
}
