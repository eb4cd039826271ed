import Foundation
import Linux
import Testing

@testable import Isolation

/// Plain files that look like a group of cgroupfs.
final class PlainGroup {
    let path = FileManager.default.temporaryDirectory.appending(path: "groups-\(UUID().uuidString)").path

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try plant(text, as: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func plant(_ text: String, as name: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func folder(_ version: GroupHierarchy.Version, _ controllers: Set<String> = []) throws -> GroupFolder {
        GroupFolder(
            hierarchy: GroupHierarchy(version: version, own: path, controllers: controllers),
            above: try HeldFolder(path), name: ".")
    }
}

@Suite("finding control groups")
struct GroupSurveyTests {
    private static let hybrid = """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        36 31 0:33 /docker/abc /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
        39 31 0:36 / /sys/fs/cgroup/with\\040blank rw,relatime shared:1 master:2 - cgroup cgroup rw,pids
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        """
    private static let membership = """
        9:name=systemd:/a
        8:pids:/jobs:x
        5:devices:/docker/abc/inner
        4:memory:/process_api/676a
        2:cpu,cpuacct:/
        0::/
        """

    private func place(_ controller: GroupController, _ mounts: String, _ membership: String) throws -> String? {
        try GroupSurvey(mounts: mounts, membership: membership).findings.first { $0.controller == controller }?.path
    }

    @Test(
        "maps each controller's own group into its own mount",
        arguments: [
            (GroupController.memory, "/sys/fs/cgroup/memory/process_api/676a"), (.cpu, "/sys/fs/cgroup/cpu,cpuacct"),
            (.cpuacct, "/sys/fs/cgroup/cpu,cpuacct"), (.pids, "/sys/fs/cgroup/with blank/jobs:x"),
            (.io, nil),
        ] as [(GroupController, String?)])
    func v1(_ controller: GroupController, _ path: String?) throws {
        #expect(try place(controller, Self.hybrid, Self.membership) == path)
    }

    @Test("makes one folder for controllers that are mounted together, and none for what has no controller of ours")
    func together() throws {
        let hierarchies = try GroupSurvey(mounts: Self.hybrid, membership: Self.membership).hierarchies
        #expect(hierarchies.count == 3)
        #expect(hierarchies.contains { $0.controllers == ["cpu", "cpuacct"] })
    }

    @Test("knows the v1 hierarchies that it does not use, each once")
    func unused() throws {
        #expect(try GroupSurvey(mounts: Self.hybrid, membership: Self.membership).unused.isEmpty)
        let unified = try PlainGroup(["cgroup.controllers": "cpu io memory pids\n"])
        let mounts = Self.hybrid + "\n41 31 0:38 / \(unified.path) rw - cgroup2 cgroup2 rw"
        let unused = try GroupSurvey(mounts: mounts, membership: Self.membership).unused
        #expect(
            unused.map(\.own) == [
                "/sys/fs/cgroup/memory/process_api/676a", "/sys/fs/cgroup/with blank/jobs:x",
                "/sys/fs/cgroup/cpu,cpuacct",
            ])
        #expect(unused.allSatisfy { $0.version == .v1 })
    }

    @Test(
        "does not use a mount that does not show our own group",
        arguments: ["4:memory:/other", "4:memory:/docker/abcd", "4:memory:/../x"])
    func outside(_ membership: String) throws {
        let root = membership.contains("..") ? "/" : "/docker/abc"
        let mount = "35 31 0:32 \(root) /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
        #expect(try place(.memory, mount, membership) == nil)
    }

    @Test("does not use a read-only mount", arguments: ["rw,nosuid ro", "ro,nosuid rw"])
    func readOnly(_ options: String) throws {
        let words = options.split(separator: " ")
        let mount = "35 31 0:32 / /sys/fs/cgroup/memory \(words[0]) - cgroup cgroup \(words[1]),memory"
        #expect(try place(.memory, mount, "4:memory:/") == nil)
        let writable = mount.replacingOccurrences(of: "ro,nosuid", with: "rw").replacingOccurrences(
            of: " ro,", with: " rw,")
        #expect(try place(.memory, writable, "4:memory:/") == "/sys/fs/cgroup/memory")
    }

    @Test("prefers v2 for what our own group there offers, and v1 for the rest")
    func preference() throws {
        let unified = try PlainGroup([
            "own/cgroup.controllers": "cpuset cpu io memory hugetlb pids\n", "own/cgroup.procs": "\(getpid())\n",
        ])
        let mounts = Self.hybrid + "\n41 31 0:38 / \(unified.path) rw - cgroup2 cgroup2 rw"
        let membership = Self.membership.replacingOccurrences(of: "0::/", with: "0::/own")
        let findings = try GroupSurvey(mounts: mounts, membership: membership).findings
        for finding in findings {
            #expect(finding.version == .v2)
            if finding.version == .v2 { #expect(finding.path == "\(unified.path)/own") }
        }
    }

    @Test(
        "takes the root of the hierarchy where others are in our own group, whose controllers they keep from being handed on"
    )
    func shared() throws {
        let unified = try PlainGroup([
            "own/cgroup.controllers": "pids\n", "own/cgroup.procs": "1\n\(getpid())\n",
            "cgroup.controllers": "cpu io memory pids\n",
        ])
        let mounts = "41 31 0:38 / \(unified.path) rw - cgroup2 cgroup2 rw"
        let survey = try GroupSurvey(mounts: mounts, membership: "0::/own")
        #expect(survey.unified?.own == unified.path)
        #expect(survey.unified?.controllers == ["cpu", "io", "memory", "pids"])
    }

    @Test("uses a v2 hierarchy without controllers for CPU time alone")
    func bare() throws {
        let unified = try PlainGroup(["cgroup.controllers": "hugetlb\n"])
        let mounts = Self.hybrid + "\n41 31 0:38 / \(unified.path) rw - cgroup2 cgroup2 rw"
        let survey = try GroupSurvey(mounts: mounts, membership: Self.membership)
        #expect(survey.findings.filter { $0.version == .v2 }.map(\.controller) == [.cpuacct])
        #expect(survey.hierarchies.first?.version == .v2)
    }

    @Test("takes the parent of a supervisor's leaf for its own group")
    func leaf() throws {
        let unified = try PlainGroup(["service/cgroup.controllers": "memory\n"])
        let mount = "41 31 0:38 / \(unified.path) rw - cgroup2 cgroup2 rw"
        #expect(try place(.memory, mount, "0::/service/aibom-supervisor") == "\(unified.path)/service")
    }

    @Test("says what is missing and what to do about it")
    func missing() throws {
        let findings = try GroupSurvey(mounts: "", membership: "").findings
        #expect(findings.map(\.controller) == GroupController.allCases)
        #expect(findings.allSatisfy { $0.version == nil && $0.reason != nil })
        #expect("\(findings[0])".contains("memory: missing"))
        #expect("\(findings[0])".contains("Delegate=yes"))
    }
}
