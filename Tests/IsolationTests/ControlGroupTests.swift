import CLinux
import CSandbox
import Foundation
import Glibc
import Isolation
import Linux
import SystemPackage
import Testing

extension RealGroups {
    @Suite("life and death")
    struct Life {

        private let groups: ControlGroups
        init() throws { groups = try ControlGroups() }

        /// A group with limits.
        private func group(_ limits: GroupLimits = Groups.ample) throws -> ControlGroup {
            let group = try groups.make()
            try group.limit(limits)
            return group
        }

        @Test("a process that ignores SIGTERM is killed, and the usage is there after its death")
        func kill() throws {
            let group = try group()
            let member = try Member(of: group.paths, "trap '' TERM; echo in; while :; do sleep 1; done")
            #expect(try member.line() == "in")
            Glibc.kill(member.pid, SIGTERM)
            #expect(try !group.isEmpty())
            try group.kill()
            #expect(try group.isEmpty())
            #expect(member.wait().signal == SIGKILL)
            let usage = try group.usage()
            #expect(try #require(usage.peakMemory) > 0)
            #expect(try #require(usage.userMicroseconds) + #require(usage.systemMicroseconds) > 0)
            try group.remove()
        }

        @Test("a frozen process is killed")
        func frozen() throws {
            let group = try group()
            let path = try #require(group.paths.first { FileManager.default.fileExists(atPath: "\($0)/cgroup.freeze") })
            let member = try Member(of: group.paths, "echo in; while :; do sleep 1; done")
            #expect(try member.line() == "in")
            try Groups.write("1", to: "\(path)/cgroup.freeze")
            try Groups.wait("frozen") { try Groups.read("\(path)/cgroup.events").contains("frozen 1") }
            try group.kill()
            #expect(member.wait().signal == SIGKILL)
            try group.remove()
        }

        @Test("a process that is in v1 folders only is killed, with what it forks")
        func v1Only() throws {
            let group = try group()
            let v1 = group.paths.filter { FileManager.default.fileExists(atPath: "\($0)/tasks") }
            try #require(!v1.isEmpty)
            let member = try Member(of: v1, "echo in; while :; do sleep 0.01; done")
            #expect(try member.line() == "in")
            try group.kill()
            #expect(try group.isEmpty())
            #expect(member.wait().signal == SIGKILL)
        }

        @Test("a fork bomb in v1 folders only is killed, though it is killed one by one")
        func bomb() throws {
            let group = try group(GroupLimits(memory: 256 << 20, processes: 64))
            let v1 = group.paths.filter { FileManager.default.fileExists(atPath: "\($0)/tasks") }
            let member = try Member(of: v1, "exec perl -e 'while (1) { fork }'")
            try Groups.wait("a refused fork") { try group.usage().refusedForks ?? 0 > 0 }
            try group.kill()
            #expect(try group.isEmpty())
            #expect(member.wait().signal == SIGKILL)
            try group.remove()
        }

        @Test("a child comes in at its clone and by its own first steps")
        func clone() throws {
            let group = try group()
            let descriptors = group.joins.map(\.tasks) + (group.folder.map { [$0] } ?? [])
            #expect(descriptors.allSatisfy { $0 >= 10 })
            let job = try Joiner(group.folder, group.joins.map(\.tasks))
            for path in group.paths {
                try Groups.wait("in \(path)") { try Groups.read("\(path)/cgroup.procs") == "\(job.pid)" }
            }
            try group.kill()
            #expect(try job.wait().status == .signalled(SIGKILL))
            try group.remove()
        }

        @Test("removal leaves no folder, and neither does dropping the owner with something alive in it")
        func removal() throws {
            let first = try group()
            let parents = first.paths.map(Groups.parent)
            // The count sees what is there: this group, and a folder that is planted.
            #expect(Groups.folders(below: parents).count == parents.count)
            let planted = "\(parents[0])/planted"
            #expect(mkdir(planted, 0o755) == 0)
            #expect(Groups.folders(below: parents).count == parents.count + 1)
            #expect(rmdir(planted) == 0)
            try first.remove()
            #expect(Groups.folders(below: parents) == [])

            let member = try dropWithMember()
            #expect(member.wait().signal == SIGKILL)
            #expect(Groups.folders(below: parents) == [])
        }

        private func dropWithMember() throws -> Member {
            let group = try group()
            let member = try Member(of: group.paths, "echo in; exec sleep 60")
            #expect(try member.line() == "in")
            return member
        }

        @Test("removing a group with something alive in it is an error, after which it is gone all the same")
        func removeBusy() throws {
            let group = try group()
            let paths = group.paths
            let member = try Member(of: paths, "echo in; exec sleep 60")
            #expect(try member.line() == "in")
            do throws(LinuxError) {
                try group.remove()
                Issue.record("a busy group was removed")
            } catch {
                #expect(error.errno == .resourceBusy)
            }
            #expect(member.wait().signal == SIGKILL)
            #expect(!paths.contains { FileManager.default.fileExists(atPath: $0) })
        }
    }
}

/// A child that replays a tape: it writes "0" to each `tasks` file and waits to be killed.
private struct Joiner: ~Copyable {
    private let child: Child
    let pid: Int32

    init(_ folder: Int32?, _ tasks: [Int32]) throws {
        // Left to the process: the child runs in it until it is dead.
        let stack = UnsafeMutableRawPointer.allocate(byteCount: 64 << 10, alignment: 4096)
        let zero = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        zero.initialize(to: UInt8(ascii: "0"))
        let steps = UnsafeMutablePointer<cs_step>.allocate(capacity: tasks.count + 1)
        for (index, file) in tasks.enumerated() {
            var step = cs_step()
            step.number = Int64(SYS_write)
            step.argument = (UInt64(file), UInt64(UInt(bitPattern: zero)), 1, 0, 0, 0)
            (steps + index).initialize(to: step)
        }
        var wait = cs_step()
        wait.number = Int64(SYS_ppoll)
        (steps + tasks.count).initialize(to: wait)
        let tape = UnsafeMutablePointer<cs_tape>.allocate(capacity: 1)
        tape.initialize(to: cs_tape(steps: steps, count: UInt32(tasks.count + 1), report: 2))
        var pidfd: Int32 = -1
        let flags = folder == nil ? 0 : UInt64(CLONE_INTO_CGROUP)
        let answer = cs_spawn(tape, flags, folder ?? -1, stack, 64 << 10, &pidfd)
        try #require(answer > 0)
        pid = Int32(answer)
        child = Child(pid: pid, pidfd: OwnedDescriptor(owning: pidfd))
    }

    consuming func wait() throws -> Ending { try child.wait() }
}
