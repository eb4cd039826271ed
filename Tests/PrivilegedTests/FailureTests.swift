import Foundation
import Isolation
import JSON
import Linux
import Testing

@Suite("A launch that fails", .enabled(if: Privilege.isThere, Privilege.reason))
struct FailureTests {
    @Test("at any step of the tape names the stage, runs nothing of the job, and leaves nothing")
    func everyStep() throws {
        let folder = "\(Stage.folder)/inject"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let document = try Alone.scenario("inject", ["state=\(folder)/run"])
        let steps = try #require(document["steps"]?.integerValue)
        let failures = try #require(document["failures"]?.arrayValue)
        #expect(steps > 150)
        #expect(failures.count == Int(steps))
        var stages: [String] = []
        for (place, failure) in failures.enumerated() {
            let stage = failure["stage"]?.stringValue ?? ""
            #expect(failure["kind"] == "confinement", "step \(place)")
            #expect(stage.hasPrefix("injected into "))
            #expect(failure["call"] == "close")
            #expect(failure["errno"] == 9)
            if stages.last != stage { stages.append(stage) }
        }
        // Where cgroup v1 has a controller, the job joins it by a stage of its own.
        #expect(stages.count == (try GroupSurvey().joins.isEmpty ? 24 : 25))
        #expect(document["before"] == document["after"])
    }

    @Test("because the rootfs lacks a place says which", arguments: ["dev", "tmp", "proc", "in", "out"])
    func missing(_ place: String) throws {
        let stages = [
            "dev": "attach /dev", "tmp": "attach /tmp", "proc": "mount /proc", "in": "attach /in", "out": "attach /out",
        ]
        let root = "\(Stage.folder)/without-\(place)"
        for other in ["dev", "tmp", "proc", "in", "out"] where other != place {
            try FileManager.default.createDirectory(atPath: "\(root)/\(other)", withIntermediateDirectories: true)
        }
        let failure = try Probe.scenario("run", ["rootfs=\(root)"])["failure"]
        #expect(failure?["kind"] == "confinement")
        #expect(failure?["stage"]?.stringValue == stages[place])
        #expect(failure?["errno"] == 2)
    }

    @Test("because there is no such program, or none that may be executed, names the program")
    func program() throws {
        let missing = try Probe.scenario("run", program: ["/bin/missing"])["failure"]
        #expect(missing == ["kind": "program", "path": "/bin/missing", "errno": 2])
        let file = try Probe.scenario("run", program: ["/open/file"])["failure"]
        #expect(file == ["kind": "program", "path": "/open/file", "errno": 13])
    }

    @Test("because a folder of its own is somebody else's, before there is a child")
    func folder() throws {
        let state = "\(Stage.folder)/open-state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        #expect(chmod(state, 0o777) == 0)
        let failure = try Probe.scenario("run", ["state=\(state)"])["failure"]
        #expect(failure == ["kind": "preparation", "stage": "check that nobody else can change folder", "errno": 13])
    }
}
