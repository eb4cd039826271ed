import Foundation
import Glibc
import JSON
import Testing

@Suite("Beside a hostile job", .enabled(if: Privilege.isThere, Privilege.reason))
struct NeighbourTests {
    @Test("whatever it calls, drawn by lot, nothing around it changes", arguments: 1...6)
    func fuzz(_ seed: Int) throws {
        let input = try Stage.input()
        let rootfs = try Stage.rootfs.get()
        let before = try world(input, rootfs)
        let policy = try Policies.strict(["wall_seconds": 5, "grace_seconds": 0, "processes": 64])
        let document = try Probe.scenario(
            "run", policy: policy, ["in.input=\(input)"], program: ["/bin/hostile", "fuzz", "\(seed)", "200"])
        #expect(document["survivors"] == 0)
        // It may be killed by a call of its own, but it did begin; and it ends.
        // Those on record were answered slowly.
        let last = document["output"]?.stringValue?.split(separator: "\n").last?.split(separator: "\t")
        #expect(last?.first == "calls", "\(document)")
        #expect(last?.last.flatMap { Int($0) } ?? 0 > 1000)
        #expect(try #require(document["outcome"]?["milliseconds"]?.integerValue) < 7000)
        #expect(try world(input, rootfs) == before)
        let next = try Probe.scenario("run", program: ["/bin/hostile", "whoami"])
        #expect(next["outcome"]?["status"] == "exited 0")
    }

    /// What a job could have changed.
    private func world(_ input: String, _ rootfs: String) throws -> [String] {
        let paths = ["/dev/null", input] + ["", "/bin", "/bin/hostile", "/open", "/open/file"].map { rootfs + $0 }
        let stats = paths.map { path in
            var status = stat()
            guard lstat(path, &status) == 0 else { return "\(path) is gone" }
            return
                "\(path) \(status.st_mode) \(status.st_uid) \(status.st_nlink) \(status.st_size) \(status.st_mtim.tv_sec)"
        }
        return stats + [Host.text("/proc/sys/kernel/hostname"), Host.text("/proc/sys/kernel/core_pattern")]
            + [try Data(contentsOf: URL(filePath: input)).base64EncodedString()]
    }

    /// A limit that is told, not a wall: see "What is not a boundary" of docs/threat-model.md.
    @Test("a lock on an input that both read can be felt, and that is all: the input can be read")
    func lock() throws {
        let input = try Stage.input()
        let other = try RunningProbe(["in.input=\(input)"], program: ["/bin/hostile", "hold-lock"])
        #expect(!other.members.isEmpty)
        let document = try Probe.scenario(
            "run", ["in.input=\(input)"], program: ["/bin/hostile", "try", "/out", "lock an input", "write an input"])
        #expect(document["output"] == "lock an input\tEAGAIN\nwrite an input\tEROFS\n")
    }
}
