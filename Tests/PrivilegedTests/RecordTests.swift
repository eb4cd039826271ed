import Foundation
import JSON
import Testing

@Suite("Denied calls on record", .enabled(if: Privilege.isThere, Privilege.reason))
struct RecordTests {
    private func run(_ program: [String], policy: String, _ options: [String] = []) throws -> JSON {
        let document = try Probe.scenario("run", policy: policy, options, program: ["/bin/hostile"] + program)
        #expect(document["survivors"] == 0)
        return document
    }

    @Test("tell name, arguments and count, and are refused as ever")
    func recorded() throws {
        let document = try run(["call-denied"], policy: try Policies.recording(["ptrace", "unshare"]))
        let refused = ["ptrace", "ptrace", "ptrace", "unshare", "unshare"].map { "\($0)\tEPERM\n" }.joined()
        #expect(document["output"]?.stringValue == refused)
        let denied = try #require(document["outcome"]?["denied"])
        #expect(denied["total"] == 5)
        #expect(denied["counts"] == ["ptrace": 3, "unshare": 2])
        let attempts = try #require(denied["attempts"]?.arrayValue)
        // PTRACE_ATTACH; CLONE_NEWUSER; CLONE_NEWNS below bits that the kernel does not look at.
        let seen = attempts.map { "\($0["name"]?.stringValue ?? "") \($0["count"]?.integerValue ?? 0)" }
        #expect(seen == ["ptrace 3", "unshare 1", "unshare 1"])
        #expect(attempts.first?["arguments"] == ["10", "7fffffff", "0", "0", "0", "0"])
        #expect(attempts.dropFirst().first?["arguments"]?.arrayValue?.first == "10000000")
        #expect(attempts.last?["arguments"] == ["ffffffff00020000", "1", "2", "3", "4", "5"])
    }

    @Test("are not heard of under a policy that puts none on record")
    func none() throws {
        let document = try run(["call-denied"], policy: try Policies.recording([]))
        #expect(document["outcome"]?["denied"]?["total"] == 0)
        #expect(document["output"]?.stringValue?.contains("ptrace\tEPERM") == true)
    }

    @Test("in a flood wait for their answers: the job ends on time, and the supervisor has next to nothing to do")
    func flood() throws {
        let policy = try Policies.recording(["ptrace", "unshare"], ["wall_seconds": 2, "grace_seconds": 0])
        let document = try run(["flood-calls", "4", "100000"], policy: policy)
        #expect(document["outcome"]?["cause"] == "timedOut")
        #expect(document["outcome"]?["status"] == "signalled 9")
        let milliseconds = try #require(document["outcome"]?["milliseconds"]?.integerValue)
        #expect((2000...3500).contains(milliseconds))
        // A burst of 256, then 200 a second.
        let total = try #require(document["outcome"]?["denied"]?["total"]?.integerValue)
        #expect((400...256 + milliseconds / 5 + 10).contains(total))
        #expect(document["outcome"]?["denied"]?["attempts"]?.arrayValue?.count == 64, "a bounded list of them")
        #expect(try #require(document["microseconds"]?.integerValue) < 1_000_000)
    }

    @Test("slow down nobody else: another job's calls are answered meanwhile")
    func beside() throws {
        let policy = try Policies.recording(["ptrace", "unshare"], ["wall_seconds": 20])
        let flood = try RunningProbe(policy: policy, program: ["/bin/hostile", "flood-calls", "4", "100000"])
        let document = try run(["flood-calls", "1", "200"], policy: policy)
        #expect(document["outcome"]?["denied"]?["total"] == 200)
        #expect(try #require(document["outcome"]?["milliseconds"]?.integerValue) < 1000, "within its own burst")
        #expect(!flood.members.isEmpty, "the flood goes on")
    }

    @Test("do not keep a job from being cancelled while it waits for an answer")
    func cancelled() throws {
        let policy = try Policies.recording(["unshare"], ["grace_seconds": 0])
        let document = try run(["flood-calls", "8", "100000"], policy: policy, ["cancel=300"])
        #expect(document["outcome"]?["cause"] == "cancelled")
        #expect(document["outcome"]?["status"] == "signalled 9")
        #expect(try #require(document["outcome"]?["milliseconds"]?.integerValue) < 2000)
    }

    @Test("reach no descriptor of the job: what hears of them is the supervisor's alone")
    func descriptors() throws {
        let document = try Probe.scenario("run", policy: try Policies.recording(["ptrace"]))
        #expect(try Identity(document).keys("fd") == ["fd 0", "fd 1", "fd 2", "fd 3"])
    }
}
