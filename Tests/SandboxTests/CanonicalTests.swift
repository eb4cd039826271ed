import Foundation
import Testing

@testable import Sandbox

@Suite("Canonical form of a tape")
struct CanonicalTests {
    @Test("is the golden file; AIBOM_WRITE_VECTORS=1 writes it anew")
    func golden() throws {
        let bytes = try Fixtures.tape().canonicalBytes
        if ProcessInfo.processInfo.environment["AIBOM_WRITE_VECTORS"] == "1" {
            try Data(bytes).write(to: Fixtures.golden)
        }
        #expect(String(decoding: bytes, as: UTF8.self) == (try String(contentsOf: Fixtures.golden, encoding: .utf8)))
    }

    @Test("is the same for two jobs that differ in descriptors, uid and mount point")
    func sameForAllJobs() throws {
        let (one, other) = (try Fixtures.tape(100, at: "/run/a/job"), try Fixtures.tape(900, at: "/srv/b/job"))
        #expect(one != other, "the tapes themselves differ, so the comparison below says something")
        #expect(one.canonicalBytes == other.canonicalBytes)
    }

    @Test("is the one that is explained before a job exists")
    func explained() throws {
        let explained = Tape.explained(
            Fixtures.program, under: try Fixtures.strict(), inputNames: ["model", "dataset"],
            groups: ["memory", "pids"])
        #expect(explained.canonicalBytes == (try Fixtures.tape().canonicalBytes))
    }

    @Test("shows no descriptor, uid or path of one job")
    func nothingOfOneJob() throws {
        let marked = Tape.confine(
            Fixtures.program, under: try Fixtures.strict(), at: "/secret-place", Fixtures.handles(77_000))
        let text = String(decoding: marked.canonicalBytes, as: UTF8.self)
        #expect(!text.contains("/secret-place"))
        for number in 77_000...77_019 { #expect(!text.contains("\(number)")) }
    }

    @Test(
        "differs when a limit of the policy does",
        arguments: [
            ("\"processes\": 512", "\"processes\": 513"), ("\"open_files\": 1024", "\"open_files\": 1023"),
            ("\"file_bytes\": 4294967296", "\"file_bytes\": 4294967295"),
            ("\"locked_bytes\": 65536", "\"locked_bytes\": 65535"),
            ("\"scratch_bytes\": 1073741824", "\"scratch_bytes\": 1073741825"),
            ("\"output_bytes\": 4294967296", "\"output_bytes\": 4294967295"),
            ("\"output_entries\": 4096", "\"output_entries\": 4097"),
            ("\"scratch_entries\": 65536", "\"scratch_entries\": 65537"), ("\"flock\"", "\"flock\", \"vhangup\""),
        ])
    func policyShows(_ old: String, _ new: String) throws {
        let changed = Tape.confine(
            Fixtures.program, under: try Fixtures.strict(changing: old, to: new), at: "/run/a/job",
            Fixtures.handles(100))
        #expect(changed.canonicalBytes != (try Fixtures.tape().canonicalBytes))
    }

    @Test(
        "differs when the program, its arguments or its environment do",
        arguments: [
            Program(path: "/usr/bin/python", arguments: Fixtures.program.arguments, environment: ["LANG=C.UTF-8"]),
            Program(path: "/usr/bin/python3", arguments: ["python3"], environment: ["LANG=C.UTF-8"]),
            Program(path: "/usr/bin/python3", arguments: Fixtures.program.arguments, environment: []),
        ])
    func programShows(_ program: Program) throws {
        let changed = Tape.confine(program, under: try Fixtures.strict(), at: "/run/a/job", Fixtures.handles(100))
        #expect(changed.canonicalBytes != (try Fixtures.tape().canonicalBytes))
    }

    @Test("no argument can forge a line or an argument")
    func noForgery() throws {
        func lines(_ arguments: [String]) throws -> [String] {
            let program = Program(path: "/p", arguments: arguments, environment: [])
            return Tape.confine(program, under: try Fixtures.strict(), at: "/m", Fixtures.handles(100)).canonicalLines
        }
        let plain = try lines(["a"])
        #expect(try lines(["a\nseccomp: none"]).count == plain.count)
        #expect(try lines(["a\nb"]).allSatisfy { !$0.contains("\n") })
        #expect(try lines(["a\", \"b"]) != (try lines(["a", "b"])), "one argument is not two")
        #expect(try lines(["a\\n"]) != (try lines(["a\n"])))
    }
}
