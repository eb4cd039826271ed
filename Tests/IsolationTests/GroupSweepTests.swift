import Foundation
import Glibc
import Linux
import Testing

@testable import Isolation

extension RealGroups {
    /// What other supervisors leave: each is a process, `group-probe`.
    @Suite("sweep")
    struct Sweep {
        private func supervisor() throws -> (Member, [String]) {
            let supervisor = try Member(of: [], "exec '\(Groups.probe)' hold")
            return (supervisor, try supervisor.lines(before: "ready"))
        }

        private func exist(_ paths: [String]) -> Int {
            paths.count { FileManager.default.fileExists(atPath: $0) }
        }

        @Test("takes the folders of a dead supervisor and what lives in them, and leaves those of a living one")
        func sweep() throws {
            let (dead, folders) = try supervisor()
            let (alive, others) = try supervisor()
            let orphan = try Member(of: folders, "trap '' TERM; echo in; while :; do sleep 1; done")
            let other = try Member(of: others, "echo in; exec sleep 60")
            #expect(try orphan.line() == "in" && other.line() == "in")
            dead.kill()
            #expect(exist(folders) == folders.count)

            // A doctor sees which are whose, and changes nothing.
            let abandoned = try ControlGroups.abandoned(GroupSurvey())
            #expect(Set(folders.map(Groups.parent)).isSubset(of: abandoned))
            #expect(Set(others.map(Groups.parent)).isDisjoint(with: abandoned))
            #expect(exist(folders) == folders.count)

            let groups = try ControlGroups()
            #expect(!groups.leftovers.contains { path in folders.contains { $0.hasPrefix(path) } })
            #expect(orphan.wait().signal == SIGKILL)
            #expect(exist(folders) == 0)
            #expect(exist(folders.map(Groups.parent)) == 0)
            #expect(exist(others) == others.count)
            #expect(Glibc.kill(other.pid, 0) == 0)

            other.kill()
            alive.kill()
            withExtendedLifetime(try ControlGroups()) { #expect(exist(others.map(Groups.parent)) == 0) }
        }

        @Test(
            "takes a dead supervisor's folders also where the next makes none",
            .enabled(if: Groups.haveUnused, "every v1 hierarchy of this host is used"))
        func unused() throws {
            let folders = try GroupSurvey().unused.flatMap {
                ["\($0.own)/aibom-0123456789abcdef", "\($0.own)/aibom-other"]
            }
            for folder in folders { #expect(mkdir(folder, 0o755) == 0) }
            defer { for folder in folders { rmdir(folder) } }
            let orphan = try Member(of: folders.filter { !$0.hasSuffix("other") }, "echo in; exec sleep 60")
            #expect(try orphan.line() == "in")
            let groups = try ControlGroups()
            #expect(groups.leftovers.isEmpty)
            #expect(orphan.wait().signal == SIGKILL)
            #expect(folders.filter { exist([$0]) == 1 } == folders.filter { $0.hasSuffix("other") })
        }

        @Test("says where it could not look, and goes on")
        func unreadable() {
            let gone = GroupHierarchy(version: .v1, own: "/nowhere", controllers: ["blkio"])
            #expect(ControlGroups.sweepUnused(gone) == ["/nowhere"])
        }

        @Test("leaves folders of others alone, whatever they are called")
        func foreign() throws {
            let (supervisor, folders) = try supervisor()
            let own = Groups.parent(Groups.parent(folders[0]))
            let names = [
                "aibom-supervised", "aibom-0123456789abcdeg", "aibom-0123456789ABCDEF", "xaibom-0123456789abcdef",
            ]
            for name in names { #expect(mkdir("\(own)/\(name)", 0o755) == 0) }
            defer { for name in names { rmdir("\(own)/\(name)") } }
            withExtendedLifetime(try ControlGroups()) { #expect(exist(names.map { "\(own)/\($0)" }) == names.count) }
            supervisor.kill()
            _ = try ControlGroups()
        }

        @Test("a supervisor that ends in order leaves nothing")
        func orderly() throws {
            let paths = try made()
            #expect(!paths.isEmpty && exist(paths) == 0 && exist(paths.map(Groups.parent)) == 0)
        }

        private func made() throws -> [String] {
            let groups = try ControlGroups()
            let group = try groups.make()
            #expect(exist(group.paths) == group.paths.count)
            return group.paths
        }
    }
}
