import Foundation
import Linux
import Measure
import Testing

@testable import AuditLog

@Suite("a witness")
struct WitnessTests {
    private let plain = PlainTree(entries: entries(0..<50))

    private func signed(_ size: Int, _ tree: PlainTree? = nil, by signer: (any NoteSigner)? = nil) throws -> SignedNote
    {
        let signer = try signer ?? Keys.log()
        return try SignedCheckpoint(
            Checkpoint(origin: signer.key.name, size: UInt64(size), root: (tree ?? plain).root(size)), signer: signer
        ).note
    }

    private func request(_ old: Int, _ new: Int, note: SignedNote? = nil, proof: [TreeHash]? = nil) throws -> [UInt8] {
        var tree = plain.tree(new)
        let proof = try proof ?? (old <= new ? tree.consistencyProof(from: UInt64(old)) : [])
        return WitnessRequest(oldSize: UInt64(old), proof: proof, note: try note ?? signed(new)).bytes
    }

    private func witness(_ folder: Folder) throws -> Witness {
        try Witness(in: folder.open("witness"), logs: [Keys.log().key], signer: Keys.witness())
    }

    @Test("cosigns what grows, and remembers it across a start")
    func cosigns() throws {
        let folder = try Folder()
        let now = Instant(milliseconds: 1_700_000_000_999)
        for (old, new) in [(0, 0), (0, 8), (8, 8), (8, 21), (21, 50)] {
            let body = try request(old, new)
            let answer = try witness(folder).addCheckpoint(body, at: now)
            #expect(answer.status == 200)
            let lines = try SignedNote.signatures(answer.body)
            let note = try signed(new).adding(lines)
            let key = try VerifierKey(Keys.witnessVkey)
            #expect(try note.verified(by: [key]) == [key])
            #expect(Cosignature(lines[0].bytes)?.time == 1_700_000_000)
            let hash = Digest.of(Array("trainrunner.example/log".utf8)).hex
            #expect(try witness(folder).checkpoint(originHash: hash) == note.bytes)
        }
        #expect(try witness(folder).checkpoint(originHash: "x") == nil)
    }

    @Test("refuses with the protocol's statuses")
    func refuses() throws {
        let folder = try Folder()
        let witness = try witness(folder)
        func status(_ body: [UInt8]) throws -> Int { try witness.addCheckpoint(body).status }
        #expect(try status(request(0, 20)) == 200)

        #expect(try status(request(20, 30, note: signed(30, by: Keys.log("other.example")))) == 404)
        #expect(try status(request(20, 30, note: signed(30, by: Keys.log(seed: "another")))) == 403)
        let good = try signed(30)
        let line = try #require(good.signatures.first)
        let forged = SignedNote(text: good.text).adding([
            .init(name: line.name, id: line.id, bytes: [UInt8](repeating: 3, count: 64))
        ])
        #expect(try status(request(20, 30, note: forged)) == 403)
        #expect(try status(request(31, 30)) == 400)
        let conflict = try witness.addCheckpoint(request(10, 30))
        #expect(conflict == WitnessAnswer(409, Array("20\n".utf8), contentType: "text/x.tlog.size"))
        #expect(conflict.conflictingSize == 20)
        #expect(try status(request(0, 30)) == 409)
        #expect(try status(request(20, 30, proof: [])) == 422)
        #expect(try status(request(20, 20, proof: [plain.root(3)])) == 422)
        var other = entries(0..<50)
        other[2] = [7]
        #expect(try status(request(20, 30, note: signed(30, PlainTree(entries: other)))) == 422)
        #expect(try status(request(20, 20, note: signed(20, PlainTree(entries: other)))) == 422)
        // Nothing of all this was remembered.
        #expect(try status(request(20, 30)) == 200)
        let bodies = [
            "", "old 30\n", "old 030\n\n", "old 30\nx\n\n", "new 30\n\n",
            "old 30\n" + String(repeating: "\(TreeHasher.emptyRoot)\n", count: 64) + "\n",
        ]
        for body in bodies { #expect(try status(Array(body.utf8) + good.bytes) == 400) }
        let wrongEmpty = try SignedNote(
            text: Array("trainrunner.example/log\n0\n\(plain.root(3))\n".utf8), signer: Keys.log())
        #expect(try status(request(0, 0, note: wrongEmpty, proof: [])) == 422)
    }

    @Test("gives one of two forks its cosignature, never both")
    func fork() throws {
        let folder = try Folder()
        let witness = try witness(folder)
        var other = entries(0..<50)
        other[0] = [7]
        let fork = PlainTree(entries: other)
        #expect(try witness.addCheckpoint(request(0, 10)).status == 200)
        var tree = fork.tree(12)
        let body = WitnessRequest(oldSize: 10, proof: try tree.consistencyProof(from: 10), note: try signed(12, fork))
            .bytes
        #expect(try witness.addCheckpoint(body).status == 422)
    }

    @Test("stops when what it remembers was changed")
    func changedState() throws {
        let folder = try Folder()
        #expect(try witness(folder).addCheckpoint(request(0, 10)).status == 200)
        let name = "witness/" + Digest.of(Array("trainrunner.example/log".utf8)).hex
        var bytes = try folder.read(name)
        bytes[26] ^= 1
        try folder.write(bytes, as: name)
        let body = try request(10, 12)
        #expect(throws: LogError.self) { try witness(folder).addCheckpoint(body) }
    }
}

@Suite("a trust policy")
struct PolicyTests {
    private let log = Keys.logVkey
    private let names = ["x1", "x2", "x3", "y1"]

    private func witnesses() throws -> [MemoryNoteSigner] {
        try names.map { try Keys.witness(ExactText("\($0).example"), seed: $0) }
    }

    private func signed(by indices: [Int]) throws -> SignedCheckpoint {
        let checkpoint = Checkpoint(origin: "trainrunner.example/log", size: 3, root: TreeHasher.emptyRoot)
        let signed = try SignedCheckpoint(checkpoint, signer: Keys.log())
        let all = try witnesses()
        let lines = try indices.map { try Cosignature.make(over: signed.note.text, at: 1, by: all[$0]) }
        return try SignedCheckpoint(signed.note.adding(lines).bytes, log: Keys.log().key, witnesses: all.map(\.key))
    }

    private func policy(_ rest: String) throws -> TlogPolicy {
        let lines = try zip(names, witnesses()).map { "witness \($0) \($1.key) https://\($0).example\n" }.joined()
        return try TlogPolicy(Array("# who is trusted\n\nlog \(log)\n\(lines)\(rest)".utf8))
    }

    @Test("counts witnesses in groups of groups")
    func quorum() throws {
        let policy = try policy("group X 2 x1 x2 x3\n\tgroup all  all X y1 \nquorum all\n")
        #expect(policy.witnessURLs.map(\.url.description) == names.map { "https://\($0).example" })
        for (indices, isEnough) in [
            ([0, 1, 3], true), ([0, 1, 2, 3], true), ([0, 3], false), ([0, 1, 2], false), ([], false),
        ] {
            #expect(policy.accepts(try signed(by: indices)) == isEnough)
        }
        #expect(try self.policy("quorum none\n").accepts(signed(by: [])))
        #expect(try self.policy("quorum x2\n").accepts(signed(by: [1])))
        #expect(try !self.policy("quorum x2\n").accepts(signed(by: [0])))
        let otherLog = try TlogPolicy(Array("log \(Keys.log("other.example").key)\nquorum none\n".utf8))
        #expect(try !otherLog.accepts(signed(by: [0])))
    }

    @Test(
        "in any other form is refused",
        arguments: [
            "", "quorum none", "quorum\n", "quorum z\n", "quorum none\nquorum none\n", "group g 1 z\nquorum g\n",
            "group g 0 x1\nquorum g\n", "group g 2 x1\nquorum g\n", "group g any\nquorum g\n",
            "group x1 any x2\nquorum x1\n",
            "group none any x1\nquorum none\n", "group g any x1\ngroup h any x1\nquorum g\n",
            "group g 01 x1\nquorum g\n",
            "witness w \(Keys.logVkey)\nquorum w\n", "log \(Keys.logVkey)\nquorum none\n",
            "log \(Keys.witnessVkey)\nquorum none\n",
            "log x\nquorum none\n", "trust x1\nquorum none\n", "quorum none\r\n",
        ])
    func malformed(rest: String) {
        #expect(throws: LogError.self) { try policy(rest) }
    }
}
