import Attest
import EvidenceTesting
import Foundation
import PythonTesting
import Testing

/// securesystemslib and in-toto-attestation on what our evidence has.
@Suite(
    "in-toto interoperability",
    .enabled("no python3 with the libraries") { await StatementConsumers.isReady || PythonEnvironment.mustRun })
struct StatementInteropTests {
    private func verify(_ evidence: Evidence, key: Evidence? = nil) async throws -> PythonEnvironment.Outcome {
        try await (key ?? evidence).withKeyFile { key in
            try await StatementConsumers.verifyStatements(in: evidence.path, key: key)
        }
    }

    @Test("every envelope verifies, and every statement is what its specification says")
    func completed() async throws {
        let result = try await verify(Evidence())
        #expect(result.status == 0, "\(result.output)")
        #expect(
            result.output.split(separator: "\n").map(String.init)
                == [Statement.Kind.provenance, .bill, .trace, .confinement].map(\.rawValue))
    }

    @Test("so do those about a job that failed, and the one about a job that never ran")
    func failed() async throws {
        let result = try await verify(Evidence(outcome: .failed(reason: "out of memory")))
        #expect(result.status == 0, "\(result.output)")
        #expect(
            result.output.split(separator: "\n").map(String.init)
                == [Statement.Kind.bill, .trace, .confinement, .failure].map(\.rawValue))
        let record = try await verify(Evidence(neverRan: EvidenceKey()))
        #expect(record.status == 0 && record.output == "\(Statement.Kind.failure.rawValue)\n", "\(record.output)")
    }

    /// One byte, or one fact, that is not what was signed; and what the libraries say to it.
    enum Fault: String, CaseIterable {
        case payload, signature, keyID, otherKey, file, type, noSubject, unknownMember, unknownProvenanceMember

        var answer: String {
            switch self {
            case .payload, .signature, .keyID, .otherKey: "VerificationError"
            case .file: "trained_model.keras: digest"
            case .type: "Wrong statement type"
            case .noSubject: "At least one subject required"
            case .unknownMember, .unknownProvenanceMember: "ParseError"
            }
        }
    }

    @Test("a fault is seen when there is one", arguments: Fault.allCases)
    func detector(_ fault: Fault) async throws {
        let evidence = try Evidence()
        try apply(fault, to: evidence)
        let result = try await verify(evidence, key: fault == .otherKey ? Evidence() : nil)
        #expect(result.status == 1)
        #expect(result.output.contains(fault.answer), "\(result.output)")
    }

    private func apply(_ fault: Fault, to evidence: Evidence) throws {
        switch fault {
        case .payload:
            try rewrite(evidence) { envelope in
                var payload = envelope.payload
                payload[payload.count / 2] ^= 1
                return Envelope(payload: payload, signatures: envelope.signatures)
            }
        case .signature:
            try rewrite(evidence) { envelope in
                var bytes = envelope.signatures[0].bytes
                bytes[bytes.count - 1] ^= 1
                return Envelope(
                    payload: envelope.payload, signatures: [.init(keyID: envelope.signatures[0].keyID, bytes: bytes)])
            }
        case .keyID:
            try rewrite(evidence) {
                Envelope(payload: $0.payload, signatures: [.init(keyID: "", bytes: $0.signatures[0].bytes)])
            }
        case .otherKey: break
        case .file: try evidence.write([0], to: "trained_model.keras")
        case .type: try resign(evidence, "in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1")
        case .noSubject:
            let payload = String(decoding: try #require(try evidence.payloads().first), as: UTF8.self)
            let subjects = try #require(payload.firstMatch(of: /"subject":(\[.+?\]),"predicateType"/))
            try resign(evidence, String(subjects.1), "[]")
        case .unknownMember: try resign(evidence, #"{"_type""#, #"{"unheard":1,"_type""#)
        case .unknownProvenanceMember: try resign(evidence, #"{"buildType""#, #"{"unheard":1,"buildType""#)
        }
    }

    private func rewrite(_ evidence: Evidence, _ change: (Envelope) -> Envelope) throws {
        let envelopes = try Envelope.read(lines: evidence.read("attestation.intoto.jsonl"))
        try evidence.write(Envelope.lines(envelopes.map(change)), to: "attestation.intoto.jsonl")
    }

    /// A signed lie: the libraries have only the statement's form to go by.
    private func resign(_ evidence: Evidence, _ part: String, _ replacement: String) throws {
        var payloads = try evidence.payloads()
        let text = String(decoding: payloads[0], as: UTF8.self)
        let changed = text.replacing(part, with: replacement, maxReplacements: 1)
        try #require(changed != text)
        payloads[0] = Array(changed.utf8)
        try evidence.sealStatements(payloads)
    }
}
