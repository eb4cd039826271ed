import Foundation
import JSON
import Testing

/// Something that a job plants in /out, what stops it from that, and what stops a collector where nothing did.
struct Planted: Sendable, CustomStringConvertible {
    let name: String
    /// What the job is told: as it is, without the filter, without the filter and Landlock.
    let answers: [String]
    /// What a collector says of what the last made; nil where it takes it.
    let refusal: String?

    init(_ name: String, _ strict: String, _ landlocked: String, _ open: String, _ refusal: String?) {
        self.name = name
        answers = [strict, landlocked, open]
        self.refusal = refusal
    }

    var description: String { name }

    static let all = [
        Planted("link-absolute", "EPERM", "EACCES", "done", "not regular"),
        Planted("link-up", "EPERM", "EACCES", "done", "not regular"),
        Planted("link-process", "EPERM", "EACCES", "done", "not regular"),
        Planted("link-folder", "EPERM", "EACCES", "done", "not regular"),
        Planted("hard-link", "EPERM", "done", "done", "linked"),
        Planted("fifo", "EPERM", "EACCES", "done", "not regular"),
        Planted("socket", "EACCES", "EACCES", "done", "not regular"),
        // No capability to make one: what a collector does of one is told by LinuxTests.
        Planted("device", "EPERM", "EACCES", "EPERM", nil),
        Planted("block-device", "EPERM", "EACCES", "EPERM", nil),
        Planted("deep", "done", "done", "done", "too deep"),
        Planted("longer-name", "ENAMETOOLONG", "ENAMETOOLONG", "ENAMETOOLONG", nil),
        Planted("move-out", "EXDEV", "EXDEV", "EXDEV", nil),
    ]
}

@Suite("What a job leaves", .enabled(if: Privilege.isThere, Privilege.reason))
struct OutputTests {
    private static let worlds = ["", "filter system calls", "filter system calls,restrict files"]

    private func plant(_ names: String..., without stages: String = "") throws -> (lines: [String], collected: JSON) {
        let document = try Probe.scenario(
            "run", ["without=\(stages)"], program: ["/bin/hostile", "plant"] + names)
        #expect(document["collected"] == document["collected_again"])
        let lines = document["output"]?.stringValue?.split(separator: "\n").map(String.init) ?? []
        return (lines, try #require(document["collected"], "\(document)"))
    }

    @Test("that is no file of its own is stopped where it is made, and where it is collected", arguments: Planted.all)
    func planted(_ planted: Planted) throws {
        for (stages, answer) in zip(Self.worlds, planted.answers) {
            let (lines, collected) = try plant(planted.name, without: stages)
            #expect(lines == ["\(planted.name)\t\(answer)"], "without \(stages)")
            #expect(collected["error"]?.stringValue == (answer == "done" ? planted.refusal : nil), "without \(stages)")
        }
    }

    @Test("has names of bytes: not UTF-8, twins that String takes for one, control bytes, 255 of them")
    func names() throws {
        let (lines, collected) = try plant("bytes", "twins", "newline", "long-name")
        #expect(lines.allSatisfy { $0.hasSuffix("\tdone") })
        let paths = try #require(collected["files"]?.arrayValue).compactMap { $0["path"]?.stringValue }
        let long = String(repeating: "6e", count: 255)
        #expect(
            Set(paths) == [
                "626164fffe2e62696e", "636166c3a9", "63616665cc81", "610a726f6f743a20616c6c2069732077656c6c",
                "1b5b324a0d", "2d7266", long,
            ])
    }

    @Test("has the mode that the job gave it, and is read whatever that is")
    func modes() throws {
        let (_, collected) = try plant("set-bits", "unreadable")
        let files = try #require(collected["files"]?.arrayValue)
        #expect(files.map { $0["mode"]?.integerValue } == [0o7777, 0])
        for file in files { #expect(file["sum"] == "af63f54c86021707") }
    }

    @Test("counts by its size, though it takes no space")
    func sparse() throws {
        let (lines, collected) = try plant("sparse")
        #expect(lines == ["sparse\tdone"])
        #expect(collected["files"]?.arrayValue?.first?["size"] == .integer(3 << 30))
    }

    @Test("is what it is once the job is dead, whoever wrote on", arguments: ["mapping", "rename", "swap", "write"])
    func races(_ name: String) throws {
        let marker = UUID().uuidString
        let document = try Probe.scenario(
            "run", ["env.MARKER=\(marker)"], program: ["/bin/hostile", "race", name])
        #expect(document["outcome"]?["status"] == "exited 0")
        #expect(document["output"] == "changes\n", "the detector sees a change while the job lives")
        #expect(document["survivors"] == 0)
        #expect(document["collected"]?["files"]?.arrayValue?.count == 1)
        #expect(document["collected"] == document["collected_again"])
    }

    @Test("counts against its limit while it is open, though it has no name any more")
    func deleted() throws {
        let document = try Probe.scenario(
            "run", policy: try Policies.strict(["output_bytes": 8 << 20]), program: ["/bin/hostile", "hold-deleted"])
        #expect(document["output"] == "held\tENOSPC\nclosed\tdone\n")
        #expect(document["collected"]?["files"]?.arrayValue?.count == 1)
    }

    @Test("does not include its inputs: no trick with pages changes what may only be read")
    func dirty() throws {
        let input = try Stage.input()
        try Stage.write(input, mode: 0o666, String(repeating: "clean", count: 2000))
        let before = try Data(contentsOf: URL(filePath: input))
        let rootfs = try Stage.rootfs.get()
        let program = try Data(contentsOf: URL(filePath: "\(rootfs)/bin/hostile"))
        let document = try Probe.scenario(
            "run", ["in.input=\(input)", "written.own=clean"],
            program: ["/bin/hostile", "dirty", "/in/input", "/in/own", "/bin/hostile"])
        let output = try #require(document["output"]?.stringValue)
        for path in ["/in/input", "/in/own", "/bin/hostile"] {
            #expect(
                output.contains("splice \(path)\tdone\nwrite behind \(path)\tdone\nrace \(path)\tdone\n"),
                "it got that far")
            #expect(output.contains("mprotect \(path)\tEACCES\nmap writable \(path)\tEACCES\n"))
        }
        #expect(try Data(contentsOf: URL(filePath: input)) == before)
        #expect(try Data(contentsOf: URL(filePath: "\(rootfs)/bin/hostile")) == program)
    }
}
