import CLinux
import Policy
import Testing

@testable import Sandbox

@Suite("Order of a job's tape")
struct OrderTests {
    private let steps: [Tape.Step]
    init() throws { steps = try Fixtures.tape().steps }

    /// Where the calls named `name` stand, whose arguments show `detail`.
    private func places(_ name: String, _ detail: String = "") throws -> [Int] {
        let lines = try Fixtures.tape().canonicalLines
        let found = steps.indices.filter { steps[$0].call.name == name && lines[$0].contains(detail) }
        try #require(!found.isEmpty, "\(name) \(detail) is on the tape")
        return found
    }

    private func expect(_ earlier: [Int], before later: [Int], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect((earlier.max() ?? .max) < (later.min() ?? .min), sourceLocation: sourceLocation)
    }

    @Test("mounts stop propagating before anything is mounted or moved")
    func propagation() throws {
        let detach = try places("mount", "MS_REC|MS_PRIVATE")
        #expect(detach.count == 1)
        expect(detach, before: try places("mount").filter { $0 != detach[0] } + (try places("move_mount")))
    }

    @Test("the rootfs is attached and entered before anything is placed in it, and pivoted to after that")
    func root() throws {
        let enter = try places("chdir", "<mount point>")
        expect(enter, before: try places("move_mount", "\"dev\"") + (try places("move_mount", "\"in")))
        expect(try places("mount") + places("move_mount"), before: try places("pivot_root"))
        expect(try places("pivot_root"), before: try places("umount2", "MNT_DETACH"))
        expect(try places("umount2"), before: try places("chdir", "\"/\""))
    }

    @Test("all that root of the host does is done before the user namespace")
    func userNamespace() throws {
        let enter = try places("setns", "CLONE_NEWUSER")
        let privileged = [
            "mount", "move_mount", "pivot_root", "umount2", "landlock_restrict_self",
        ]
        for call in privileged { expect(try places(call), before: enter) }
        for name in ["CLONE_NEWNET", "CLONE_NEWIPC", "CLONE_NEWUTS"] {
            expect(try places("setns", name), before: enter)
        }
        expect(try places("prlimit64"), before: enter)
        expect(enter, before: try places("prctl", "PR_CAPBSET_DROP"))
    }

    @Test("bounding set, groups, gid, uid, capabilities, no_new_privs, in this order")
    func identity() throws {
        let order: [[Int]] = [
            try places("prctl", "PR_CAPBSET_DROP"), try places("setgroups"), try places("setresgid"),
            try places("setresuid"), try places("prctl", "PR_CAP_AMBIENT"), try places("capset"),
            try places("prctl", "PR_SET_NO_NEW_PRIVS"), try places("seccomp"), try places("execve"),
        ]
        for (earlier, later) in zip(order, order.dropFirst()) { expect(earlier, before: later) }
    }

    @Test("dying with the supervisor is asked for at first, and again after the change of uid, which clears it")
    func death() throws {
        let asks = try places("prctl", "PR_SET_PDEATHSIG")
        try #require(asks.count == 2)
        #expect(asks[0] == 0)
        let last = [asks[1]]
        expect(try places("setresuid") + places("capset"), before: last)
        expect(last, before: try places("write", "<report writer>"))
        expect(try places("close", "<report reader>"), before: try places("write", "<report writer>"))
    }

    @Test("the filter is the last stage but one, and execve the last step")
    func end() throws {
        let stages = steps.map(\.stage).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        #expect(stages.suffix(2) == ["filter system calls", "execute program"])
        #expect(stages.count == Set(stages).count, "no stage is taken up again")
        #expect(try places("seccomp").count == 1)
        #expect(try places("execve") == [steps.count - 1])
        #expect(steps.suffix(3).map(\.call.name) == ["seccomp", "sendmsg", "execve"])
    }

    @Test("nothing is optional but capabilities that we don't know")
    func optional() throws {
        let optional = steps.indices.filter { steps[$0].isOptional }
        let drops = try places("prctl", "PR_CAPBSET_DROP")
        #expect(drops.count == 64)
        #expect(Set(optional) == Set(drops.dropFirst(Int(CAP_LAST_CAP) + 1)))
        for (bit, place) in drops.enumerated() { #expect(steps[place].arguments[1] == .value(UInt64(bit))) }
    }

    @Test("every descriptor above the report is closed by exec, after the last that is assigned")
    func descriptors() throws {
        let forget = try places("close_range", "CLOSE_RANGE_CLOEXEC")
        expect(try places("dup3"), before: forget)
        #expect(steps[forget[0]].arguments[0] == .value(10))
        let low = forget[0] - 1
        #expect(steps[low].call == .closeRange)
        #expect(steps[low].arguments == [.value(4), .value(9), .value(0)])
        let targets = try places("dup3").map { steps[$0].arguments[1] }
        #expect(targets == [.value(0), .value(1), .value(2), .value(3)])
    }

    @Test(
        "Landlock's rules are made in the new root, of numbers that were freed for them, and hold before any right is left"
    )
    func landlock() throws {
        let create = try places("landlock_create_ruleset")
        let rules = try places("landlock_add_rule")
        let restrict = try places("landlock_restrict_self")
        expect(try places("pivot_root") + places("close_range"), before: create)
        expect(create, before: rules)
        expect(rules, before: restrict)
        expect(restrict, before: try places("setns", "CLONE_NEWUSER"))
        for rule in rules {
            #expect(steps[rule - 1].call == .openat && steps[rule + 1].call == .close)
            #expect(steps[rule + 1].arguments == [.value(5)])
        }
        #expect(steps[restrict[0] + 1].arguments == [.value(4)], "the rule set is closed")
        let strict = try Fixtures.strict().policy.landlock
        #expect(rules.count == strict?.rules.count)
    }

    @Test("an older Landlock is asked for what it has")
    func olderLandlock() throws {
        let policy = try Fixtures.strict().policy
        let sizes = try [1: 8, 3: 8, 4: 16, 5: 16, 6: 24, 7: 24].map { abi, size in
            let tape = Tape.confine(
                Fixtures.program, under: try ConfinedPolicy(policy, landlockABI: abi), at: "/m", Fixtures.handles(100))
            let create = try #require(tape.steps.first { $0.call == .landlockCreateRuleset })
            return create.arguments[1] == .value(UInt64(size))
        }
        #expect(sizes == [true, true, true, true, true, true])
    }

    @Test("the job joins its control groups before anything else but that it dies with its launcher")
    func groups() throws {
        let joins = try places("write", "tasks>")
        #expect(joins == [1, 2])
    }

    @Test("every step names its stage and takes at most six arguments")
    func shape() {
        for step in steps { #expect(!step.stage.isEmpty && step.arguments.count <= 6) }
    }

    @Test("inputs are attached under /in, each by its own mount, and only there")
    func inputs() throws {
        let moves = try places("move_mount", "\"in").map { steps[$0].arguments[3] }
        #expect(moves == [.text("in"), .text("in/model"), .text("in/dataset")])
        let none = Tape.explained(
            Fixtures.program, under: try Fixtures.strict(), inputNames: [], groups: ["memory", "pids"])
        #expect(none.steps.count == steps.count - 2)
    }
}
