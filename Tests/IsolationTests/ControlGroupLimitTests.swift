import Foundation
import Glibc
import Isolation
import Linux
import Testing

extension RealGroups {
    @Suite("limits and usage")
    struct Limits {

        private let groups: ControlGroups
        init() throws { groups = try ControlGroups() }

        /// A group with limits.
        private func group(_ limits: GroupLimits = Groups.ample) throws -> ControlGroup {
            let group = try groups.make()
            try group.limit(limits)
            return group
        }

        @Test("find memory, pids and cpu on this host")
        func findings() {
            for finding in groups.findings where finding.controller.isRequired { #expect(finding.version != nil) }
        }

        @Test("memory beyond the limit kills, and the usage says so")
        func memory() throws {
            let group = try group(GroupLimits(memory: 64 << 20, processes: 16))
            let member = try Member(of: group.paths, "exec dd if=/dev/zero of=/dev/null bs=128M count=1")
            #expect(member.wait().signal == SIGKILL)
            let usage = try group.usage()
            #expect(usage.oomKills == 1)
            let peak = try #require(usage.peakMemory)
            #expect((60 << 20...64 << 20).contains(peak), "\(peak)")
            try group.remove()
        }

        @Test("memory below the limit is left alone, and the peak is what was used")
        func peak() throws {
            let group = try group()
            let member = try Member(of: group.paths, "exec dd if=/dev/zero of=/dev/null bs=32M count=1")
            #expect(member.wait().status == 0)
            let usage = try group.usage()
            #expect(usage.oomKills == 0)
            #expect((32 << 20...48 << 20).contains(try #require(usage.peakMemory)))
        }

        @Test("a limit that is no whole number of pages is rounded down")
        func pages() throws {
            _ = try group(GroupLimits(memory: (1 << 20) + 4095, processes: 16))
        }

        @Test("forks beyond the limit are refused and counted")
        func pids() throws {
            let group = try group(GroupLimits(memory: 64 << 20, processes: 4))
            // The shell ends at the fork that is refused.
            let member = try Member(
                of: group.paths, "for i in 1 2 3 4 5 6; do sleep 60 & done; echo all; exec sleep 60")
            try Groups.wait("a refused fork") { try group.usage().refusedForks ?? 0 > 0 }
            try group.kill()
            #expect(try group.isEmpty())
            #expect(try member.line() != "all")
        }

        @Test("CPU time is held to the quota, and counted")
        func quota() throws {
            let group = try group(GroupLimits(memory: 64 << 20, processes: 16, cpuMillicores: 200))
            let member = try Member(of: group.paths, "echo in; while :; do :; done")
            #expect(try member.line() == "in")
            let start = ContinuousClock.now
            usleep(1_000_000)
            let usage = try group.usage()
            let wall = ContinuousClock.now - start
            let spent = try #require(usage.userMicroseconds) + #require(usage.systemMicroseconds)
            let share = Double(spent) / (wall / .microseconds(1))
            #expect((0.02...0.35).contains(share), "\(share)")
            #expect(try #require(usage.throttledPeriods) > 0)
            #expect(try #require(usage.throttledMicroseconds) > 0)
        }

        @Test("without a quota nothing is throttled")
        func noQuota() throws {
            let group = try group()
            let member = try Member(of: group.paths, "echo in; while :; do :; done")
            #expect(try member.line() == "in")
            usleep(300_000)
            #expect(try group.usage().throttledPeriods == 0)
        }

        @Test("weights are what the kernel reads back")
        func weights() throws {
            var limits = Groups.ample
            limits.cpuWeight = 50
            limits.ioWeight = 40
            let group = try group(limits)
            let files = ["cpu.weight": "50", "cpu.shares": "512", "io.weight": "default 40", "blkio.bfq.weight": "40"]
            var found = 0
            for path in group.paths {
                for (file, value) in files {
                    guard let text = try? Groups.read("\(path)/\(file)") else { continue }
                    #expect(text == value)
                    found += 1
                }
            }
            #expect(found > 0)
        }
    }
}
