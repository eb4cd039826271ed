import Foundation
import JSON
import Sandbox
import Testing

@Suite("Supervisors", .enabled(if: Privilege.isThere, Privilege.reason))
struct SupervisorTests {
    @Test("one that is killed takes its job along: no process, mount, device or uid stays taken")
    func killed() throws {
        let state = "\(Stage.folder)/killed"
        let image = Stage.image.map { ["image=\($0)"] } ?? []
        let probe = try RunningProbe(["state=\(state)"] + image, program: ["/bin/hostile", "linger"])
        let pid = try #require(probe.members.first)
        let user = try #require(Host.users(of: pid).first)
        if let image = Stage.image { #expect(Host.loops(on: image) > 0, "the detector sees the device") }
        #expect(try held(user, state), "the detector sees the lock")

        probe.kill()
        #expect(Host.eventually(within: 1) { probe.members.isEmpty })
        #expect(Host.mounts(naming: state) == 0)
        #expect(Host.eventually(within: 1) { (try? held(user, state)) == false })
    }

    /// Whether somebody has the uid: a search that begins there finds another.
    private func held(_ user: UInt32, _ state: String) throws -> Bool {
        let found = try HostUser.reserve(in: "\(state)/users", from: user - HostUser.range.lowerBound)
        return found.id != user
    }

    @Test("one with 512 MiB in memory launches as fast as a small one")
    func resident() throws {
        func fastest(_ mebibytes: Int) throws -> Int64 {
            let document = try Probe.scenario("resident", ["mebibytes=\(mebibytes)", "launches=30"])
            return try #require(document["fastest_microseconds"]?.integerValue, "\(document)")
        }
        // A fork copies page tables: 4 to 5 ms more for each 100 MiB. The fastest of 30 is what noise leaves alone.
        #expect(try fastest(512) < fastest(0) + 10_000)
    }

    @Test("one with much memory does not take its own peak for the job's")
    func peak() throws {
        let large = try Probe.scenario("resident", ["mebibytes=256", "launches=3"])
        #expect(large["peaks"] == [.null, .null, .null])
        let small = try Probe.scenario("resident", ["launches=1"], program: ["/bin/hostile", "fill-memory", "100"])
        let peak = try #require(small["peaks"]?.arrayValue?.first?.integerValue)
        #expect((100 << 20...140 << 20).contains(peak))
    }

    @Test("one with four threads launches from all of them at a time")
    func crowd() throws {
        let document = try Probe.scenario("crowd", ["threads=4", "each=20"])
        #expect(document["failures"] == [])
        #expect(document["ended"] == 80)
    }
}
