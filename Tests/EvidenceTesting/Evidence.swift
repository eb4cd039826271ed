package import Attest
internal import Foundation
internal import JSON
package import Keys
internal import Measure
internal import Signing

/// A folder of evidence of one job, as the supervisor publishes it; removed when the owner goes.
package final class Evidence {
    package static let artifacts = ["trained_model.keras", "metrics.json", "logs.txt"]

    package let path: String
    package let publicKey: PublicKey
    private let key: SigningKey

    package init(outcome: JobFacts.Outcome = .completed) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "evidence-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        key = try SigningKey.generate()
        publicKey = key.publicKey
        let artifacts = outcome == .completed ? Self.artifacts : ["logs.txt"]
        for name in artifacts { try write(Array("bytes of \(name)\n".utf8), to: name) }
        try seal(try AIBoM.document(facts(outcome)))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Signs `document` and puts both in their place.
    package func seal(_ document: [UInt8]) throws {
        try write(document, to: "aibom.json")
        try write(try key.sign(document), to: "aibom.sig")
    }

    package func file(_ name: String) -> String { path + "/" + name }

    package func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    package func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: file(name)))
    }

    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

    package static let inputBytes = Array("a,b\n1,2\n".utf8)

    private func facts(_ outcome: JobFacts.Outcome) throws -> JobFacts {
        let digest = String(repeating: "1", count: 64)
        var facts = JobFacts(
            job: "0198f3c2-7b1e-7c3a-9f00-0123456789ab", attempt: 1, outcome: outcome,
            submitted: "2026-11-23T05:42:23.123Z", started: nil, finished: "2026-11-23T05:43:00.000Z",
            rootfs: .init(
                name: "keras", image: .init(name: "image", sha256: digest, size: 1), recipe: nil, inventory: nil,
                verity: nil, components: .array([])),
            supervisor: .init(version: "0.1.0", executable: nil, signer: nil),
            policy: .init(name: "training-cpu", digest: digest), builderID: "https://aibomgen.example/supervisor/v1",
            keyID: publicKey.keyID)
        facts.inputs = [.init(role: .dataset, file: measured(Self.inputBytes, "data.csv"))]
        let roles: [JobFacts.Output.Role] = outcome == .completed ? [.model, .metrics, .logs] : [.logs]
        let names = Self.artifacts.suffix(roles.count)
        facts.outputs = try zip(roles, names).map { .init(role: $0, file: measured(try read($1), $1)) }
        return facts
    }

    private func measured(_ bytes: [UInt8], _ name: String) -> JobFacts.File {
        JobFacts.File(name: name, sha256: Digest.of(bytes).hex, size: Int64(bytes.count))
    }
}
