import Measure
import Testing

@testable import AuditLog

/// What a signer that remembers nothing signs, and what it does not.
@Suite("a claim that a log grew")
struct GrowthTests {
    private let plain = PlainTree(entries: entries(0..<40))
    private let signer: MemoryNoteSigner
    private let origin: ExactText = "trainrunner.example/log"

    init() throws { signer = try Keys.log() }

    private func checkpoint(_ size: Int, _ tree: PlainTree? = nil) -> Checkpoint {
        Checkpoint(origin: origin, size: UInt64(size), root: (tree ?? plain).root(size))
    }

    private func note(_ size: Int, _ tree: PlainTree? = nil, by signer: MemoryNoteSigner? = nil) throws -> SignedNote {
        try SignedCheckpoint(checkpoint(size, tree), signer: signer ?? self.signer).note
    }

    private func claim(_ old: Int, _ new: Int, _ tree: PlainTree? = nil) throws -> GrowthClaim {
        var whole = (tree ?? plain).tree(new)
        return GrowthClaim(
            checkpoint(new, tree), after: try note(old), proof: try whole.consistencyProof(from: UInt64(old)))
    }

    private func check(_ claim: GrowthClaim, after last: Int? = nil) throws {
        let read = try GrowthClaim(claim.bytes)
        #expect(read == claim)
        try read.check(publicKey: signer.key.publicKey, remembered: last.map { checkpoint($0) })
    }

    @Test("holds for every pair of sizes, remembered or shown")
    func holds() throws {
        try check(GrowthClaim(.empty(origin), after: nil, proof: []))
        for (old, new) in [(0, 0), (0, 1), (1, 2), (3, 8), (8, 13), (13, 13), (13, 40)] {
            try check(claim(old, new))
            try check(claim(old, new), after: old)
        }
        // The same again, whatever is shown for it: it has one signature.
        try check(GrowthClaim(checkpoint(13), after: nil, proof: []), after: 13)
    }

    @Test("is refused for a fork, a step back, a stranger's word and for nothing shown")
    func refused() throws {
        var other = entries(0..<40)
        other[3] = [7]
        let fork = PlainTree(entries: other)
        #expect(throws: LogError.inconsistent(size: 13, with: "the checkpoint that was signed last")) {
            try check(claim(13, 20, fork))
        }
        #expect(throws: LogError.self) { try check(GrowthClaim(checkpoint(13, fork), after: note(13), proof: [])) }
        #expect(throws: LogError.wentBackwards(size: 8, seen: 13, by: "the signer")) {
            try check(GrowthClaim(checkpoint(8), after: note(13), proof: []))
        }
        // An older signature of its own than the one that it remembers would open the way round it.
        #expect(throws: LogError.inconsistent(size: 20, with: "the checkpoint that was signed last")) {
            try check(claim(13, 30), after: 20)
        }
        #expect(throws: LogError.self) { try check(GrowthClaim(checkpoint(13), after: nil, proof: [])) }
        #expect(throws: LogError.self) { try check(GrowthClaim(.empty(origin), after: nil, proof: []), after: 13) }
        let stranger = try Keys.log(seed: "another")
        #expect(throws: LogError.self) {
            var whole = plain.tree(20)
            let proof = try whole.consistencyProof(from: 13)
            try check(GrowthClaim(checkpoint(20), after: note(13, by: stranger), proof: proof))
        }
        let otherName = Checkpoint(origin: "other.example/log", size: 13, root: plain.root(13))
        #expect(throws: LogError.self) { try check(GrowthClaim(otherName, after: note(13), proof: [])) }
    }

    @Test("does not read what is cut, doubled or of another form")
    func malformed() throws {
        let good = try claim(13, 20).bytes
        for end in [0, 1, 40, good.count / 2] {
            #expect(throws: LogError.self) {
                try GrowthClaim(Array(good[..<end])).check(publicKey: signer.key.publicKey, remembered: nil)
            }
        }
        for text in [
            "", "\n", "\n\n", "x\n\ny\n\n", String(repeating: "\(TreeHasher.emptyRoot)\n", count: 64) + "\n\n",
        ] {
            #expect(throws: LogError.self) { try GrowthClaim(Array(text.utf8)) }
        }
    }
}
