package import Attest
internal import Foundation
internal import JSON
package import Keys
internal import Measure

/// A folder of evidence of one job, as the supervisor publishes it; removed when the owner goes.
package final class Evidence {
    package static let artifacts = ["trained_model.keras", "metrics.json", "logs.txt"]
    package static let platform = "platform.json"
    /// What is signed, beside the files that it is about.
    package static let documents = ["aibom.json", "aibom.sig", "attestation.intoto.jsonl", "model.sig"]

    package let path: String
    package let key: EvidenceKey
    package let facts: JobFacts

    package var publicKey: PublicKey { key.publicKey }

    /// Of a job that ran; `change` is made before anything is sealed, and `platform` stands in the place of the usual record.
    package init(
        outcome: JobFacts.Outcome = .completed, key: EvidenceKey? = nil, platform: [UInt8]? = nil,
        _ change: (inout JobFacts) -> Void = { _ in }
    ) throws {
        self.key = try key ?? EvidenceKey()
        path = try Self.folder()
        var facts = Self.facts(outcome, keyID: self.key.publicKey.keyID)
        if let platform {
            facts.platform = .init(
                name: Self.platform, sha256: Digest.of(platform).hex, size: Int64(platform.count))
        }
        change(&facts)
        self.facts = facts
        for file in facts.outputs.map(\.file) + [facts.platform].compactMap({ $0 }) {
            try write(
                file.name == Self.platform ? platform ?? bytes(of: file.name) : bytes(of: file.name), to: file.name)
        }
        let document = try AIBoM.document(facts)
        try seal(document)
        try sealStatements(
            try Statements.payloads(of: facts, bill: document, billDigest: Digest.of(document).hex))
        if let model = facts.outputs.first(where: { $0.role == .model }), publicKey.algorithm != .ed25519 {
            try sealModel(try Self.modelPayload(model.file, facts, document))
        }
    }

    /// Of a job of which nothing ran.
    package init(neverRan key: EvidenceKey) throws {
        self.key = key
        path = try Self.folder()
        facts = Self.facts(.failed(reason: "never ran"), keyID: self.key.publicKey.keyID)
        try write(bytes(of: Self.platform), to: Self.platform)
        let record = JobFacts.NeverRan(
            job: facts.job, attempt: 1, stage: .stage, reason: "the root file system is not there",
            submitted: facts.submitted, finished: facts.finished, inputs: facts.inputs, rootfs: "keras",
            policy: "training-cpu", platform: Self.measured(Self.platform, keyID: publicKey.keyID))
        try sealStatements([try Statements.failure(of: record)])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The same job by the same key on another platform.
    package func resealed(platform: [UInt8]) throws -> Evidence { try Evidence(key: key, platform: platform) }

    /// Signs `document` and puts both in their place.
    package func seal(_ document: [UInt8]) throws {
        try write(document, to: "aibom.json")
        try write(try key.sign(document), to: "aibom.sig")
    }

    /// Signs payloads, each in an envelope of its own.
    package func sealStatements(_ payloads: [[UInt8]]) throws {
        try write(Envelope.lines(try payloads.map(envelope)), to: "attestation.intoto.jsonl")
    }

    package func envelope(_ payload: [UInt8]) throws -> Envelope {
        let signed = Envelope.preAuthentication(type: Envelope.statementType, payload: payload)
        return Envelope(payload: payload, signatures: [.init(keyID: publicKey.keyID, bytes: try key.sign(signed))])
    }

    /// Signs the model's statement.
    package func sealModel(_ payload: [UInt8], hint: String? = nil) throws {
        let signature = try key.sign(Envelope.preAuthentication(type: Envelope.statementType, payload: payload))
        let hint = hint ?? Digest.of(Array(publicKey.pem.utf8)).hex
        try write(
            ModelSignature.bundle(payload: payload, signature: signature, material: .publicKey(hint: hint)),
            to: "model.sig")
    }

    /// The payloads as they lie there.
    package func payloads() throws -> [[UInt8]] {
        try Envelope.read(lines: try read("attestation.intoto.jsonl")).map(\.payload)
    }

    package static func modelPayload(
        _ model: JobFacts.File, _ facts: JobFacts, _ document: [UInt8], root: String? = nil
    ) throws -> [UInt8] {
        let raw = Digest(hex: model.sha256)?.bytes ?? []
        return ModelSignature.payload(
            model: model, rootDigest: root ?? Digest.of(raw).hex,
            links: EvidenceLinks(
                job: facts.job, bill: Digest.of(document).hex, platform: facts.platform?.sha256))
    }
}

extension Evidence {
    package func file(_ name: String) -> String { path + "/" + name }

    package func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    package func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: file(name)))
    }

    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    private static func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "evidence-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

extension Evidence {
    package static let inputBytes = Array("a,b\n1,2\n".utf8)
    package static let builder = "urn:aibomgen:builder:strict:2"

    private static func facts(_ outcome: JobFacts.Outcome, keyID: String) -> JobFacts {
        let digest = String(repeating: "1", count: 64)
        var facts = JobFacts(
            job: "0198f3c2-7b1e-7c3a-9f00-0123456789ab", attempt: 1, outcome: outcome,
            submitted: "2026-11-23T05:42:23.123Z", started: "2026-11-23T05:42:24.000Z",
            finished: "2026-11-23T05:43:00.000Z",
            rootfs: .init(
                name: "keras", image: .init(name: "image", sha256: digest, size: 1), recipe: nil, inventory: nil,
                verity: nil, components: .array([])),
            supervisor: .init(version: "0.1.0", executable: nil, signer: nil),
            policy: .init(name: "training-cpu", digest: digest), builderID: builder, keyID: keyID)
        facts.inputs = [
            .init(role: .dataset, file: .init(name: "data.csv", sha256: Digest.of(inputBytes).hex, size: 8))
        ]
        let roles: [JobFacts.Output.Role] = outcome == .completed ? [.model, .metrics, .logs] : [.logs]
        facts.outputs = zip(roles, artifacts.suffix(roles.count)).map {
            .init(role: $0, file: measured($1, keyID: keyID))
        }
        facts.platform = measured(platform, keyID: keyID)
        return facts
    }

    /// What lies under an artifact's name.
    package func bytes(of name: String) -> [UInt8] { Self.bytes(of: name, keyID: publicKey.keyID) }

    private static func bytes(of name: String, keyID: String) -> [UInt8] {
        guard name == platform else { return Array("bytes of \(name)\n".utf8) }
        let digest = String(repeating: "1", count: 64)
        let record = PlatformRecord(
            startedAt: "2026-11-23T05:00:00.000Z", productVersion: "0.1.0", executables: [],
            configuration: .init(sha256: digest, settings: [:], withheld: []), policies: [], rootfs: [],
            kernel: .init(), keys: ["documents": keyID], tpm: nil)
        return (try? record.bytes()) ?? []
    }

    private static func measured(_ name: String, keyID: String) -> JobFacts.File {
        let bytes = bytes(of: name, keyID: keyID)
        return JobFacts.File(name: name, sha256: Digest.of(bytes).hex, size: Int64(bytes.count))
    }
}
