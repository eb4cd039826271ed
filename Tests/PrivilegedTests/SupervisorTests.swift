import Foundation
import Glibc
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

    @Test("one that is killed while it launches from four threads takes along all that was on its way")
    func killedWhileLaunching() throws {
        for round in 0..<24 {
            let marker = UUID().uuidString
            let probe = Process()
            probe.executableURL = URL(filePath: Probe.beside("sandbox-probe"))
            probe.arguments = try Probe.arguments(
                "crowd", nil, ["threads=4", "env.MARKER=\(marker)"], ["/bin/hostile", "linger"])
            // Before its exec a child shows what its parent has.
            probe.environment = ["MARKER": marker]
            probe.standardOutput = FileHandle.nullDevice
            try probe.run()
            let isBusy = Host.eventually(within: 5) { Host.processes(marked: marker).count > 1 + round % 4 }
            kill(probe.processIdentifier, SIGKILL)
            probe.waitUntilExit()
            #expect(isBusy, "the detector sees those that are on their way")
            let isGone = Host.eventually(within: 1) { Host.processes(marked: marker).isEmpty }
            let left = Host.processes(marked: marker)
            let states = left.map { Host.text("/proc/\($0)/stat") + Host.text("/proc/\($0)/wchan") }
            #expect(isGone, "round \(round): \(states)")
            for pid in left { kill(pid_t(pid), SIGKILL) }
        }
    }

    /// Whether somebody has the uid: a search that begins there finds another.
    private func held(_ user: UInt32, _ state: String) throws -> Bool {
        let found = try HostUser.reserve(in: "\(state)/users", from: user - HostUser.range.lowerBound)
        return found.id != user
    }

    @Test("one with much memory does not take its own peak for the job's")
    func peak() throws {
        let large = try Probe.scenario("resident", ["mebibytes=256", "launches=3"])
        for peak in try #require(large["peaks"]?.arrayValue) {
            #expect((1..<(16 << 20)).contains(try #require(peak.integerValue)))
        }
        let small = try Probe.scenario("resident", ["launches=1"], program: ["/bin/hostile", "fill-memory", "100"])
        let peak = try #require(small["peaks"]?.arrayValue?.first?.integerValue)
        #expect((100 << 20...140 << 20).contains(peak))
    }

    @Test("one with four threads launches from all of them at a time, each with a file that it writes itself")
    func crowd() throws {
        let document = try Probe.scenario("crowd", ["threads=4", "each=100", "written.own=x"])
        #expect(document["failures"] == [])
        #expect(document["ended"] == 400)
    }
}
