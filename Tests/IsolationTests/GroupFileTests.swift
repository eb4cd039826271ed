import Foundation
import Glibc
import Linux
import Testing

@testable import Isolation

/// What no host of ours has: v2 with controllers. Plain files keep what is written to them, so the texts can be compared; what
/// the kernel would make of them can't.
@Suite("files of control groups")
struct GroupFileTests {
    private static let all = Set(["memory", "pids", "cpu", "io"])

    private func places(_ group: PlainGroup, _ version: GroupHierarchy.Version) throws -> GroupPlaces {
        let folder = try group.folder(version, Self.all)
        return GroupPlaces(folders: Dictionary(uniqueKeysWithValues: GroupController.allCases.map { ($0, folder) }))
    }

    private static let v2 = [
        "memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max", "cpu.weight", "io.weight",
    ]
    private static let v1 = [
        "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness", "pids.max", "cpu.cfs_quota_us",
        "cpu.cfs_period_us", "cpu.shares", "blkio.bfq.weight",
    ]

    private func written(_ files: [String], _ version: GroupHierarchy.Version, _ limits: GroupLimits) throws -> [String]
    {
        let group = try PlainGroup(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
        try places(group, version).limit(limits)
        return try files.map { try Groups.read("\(group.path)/\($0)") }
    }

    @Test("v2 limits are written as cgroup-v2 wants them")
    func v2Limits() throws {
        let limits = GroupLimits(
            memory: 1 << 30, processes: 64, cpuMillicores: 500, cpuWeight: 50, ioWeight: 200)
        let expected = ["1073741824", "0", "1", "64", "50000 100000", "50", "default 200"]
        #expect(try written(Self.v2, .v2, limits) == expected)
    }

    @Test("v1 limits are written as cgroup-v1 wants them")
    func v1Limits() throws {
        let limits = GroupLimits(
            memory: 1 << 30, processes: 64, cpuMillicores: 500, cpuWeight: 50, ioWeight: 200)
        let expected = ["1073741824", "1073741824", "0", "64", "50000", "100000", "512", "109"]
        #expect(try written(Self.v1, .v1, limits) == expected)
    }

    @Test("more CPUs than there are, and no word about CPUs, are no quota", arguments: [nil, 10_000_000] as [UInt64?])
    func noQuota(_ millicores: UInt64?) throws {
        let limits = GroupLimits(memory: 1 << 20, processes: 1, cpuMillicores: millicores)
        #expect(try written(Self.v2, .v2, limits)[4] == "max 100000")
        #expect(try written(Self.v1, .v1, limits)[4] == "-1")
    }

    @Test("a weight stays within what each kernel file takes", arguments: [(1, "10", "1"), (10_000, "102400", "1000")])
    func weights(_ weight: UInt64, _ shares: String, _ io: String) throws {
        let limits = GroupLimits(memory: 1 << 20, processes: 1, cpuWeight: weight, ioWeight: weight)
        let v1 = try written(Self.v1, .v1, limits)
        #expect(v1[6] == shares)
        #expect(v1[7] == io)
        #expect(try written(Self.v2, .v2, limits)[5] == "\(weight)")
    }

    @Test("files that a kernel may lack are not missed: swap, swappiness, I/O weight")
    func lacking() throws {
        let limits = GroupLimits(memory: 1 << 20, processes: 1, ioWeight: 10)
        _ = try written(["memory.max", "pids.max", "cpu.max", "cpu.weight"], .v2, limits)
        _ = try written(
            ["memory.limit_in_bytes", "pids.max", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.shares"], .v1, limits)
    }

    @Test("a limit's file that is missing is an error with its path")
    func lackingLimit() throws {
        let error = #expect(throws: LinuxError.self) {
            _ = try written(["memory.max"], .v2, GroupLimits(memory: 1 << 20, processes: 1))
        }
        #expect(error?.path?.hasSuffix("pids.max") == true)
    }

    @Test("a limit that reads otherwise than it was written is an error")
    func notTaken() throws {
        // A plain file rounds nothing, so memory that is no multiple of a page reads back wrong.
        let error = #expect(throws: LinuxError.self) {
            _ = try written(Self.v2, .v2, GroupLimits(memory: 1_000_001, processes: 1))
        }
        #expect(error.map { "\($0)" }?.contains("memory.max") == true)
    }

    @Test("a missing controller stops the limits, by name and with a remedy", arguments: ["memory", "pids", "cpu"])
    func missing(_ name: String) throws {
        let group = try PlainGroup(Dictionary(uniqueKeysWithValues: Self.v2.map { ($0, "") }))
        let folder = try group.folder(.v2, Self.all)
        let rest = GroupController.allCases.filter { $0.rawValue != name }.map { ($0, folder) }
        let error = #expect(throws: LinuxError.self) {
            try GroupPlaces(folders: Dictionary(uniqueKeysWithValues: rest)).limit(Groups.ample)
        }
        #expect(error?.stage.contains("limit \(name):") == true)
        #expect(error?.stage.contains("Delegate=yes") == true)
    }

    @Test("v2 usage is read, and what is not there is unknown")
    func v2Usage() throws {
        let group = try PlainGroup([
            "memory.peak": "4096\n", "memory.events": "low 0\nhigh 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 1\n",
            "cpu.stat":
                "usage_usec 30\nuser_usec 20\nsystem_usec 10\nnr_periods 9\nnr_throttled 4\nthrottled_usec 77\n",
            "pids.events": "max 5\n",
        ])
        let expected = GroupUsage(
            peakMemory: 4096, userMicroseconds: 20, systemMicroseconds: 10, throttledPeriods: 4,
            throttledMicroseconds: 77, oomKills: 2, refusedForks: 5)
        #expect(try places(group, .v2).usage() == expected)
        #expect(try places(PlainGroup(), .v2).usage() == GroupUsage())
    }

    @Test("v1 usage is read in its units")
    func v1Usage() throws {
        let group = try PlainGroup([
            "memory.max_usage_in_bytes": "4096\n",
            "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
            "cpuacct.usage_user": "20999\n", "cpuacct.usage_sys": "10000\n", "pids.events": "max 5\n",
            "cpu.stat": "nr_periods 9\nnr_throttled 4\nthrottled_time 77000\n",
        ])
        let expected = GroupUsage(
            peakMemory: 4096, userMicroseconds: 20, systemMicroseconds: 10, throttledPeriods: 4,
            throttledMicroseconds: 77, oomKills: 2, refusedForks: 5)
        #expect(try places(group, .v1).usage() == expected)
    }

    @Test("only controllers that are wanted, offered and not handed on yet are handed on, in one write")
    func enable() throws {
        let group = try PlainGroup(["cgroup.subtree_control": "memory\n"])
        let folder = try group.folder(.v2, ["memory", "pids", "cpu", "cpuset", "hugetlb"])
        try ControlGroups.enable(folder.hierarchy, in: folder, also: ["hugetlb", "misc"])
        #expect(try Groups.read("\(group.path)/cgroup.subtree_control") == "+cpu +hugetlb +pids")
    }

    @Test("nothing is written when all is handed on already")
    func enabled() throws {
        let group = try PlainGroup(["cgroup.subtree_control": "cpu memory pids io\n"])
        let folder = try group.folder(.v2, Self.all)
        try ControlGroups.enable(folder.hierarchy, in: folder, also: [])
        #expect(try Groups.read("\(group.path)/cgroup.subtree_control") == "cpu memory pids io")
    }

    @Test("a group of v2 is empty when its events say so")
    func empty() throws {
        let group = try PlainGroup(["cgroup.events": "populated 1\nfrozen 0\n"])
        let folder = try group.folder(.v2)
        #expect(try !folder.isEmpty())
        try group.plant("populated 0\nfrozen 0\n", as: "cgroup.events")
        #expect(try folder.isEmpty())
    }
}
