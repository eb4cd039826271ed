import JSON
import Testing

/// Landlock is behind the mounts, so that most of what it denies is denied before; here it denies what they allow.
@Suite("Landlock by itself", .enabled(if: Privilege.isThere, Privilege.reason))
struct LandlockTests {
    private func answer(_ name: String, in place: String, _ rule: (path: String, allow: [String])) throws -> String? {
        let document = try Probe.scenario(
            "run", policy: try Policies.landlock(rule.path, allow: rule.allow),
            program: ["/bin/hostile", "try", place, name])
        return document["output"]?.stringValue
    }

    @Test("keeps a job from making files where its rule does not say so", arguments: ["/tmp", "/out"])
    func make(_ place: String) throws {
        let name = "write to /out"
        #expect(try answer(name, in: place, (place, ["write", "make"])) == "\(name)\tdone\n")
        #expect(try answer(name, in: place, (place, ["write"])) == "\(name)\tEACCES\n")
    }

    @Test("keeps a job from making sockets where its rule does not say so")
    func sockets() throws {
        let name = "bind a socket in /out"
        #expect(try answer(name, in: "/tmp", ("/tmp", ["make", "socket"])) == "\(name)\tdone\n")
        #expect(try answer(name, in: "/tmp", ("/tmp", ["make"])) == "\(name)\tEACCES\n")
    }

    @Test("keeps a job from writing to devices where its rule does not say so")
    func devices() throws {
        let name = "write to /dev/null"
        #expect(try answer(name, in: "/tmp", ("/dev", ["write"])) == "\(name)\tdone\n")
        #expect(try answer(name, in: "/tmp", ("/dev", ["execute"])) == "\(name)\tEACCES\n")
    }

    @Test("keeps a job from executing what its rules do not name, even where a mount would let it")
    func execute() throws {
        let name = "execute a program made in /out"
        let document = try Probe.scenario(
            "run", policy: try Policies.landlock("/", allow: ["read"], and: "/bin", ["execute"]),
            ["writable=1", "in.input=\(try Stage.input())"],
            program: ["/bin/hostile", "try", "/out", name])
        #expect(document["output"]?.stringValue == "\(name)\tEACCES\n")
    }
}
