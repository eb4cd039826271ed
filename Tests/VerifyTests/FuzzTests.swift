import Attest
import AuditLog
import EvidenceTesting
import Foundation
import JSON
import Keys
import Testing
import Verify

/// Mutants of everything that a verifier reads: none crashes it, none is taken for the original, and none keeps it long.
///
/// `AIBOM_FUZZ_SECONDS` says for how long (2), `AIBOM_FUZZ_SEED` with which seed; a failure prints the seed.
@Suite("fuzzing", .serialized)
struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = Double(environment["AIBOM_FUZZ_SECONDS"] ?? "") ?? 2
    private static let seed = UInt64(environment["AIBOM_FUZZ_SEED"] ?? "") ?? UInt64.random(in: 0...UInt64.max)
    /// A debug build on a machine with other work is slow; what is looked for is quadratic.
    private static let patience: Duration = .seconds(5)

    private static let least = 20

    private static let targets = [
        "aibom.json", "aibom.sig", "attestation.intoto.jsonl", "model.sig", "platform.json", "aibom.tlog-proof",
    ]

    @Test("no mutant of a file of evidence verifies", arguments: targets)
    func evidence(_ name: String) throws {
        let evidence = try Evidence()
        let signer = try Evidence.logSigner()
        try evidence.enter(in: signer)
        let trust = VerifierTrust(evidence.publicKey, log: LogTrust(signer.key))
        let files = try evidence.names.map { ($0, try evidence.read($0)) }
        func verdict(_ mutant: [UInt8]?) -> Verdict {
            var bundle = EvidenceBundle()
            for (file, bytes) in files { bundle.add(file, bytes: file == name ? mutant ?? bytes : bytes) }
            return Verifier.verify(bundle, trust: trust)
        }
        // The detector first: untouched it holds, and a known mutant does not.
        try #require(verdict(nil).holds)
        try #require(!verdict([]).holds)
        let original = try evidence.read(name)
        try fuzz(name, original) { mutant in
            #expect(!verdict(mutant).holds, "seed \(Self.seed): a mutant of \(name) verifies")
        }
    }

    @Test("no mutant crashes a reader", arguments: ["envelope", "statement", "bundle", "note", "proof", "trust"])
    func readers(_ kind: String) throws {
        let evidence = try Evidence()
        let signer = try Evidence.logSigner()
        try evidence.enter(in: signer)
        let proof = try evidence.read("aibom.tlog-proof")
        let (original, read): ([UInt8], ([UInt8]) -> Void) =
            switch kind {
            case "envelope":
                (try evidence.envelope(evidence.payloads()[2]).line, { _ = try? Envelope(json: $0) })
            case "statement": (try evidence.payloads()[0], { _ = try? Statement.read($0).links() })
            case "bundle": (try evidence.read("model.sig"), { _ = try? ModelSignature.read($0) })
            case "note": (try TlogProof(proof).note.bytes, { _ = try? SignedNote($0) })
            case "proof": (proof, { _ = try? TlogProof($0) })
            default: (Self.trust(evidence, signer), { _ = try? VerifierTrust(json: $0) })
            }
        try fuzz(kind, original, read)
    }

    private func fuzz(_ name: String, _ original: [UInt8], _ body: ([UInt8]) throws -> Void) throws {
        var mutator = Mutator(seed: Self.seed, original)
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(Self.seconds))
        var count = 0
        // However slow the machine is, a few.
        while clock.now < end || count < Self.least {
            let mutant = mutator.next()
            let taken = try clock.measure { try body(mutant) }
            try #require(taken < Self.patience, "seed \(Self.seed): mutant \(count) of \(name) takes \(taken)")
            count += 1
        }
    }

    private static func trust(_ evidence: Evidence, _ signer: MemoryNoteSigner) -> [UInt8] {
        let value: JSON = [
            "schema": "aibom-trust/1",
            "keys": [
                [
                    "role": "documents", "pem": .string(evidence.publicKey.pem),
                    "not_before": "2026-01-01T00:00:00.000Z",
                    "revoked": ["time": "2027-01-01T00:00:00.000Z", "reason": "lost"],
                ]
            ], "builders": [.string(Evidence.builder)], "policies": [["name": "training-cpu"]],
            "log": ["keys": [.string(signer.key.description)], "least_size": 1],
        ]
        return value.prettyBytes()
    }
}

/// Changes bytes as damage and attackers do; the same seed gives the same mutants.
private struct Mutator {
    private let original: [UInt8]
    private var state: UInt64

    init(seed: UInt64, _ original: [UInt8]) {
        state = seed
        self.original = original
    }

    /// Never the original.
    mutating func next() -> [UInt8] {
        while true {
            var mutant = original
            for _ in 0..<(1 + below(3)) { change(&mutant) }
            if mutant != original { return mutant }
        }
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
        let place = below(bytes.count)
        let length = 1 + below(min(64, bytes.count - place))
        switch below(7) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = UInt8(below(256))
        case 2: bytes.removeSubrange(place..<(place + length))
        case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: below(bytes.count))
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: place)
        default: bytes.replaceSubrange(place..<(place + length), with: Self.tokens[below(Self.tokens.count)])
        }
    }

    /// What readers stumble over.
    private static let tokens = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "-0", "1e999", "18446744073709551616", "\u{0}", "\n", "\n\n",
        "=",
        "\\ud800", "\u{feff}", "../", "\u{2014} ", "index ", "extra ", "sha256:",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ].map { Array($0.utf8) }

    private mutating func below(_ limit: Int) -> Int { Int(truncatingIfNeeded: step() % UInt64(max(1, limit))) }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private mutating func step() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
