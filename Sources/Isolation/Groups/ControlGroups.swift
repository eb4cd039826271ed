internal import CLinux
package import Linux
internal import SystemPackage

/// Where this process makes control groups for its jobs: cgroups(7).
///
/// Made once a process, early: before it starts another process (see `delegate`). In every hierarchy that is used there is
/// one folder of this process below its own group, `aibom-` and a random number, with the same name everywhere. An flock on
/// it says that this process lives; the folders of the dead are swept at the start of the next, also where that one makes none.
///
/// A process that ends without dropping this object leaves its folders to that sweep.
package final class ControlGroups: Sendable {
    /// Where each controller was found.
    package let findings: [GroupFinding]
    /// Folders of dead supervisors that could not be removed: something in them can't be killed, or is not ours.
    package let leftovers: [String]
    let places: [GroupController: GroupFolder]
    /// This process's folder in each hierarchy, v2 first, and the open folder that holds the lock.
    let parents: [(folder: GroupFolder, lock: HeldFolder)]

    /// Sweeps what dead supervisors left, and makes the folders of this one.
    ///
    /// - Parameters:
    ///   - survey: where the hierarchies are.
    ///   - delegating: v2 controllers to hand on besides those that limits are written to.
    /// - Throws: `LinuxError` with the path when a folder can't be made or controllers can't be handed on. A missing
    ///   controller is no error here: `ControlGroup.limit` refuses it.
    package init(_ survey: GroupSurvey, delegating: Set<String> = []) throws(LinuxError) {
        let name = "\(Self.prefix)\(Self.random())"
        var parents: [(folder: GroupFolder, lock: HeldFolder)] = []
        var leftovers = survey.unused.flatMap(Self.sweepUnused)
        do throws(LinuxError) {
            for hierarchy in survey.hierarchies {
                let own = try HeldFolder(hierarchy.own)
                leftovers += try Self.sweep(own, hierarchy)
                let folder = GroupFolder(hierarchy: hierarchy, above: own, name: name)
                if hierarchy.version == .v2 {
                    try Self.delegate(hierarchy, from: own, also: delegating)
                }
                parents.append((folder, try Self.claim(folder)))
                if hierarchy.version == .v2 { try Self.enable(hierarchy, in: folder, also: delegating) }
            }
            places = survey.places.compactMapValues { hierarchy in
                parents.first { $0.folder.hierarchy == hierarchy }?.folder
            }
            findings = try Self.findings(survey, places)
        } catch {
            for parent in parents { try? parent.folder.remove() }
            throw error
        }
        self.leftovers = leftovers
        self.parents = parents
    }

    /// The groups of this process, wherever the kernel says that they go.
    package convenience init() throws(LinuxError) { try self.init(GroupSurvey()) }

    deinit {
        for parent in parents { _ = try? Self.clear(parent.folder) }
    }

    /// Makes one job's group, without limits yet.
    ///
    /// - Throws: `LinuxError` with the path; no folder is left then.
    package func make() throws(LinuxError) -> ControlGroup { try ControlGroup(in: self) }

    /// What the survey found, and what can be seen only in a folder below our own group.
    private static func findings(
        _ survey: GroupSurvey, _ places: [GroupController: GroupFolder]
    ) throws(LinuxError) -> [GroupFinding] {
        var findings: [GroupFinding] = []
        for finding in survey.findings {
            var finding = finding
            if finding.controller == .io, let place = places[.io] { finding.reason = try IOWeight.remark(in: place) }
            findings.append(finding)
        }
        return findings
    }

    static func random() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static let prefix = "aibom-"
}
