import Attest
import AuditLog
import EvidenceTesting
import Foundation
import Keys
import Verify

/// Evidence that holds, and whoever wants it not to.
///
/// Its verifier trusts one key and one log. A tamperer has the files; where a row says so, also the trusted key, or another bundle
/// that holds.
final class TamperScene {
    enum Kind: Sendable { case completed, failed, neverRan }

    let evidence: Evidence
    let signer: MemoryNoteSigner
    var trust: VerifierTrust
    var inputs: [String] = []
    private let kind: Kind
    private var left: Set<String> = []

    init(_ kind: Kind) throws {
        self.kind = kind
        evidence = try Self.evidence(kind, EvidenceKey())
        signer = try Evidence.logSigner()
        trust = VerifierTrust(evidence.publicKey, log: LogTrust(signer.key))
        try enter()
    }

    static func evidence(
        _ kind: Kind, _ key: EvidenceKey, _ change: (inout JobFacts) -> Void = { _ in }
    ) throws -> Evidence {
        switch kind {
        case .completed: try Evidence(key: key, change)
        case .failed: try Evidence(outcome: .failed(reason: "out of memory"), key: key, change)
        case .neverRan: try Evidence(neverRan: key)
        }
    }

    deinit { for path in left { try? FileManager.default.removeItem(atPath: path) } }

    /// A path beside the evidence; what lies there goes with the scene.
    func outside(_ name: String) -> String {
        left.insert("\(evidence.path)-\(name)")
        return "\(evidence.path)-\(name)"
    }

    func verify() -> Verdict { Verifier.verify(directory: evidence.path, trust: trust, inputs: inputs) }

    /// Seals what lies there now in the log, as an insider would who owns the log, too.
    func enter(_ event: LogEvent.Kind = .jobSealed, job: String? = nil, outcome: String? = nil) throws {
        try evidence.enter(
            in: signer, event, job: job, outcome: outcome ?? (kind == .completed ? "completed" : "failed"))
    }

    /// Another bundle that holds, by the same key.
    func sibling(_ change: (inout JobFacts) -> Void) throws -> Evidence {
        let sibling = try Self.evidence(kind, evidence.key, change)
        try sibling.enter(in: signer)
        return sibling
    }

    func take(_ names: [String], from other: Evidence) throws {
        for name in names { try evidence.write(try other.read(name), to: name) }
    }
}

/// A change that was to be made and found nothing to change would prove nothing.
struct NothingToChange: Error {
    let text: String
}

extension TamperScene {
    func edit(_ name: String, _ change: ([UInt8]) throws -> [UInt8]) throws {
        let bytes = try evidence.read(name)
        let changed = try change(bytes)
        guard changed != bytes else { throw NothingToChange(text: name) }
        try evidence.write(changed, to: name)
    }

    func edit(_ name: String, replace text: String, with other: String) throws {
        try edit(name) { Array(try Self.replacing(text, with: other, in: $0)) }
    }

    static func replacing(_ text: String, with other: String, in bytes: [UInt8]) throws -> [UInt8] {
        let whole = String(decoding: bytes, as: UTF8.self)
        guard let range = whole.range(of: text) else { throw NothingToChange(text: text) }
        return Array(whole.replacingCharacters(in: range, with: other).utf8)
    }

    /// One line of the statements' file, with whoever made it none the wiser.
    func editLine(_ line: Int, _ change: (inout [[UInt8]]) throws -> Void) throws {
        try edit("attestation.intoto.jsonl") { bytes in
            var lines = bytes.split(separator: 0x0a).map { Array($0) }
            var one = [lines[line]]
            try change(&one)
            lines.replaceSubrange(line...line, with: one)
            return lines.flatMap { $0 + [0x0a] }
        }
    }

    func editLine(_ line: Int, replace text: String, with other: String) throws {
        try editLine(line) { $0[0] = try Self.replacing(text, with: other, in: $0[0]) }
    }

    /// The holder of the trusted key and of the log says something else in one statement.
    func restate(_ line: Int, replace text: String, with other: String) throws {
        try restate(line) { try Self.replacing(text, with: other, in: $0) }
    }

    func restate(_ line: Int, _ change: ([UInt8]) throws -> [UInt8]) throws {
        var payloads = try evidence.payloads()
        payloads[line] = try change(payloads[line])
        try evidence.sealStatements(payloads)
        try enter()
    }

    /// The same of the model's signature.
    func restateModel(replace text: String, with other: String) throws {
        let contents = try ModelSignature.read(try evidence.read("model.sig"))
        try evidence.sealModel(try Self.replacing(text, with: other, in: contents.envelope.payload))
        try enter()
    }

    /// The holder of the trusted key signs another AIBoM.
    func reseal(replace text: String, with other: String) throws {
        try evidence.seal(try Self.replacing(text, with: other, in: try evidence.read("aibom.json")))
        try enter()
    }
}
