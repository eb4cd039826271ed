import Foundation
import Glibc
import Isolation
import Linux
import Testing

extension RealGroups {
    /// Handing on v2 controllers, with the one that this host has there: hugetlb.
    @Suite("handing on controllers")
    struct Delegation {
        private let unified: String

        /// The same here: the tests' own group in v2 is the root, or they could not make a service beside it.
        private var root: String { unified }

        init() throws { unified = try #require(try GroupSurvey().unified?.own) }

        /// Calls `body` with a v2 group of our own that offers `hugetlb`; all is as before afterwards.
        private func withService(_ body: (String) throws -> Void) throws {
            let before = try Groups.read("\(unified)/cgroup.subtree_control").contains("hugetlb")
            if !before { try Groups.write("+hugetlb", to: "\(unified)/cgroup.subtree_control") }
            let path = "\(unified)/service-\(UUID().uuidString)"
            #expect(mkdir(path, 0o755) == 0)
            defer {
                rmdir("\(path)/aibom-supervisor")
                #expect(rmdir(path) == 0)
                if !before { try? Groups.write("-hugetlb", to: "\(unified)/cgroup.subtree_control") }
            }
            try body(path)
        }

        @Test("a supervisor in a group of its own moves into a leaf and hands the controller down to the job's group")
        func leaf() throws {
            try withService { service in
                let supervisor = try Member(of: [service], "exec '\(Groups.probe)' delegate hugetlb")
                let job = try #require(try supervisor.lines(before: "ready").first { $0.hasPrefix(service) })
                #expect(try Groups.read("\(service)/cgroup.procs") == "")
                #expect(try Groups.read("\(service)/aibom-supervisor/cgroup.procs") == "\(supervisor.pid)")
                #expect(try Groups.read("\(service)/cgroup.subtree_control") == "hugetlb")
                #expect(try Groups.read("\(job)/cgroup.controllers") == "hugetlb")
                try supervisor.order()
                #expect(supervisor.wait().status == 0)
                #expect(Groups.folders(below: [service]) == ["\(service)/aibom-supervisor"])
            }
        }

        @Test("a supervisor whose group others share makes its groups at the root of the hierarchy and moves nobody")
        func shared() throws {
            try withService { service in
                let other = try Member(of: [service], "echo in; exec sleep 60")
                defer { other.kill() }
                #expect(try other.line() == "in")
                let supervisor = try Member(of: [service], "exec '\(Groups.probe)' delegate hugetlb")
                defer { supervisor.kill() }
                let lines = try supervisor.lines(before: "ready")
                #expect(lines.contains { $0.hasPrefix("\(root)/aibom-") }, "\(lines)")
                let members = try Groups.read("\(service)/cgroup.procs").split(separator: "\n").compactMap { Int($0) }
                #expect(Set(members) == [Int(other.pid), Int(supervisor.pid)])
                #expect(Groups.folders(below: [service]) == [])
                try supervisor.order()
                #expect(supervisor.wait().status == 0)
            }
        }
    }
}
