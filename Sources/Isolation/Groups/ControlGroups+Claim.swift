internal import CLinux
package import Linux
internal import SystemPackage

extension ControlGroups {
    /// Makes a folder and locks it, so that no sweep takes it.
    ///
    /// Between the two another supervisor's sweep may see a folder that nobody holds. It locks before it removes: so if we
    /// have the lock and the name still leads to what we locked, the folder is ours; else we make it again.
    static func claim(_ folder: GroupFolder) throws(LinuxError) -> HeldFolder {
        for _ in 0..<200 {
            try folder.make()
            if let held = try lock(folder) { return held }
            OwnProcess.pause(microseconds: 1000)
        }
        throw LinuxError(stage: "lock control group", errno: .resourceBusy, path: folder.path)
    }

    /// Takes the lock of a supervisor's folder; nil when a living one has it or the folder is gone.
    private static func lock(_ folder: GroupFolder) throws(LinuxError) -> HeldFolder? {
        do {
            let held = try folder.open()
            guard try held.descriptor.lockFolder() else { return nil }
            let now = try folder.open()
            return try now.descriptor.status().inode == held.descriptor.status().inode ? held : nil
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Kills and removes what dead supervisors left in one hierarchy; a living one's is not touched.
    ///
    /// - Returns: the paths of those that could not be removed.
    static func sweep(_ own: HeldFolder, _ hierarchy: GroupHierarchy) throws(LinuxError) -> [String] {
        var leftovers: [String] = []
        for name in try own.descriptor.names(limit: 100_000) {
            let name = String(decoding: name, as: UTF8.self)
            guard isSupervisor(name) else { continue }
            let folder = GroupFolder(hierarchy: hierarchy, above: own, name: name)
            do throws(LinuxError) {
                guard let lock = try lock(folder) else { continue }
                try withExtendedLifetime(lock) { () throws(LinuxError) in try clear(folder) }
            } catch {
                leftovers.append(folder.path)
            }
        }
        return leftovers
    }

    /// The folders that dead supervisors left, in every hierarchy; nothing is changed.
    package static func abandoned(_ survey: GroupSurvey) throws(LinuxError) -> [String] {
        var paths: [String] = []
        for hierarchy in survey.hierarchies + survey.unused {
            let own = try HeldFolder(hierarchy.own)
            for name in try own.descriptor.names(limit: 100_000) {
                let name = String(decoding: name, as: UTF8.self)
                guard isSupervisor(name) else { continue }
                let folder = GroupFolder(hierarchy: hierarchy, above: own, name: name)
                // Who lives holds the lock; ours is let go at once.
                if try lock(folder) != nil { paths.append(folder.path) }
            }
        }
        return paths
    }

    /// Sweeps where this process makes no group: what can't be read there keeps nobody from starting.
    static func sweepUnused(_ hierarchy: GroupHierarchy) -> [String] {
        do throws(LinuxError) { return try sweep(HeldFolder(hierarchy.own), hierarchy) } catch {
            return [hierarchy.own]
        }
    }

    /// Kills what is in a supervisor's folder and below, and removes it all.
    static func clear(_ folder: GroupFolder) throws(LinuxError) {
        let all = try folder.descendants() + [folder]
        try all.kill(within: .seconds(5))
        for folder in all { try folder.remove() }
    }

    /// Exactly the names that `claim` is given: nothing else is ours.
    private static func isSupervisor(_ name: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let number = name.utf8.dropFirst(prefix.utf8.count)
        return number.count == 16
            && number.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
