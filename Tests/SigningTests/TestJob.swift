import JSON
import Keys
import Measure

@testable import Signing

/// The smallest documents about one job that the signer signs. Written out by hand: nothing here is composed by our composer.
struct TestJob {
    var id = "0198f3c2-7b1e-7c3a-9f00-0123456789ab"
    var isCompleted = true
    let keyID: String

    init(keyID: String, isCompleted: Bool = true) {
        self.keyID = keyID
        self.isCompleted = isCompleted
    }

    init(_ key: PublicKey, isCompleted: Bool = true) { self.init(keyID: key.keyID, isCompleted: isCompleted) }

    static let model = Digest.of(Array("model".utf8)).hex
    static let logs = Digest.of(Array("logs".utf8)).hex
    static let platform = Digest.of(Array("platform".utf8)).hex
    static let policy = Digest.of(Array("policy".utf8)).hex
    static let input = Digest.of(Array("input".utf8)).hex

    var bill: [UInt8] {
        let head =
            #"{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:\#(id)","version":1,"metadata":{"#
        let subject = isCompleted ? #""component":{"hashes":\#(Self.hashes(Self.model))},"# : ""
        let run = [
            ("job.id", id), ("job.outcome", isCompleted ? "completed" : "failed"),
            ("builder.id", "urn:aibomgen:builder:test:1"),
            ("key.id", keyID),
        ].map { #"{"name":"aibomgen:observed:\#($0)","value":"\#($1)"}"# }.joined(separator: ",")
        let model = isCompleted ? [component("trained-model", "artifact.name", "trained_model.bin", Self.model)] : []
        let components =
            model + [
                component("input-dataset", "input.role", "data.csv", Self.input),
                component("logs", "artifact.name", "logs.txt", Self.logs),
                component("platform", "artifact.name", "platform.json", Self.platform),
                #"{"bom-ref":"policy","name":"strict","hashes":\#(Self.hashes(Self.policy))}"#,
                #"{"bom-ref":"kernel","name":"linux"}"#,
            ]
        return Array(
            (head + subject + #""properties":[\#(run)]},"components":[\#(components.joined(separator: ","))]}"#).utf8)
    }

    private func component(_ reference: String, _ property: String, _ name: String, _ digest: String) -> String {
        #"{"bom-ref":"\#(reference)","name":"\#(name)","hashes":\#(Self.hashes(digest)),"#
            + #""properties":[{"name":"aibomgen:observed:\#(property)","value":"\#(name)"}]}"#
    }

    private static func hashes(_ digest: String) -> String { #"[{"alg":"SHA-256","content":"\#(digest)"}]"# }

    private func file(_ name: String, _ digest: String) -> String {
        #"{"name":"\#(name)","digest":{"sha256":"\#(digest)"}}"#
    }

    private var subject: String {
        ((isCompleted ? [file("trained_model.bin", Self.model)] : []) + [file("logs.txt", Self.logs)]).joined(
            separator: ",")
    }

    private var aibom: String { file("aibom.json", Digest.of(bill).hex) }
    private var platform: String { file("platform.json", Self.platform) }
    private var inputs: String { "[" + file("input-dataset", Self.input) + "]" }
    private var links: String { #"{"job":"\#(id)","documents":[\#(aibom),\#(platform)]}"# }

    private func statement(_ type: String, _ subject: String, _ predicate: String) -> [UInt8] {
        Array(
            (#"{"_type":"https://in-toto.io/Statement/v1","subject":[\#(subject)],"predicateType":"\#(type)","#
                + #""predicate":\#(predicate)}"#).utf8)
    }

    var provenance: [UInt8] {
        statement(
            "https://slsa.dev/provenance/v1", subject,
            #"{"buildDefinition":{"buildType":"urn:aibomgen:build-type:training:1","#
                + #""externalParameters":{"metadata":{"name":"aibom.json"}},"resolvedDependencies":\#(inputs)},"#
                + #""runDetails":{"builder":{"id":"urn:aibomgen:builder:test:1","#
                + #""builderDependencies":[\#(file("policy", Self.policy)),\#(platform)]},"#
                + #""metadata":{"invocationId":"urn:uuid:\#(id)"},"byproducts":[\#(aibom),\#(file("logs.txt", Self.logs))]}}"#
        )
    }

    var billStatement: [UInt8] {
        statement("https://cyclonedx.org/bom", subject, String(decoding: bill, as: UTF8.self))
    }

    var trace: [UInt8] {
        statement(
            "https://in-toto.io/attestation/runtime-trace/v0.1", subject,
            #"{"monitor":{"type":"urn:x"},"aibomgen_evidence":\#(links)}"#)
    }

    var claims: [UInt8] {
        statement(
            "https://in-toto.io/attestation/scai/v0.3", subject,
            #"{"attributes":[{"attribute":"no-network"}],"aibomgen_evidence":\#(links)}"#)
    }

    var failure: [UInt8] {
        statement(
            "urn:aibomgen:attestation:failure:1", subject,
            #"{"stage":"run","inputs":\#(inputs),"aibomgen_evidence":\#(links)}"#)
    }

    /// Of the same job, had it never run.
    var unbilledFailure: [UInt8] {
        statement(
            "urn:aibomgen:attestation:failure:1", file("input-dataset", Self.input),
            #"{"stage":"stage","aibomgen_evidence":{"job":"\#(id)","documents":[\#(platform)]}}"#)
    }

    var modelStatement: [UInt8] {
        let root = Digest.of(Digest.of(Array("model".utf8)).bytes).hex
        return statement(
            "https://model_signing/signature/v1.0", file("model", root),
            #"{"serialization":{"method":"files","hash_type":"sha256","allow_symlinks":false},"#
                + #""resources":[{"name":"trained_model.bin","algorithm":"sha256","digest":"\#(Self.model)"}],"#
                + #""training":\#(links)}"#)
    }

    var statements: [[UInt8]] {
        isCompleted ? [provenance, billStatement, trace, claims] : [billStatement, trace, claims, failure]
    }

    var request: SealRequest {
        SealRequest(bill: bill, statements: statements, model: isCompleted ? modelStatement : nil)
    }
}

/// DSSE's pre-authentication encoding, as protocol.md spells it out, apart from the one under test.
func encoded(_ payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 28 application/vnd.in-toto+json \(payload.count) ".utf8) + payload
}

func changed(_ bytes: [UInt8], _ part: String, _ replacement: String) throws -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let changed = text.replacing(part, with: replacement, maxReplacements: 1)
    guard changed != text else { throw NothingChanged(part: part) }
    return Array(changed.utf8)
}

struct NothingChanged: Error { let part: String }
