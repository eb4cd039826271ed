import JSON
import Measure
import Testing

@testable import AuditLog

@Suite("merkle tree")
struct MerkleTests {
    @Test("has the roots of the reference tree", arguments: 0...8)
    func referenceRoots(size: Int) throws {
        let vector = try Vectors.json("rfc6962-roots.json")
        let leaves = try #require(vector["leaves"]?.arrayValue).map { value -> [UInt8] in
            let digits = Array((value.stringValue ?? "").utf8)
            return stride(from: 0, to: digits.count, by: 2).map {
                UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16) ?? 0
            }
        }
        let expected = try TreeHash(hex: try #require(vector["roots"]?.arrayValue?[size].stringValue))
        let plain = PlainTree(entries: Array(leaves[..<size]))
        var tree = plain.tree(size)
        #expect(try tree.root() == expected)
        var frontier = Frontier()
        var hasher = TreeHasher()
        for leaf in plain.leaves { frontier.append(leaf, &hasher) }
        #expect(frontier.root(&hasher) == expected)
    }

    @Test("judges the inclusion proofs of transparency-dev/merkle as that library does")
    func inclusionVectors() throws {
        let vectors = try #require(try Vectors.json("merkle-proofs.json")["inclusion"]?.arrayValue)
        #expect(vectors.count == 98)
        for vector in vectors {
            let verifies: Bool
            if let leaf = hash(vector["leafHash"]), let root = hash(vector["root"]),
                let proof = hashes(vector["proof"]),
                let index = vector["leafIdx"]?.integerValue, let size = vector["treeSize"]?.integerValue
            {
                verifies = MerkleProof.verifyInclusion(
                    of: leaf, at: UInt64(index), size: UInt64(size), root: root, proof: proof)
            } else {
                verifies = false  // a hash that is none is refused before there is a proof
            }
            #expect(verifies == (vector["wantErr"]?.boolValue == false), "\(vector["name"] ?? .null)")
        }
    }

    @Test("judges the consistency proofs of transparency-dev/merkle as that library does")
    func consistencyVectors() throws {
        let vectors = try #require(try Vectors.json("merkle-proofs.json")["consistency"]?.arrayValue)
        #expect(vectors.count == 98)
        for vector in vectors {
            // Its roots are twelve bytes, which are no hashes here.
            if vector["name"]?.stringValue == "additional/sizes-are-equal-one-and-proof-is-empty" { continue }
            let verifies: Bool
            if let old = hash(vector["root1"]), let new = hash(vector["root2"]), let proof = hashes(vector["proof"]),
                let from = vector["size1"]?.integerValue, let to = vector["size2"]?.integerValue
            {
                verifies = MerkleProof.verifyConsistency(
                    from: UInt64(from), root: old, to: UInt64(to), root: new, proof: proof)
            } else {
                verifies = false
            }
            #expect(verifies == (vector["wantErr"]?.boolValue == false), "\(vector["name"] ?? .null)")
        }
    }

    @Test("proves every leaf and every older tree, and nothing else", arguments: 0..<40)
    func everyProof(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let size = seed < 20 ? Int(seed) + 1 : Int.random(in: 1...1500, using: &dice)
        let plain = PlainTree(entries: entries(0..<size))
        var tree = plain.tree(size)
        let root = try tree.root()
        #expect(root == plain.root(size))
        for index in (0..<size).shuffled(using: &dice).prefix(40) {
            let proof = try tree.inclusionProof(of: UInt64(index))
            func verifies(
                _ leaf: TreeHash? = nil, at place: Int? = nil, size other: Int? = nil, root otherRoot: TreeHash? = nil,
                hashes: [TreeHash]? = nil
            ) -> Bool {
                MerkleProof.verifyInclusion(
                    of: leaf ?? plain.leaves[index], at: UInt64(place ?? index), size: UInt64(other ?? size),
                    root: otherRoot ?? root, proof: hashes ?? proof)
            }
            #expect(verifies())
            #expect(!verifies(proof.first ?? root.turned))
            #expect(!verifies(at: size))
            if size > 1 { #expect(!verifies(at: (index + 1) % size)) }
            #expect(!verifies(root: root.turned))
            for mutant in mutants(of: proof, &dice) { #expect(!verifies(hashes: mutant)) }
        }
        for old in (0...size).shuffled(using: &dice).prefix(40) {
            let proof = try tree.consistencyProof(from: UInt64(old))
            let oldRoot = plain.root(old)
            func verifies(
                from: Int? = nil, root oldRoot: TreeHash, to: TreeHash, _ hashes: [TreeHash]? = nil
            ) -> Bool {
                MerkleProof.verifyConsistency(
                    from: UInt64(from ?? old), root: oldRoot, to: UInt64(size), root: to, proof: hashes ?? proof)
            }
            #expect(verifies(root: oldRoot, to: root))
            #expect(!verifies(root: oldRoot.turned, to: root))
            if old > 0 { #expect(!verifies(root: oldRoot, to: root.turned)) }
            #expect(!verifies(from: size + 1, root: oldRoot, to: root))
            for mutant in mutants(of: proof, &dice) { #expect(!verifies(root: oldRoot, to: root, mutant)) }
        }
    }

    @Test("asks for few hashes, however large the tree")
    func asksForFew() throws {
        let leaf = TreeHasher.emptyRoot
        let plain = PlainTree(leaves: [TreeHash](repeating: leaf, count: 4000))
        var tree = plain.tree(4000)
        _ = try tree.inclusionProof(of: 1234)
        #expect(plain.asked <= 2 * 12)
    }

    @Test("says of each subtree when it is complete")
    func completed() throws {
        let plain = PlainTree(entries: entries(0..<64))
        var frontier = Frontier()
        var hasher = TreeHasher()
        var found: [Int: [TreeHash]] = [:]
        for leaf in plain.leaves { frontier.append(leaf, &hasher) { found[$0, default: []].append($1) } }
        for level in 1...6 {
            let expected = stride(from: 0, to: 64, by: 1 << level).map {
                PlainTree.root(plain.leaves[$0..<($0 + 1 << level)])
            }
            #expect(found[level] == expected)
        }
        var source = plain
        let again = try Frontier(size: 47, source: &source)
        #expect(again.root(&hasher) == plain.root(47))
    }

    /// Every hash changed by a bit, left out, doubled, swapped with its neighbour; one more at either end.
    private func mutants(of proof: [TreeHash], _ dice: inout Dice) -> [[TreeHash]] {
        var mutants = [proof + [TreeHasher.emptyRoot], [TreeHasher.emptyRoot] + proof]
        for index in proof.indices {
            var changed = proof
            changed[index] = proof[index].turned
            var shorter = proof
            shorter.remove(at: index)
            var longer = proof
            longer.insert(proof[index], at: index)
            mutants += [changed, shorter, longer]
            if index > 0, proof[index] != proof[index - 1] {
                var swapped = proof
                swapped.swapAt(index, index - 1)
                mutants.append(swapped)
            }
        }
        return mutants
    }

    private func hash(_ value: JSON?) -> TreeHash? { TreeHash(base64: Array((value?.stringValue ?? "").utf8)) }

    private func hashes(_ value: JSON?) -> [TreeHash]? {
        guard let list = value?.arrayValue else { return nil }
        let hashes = list.compactMap { hash($0) }
        return hashes.count == list.count ? hashes : nil
    }
}

extension TreeHash {
    /// With one bit the other way.
    var turned: TreeHash {
        var bytes = self.bytes
        bytes[17] ^= 0x10
        return TreeHash(bytes: bytes) ?? self
    }
}
