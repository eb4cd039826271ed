package import JSON
internal import Measure

/// What an artifact is to the evidence.
package enum ArtifactRole: String, Sendable, CaseIterable {
    case model, metrics, logs, bom, output, platform, attestation
    case bomSignature = "bom-signature"
    case modelSignature = "model-signature"
    case certificates, quote
    case logProof = "log-proof"
}

/// What a finished job gives out.
package struct Artifact: Sendable, Equatable {
    package let name: String
    package let role: ArtifactRole
    package let blob: Blob

    package init(name: String, role: ArtifactRole, blob: Blob) {
        self.name = name
        self.role = role
        self.blob = blob
    }
}

extension Artifact {
    package var json: JSON {
        [
            "name": .string(name), "role": .string(role.rawValue), "sha256": .string(blob.digest.hex),
            "size": .integer(Int64(clamping: blob.size)),
        ]
    }

    package init?(json: JSON) {
        guard let name = json["name"]?.stringValue, let blob = Blob(json: json),
            let role = json["role"]?.stringValue.flatMap(ArtifactRole.init)
        else { return nil }
        self.init(name: name, role: role, blob: blob)
    }
}
