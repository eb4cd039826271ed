package import JSON

/// A claim about files that are named by digest (in-toto attestation framework, Statement v1).
package struct Statement: Sendable, Equatable {
    /// What is claimed: the predicates that we write, and no other.
    package enum Kind: String, Sendable, CaseIterable {
        case provenance = "https://slsa.dev/provenance/v1"
        case bill = "https://cyclonedx.org/bom"
        case trace = "https://in-toto.io/attestation/runtime-trace/v0.1"
        case confinement = "https://in-toto.io/attestation/scai/v0.3"
        case failure = "urn:aibomgen:attestation:failure:1"
        /// Stands in `model.sig` and nowhere else.
        case model = "https://model_signing/signature/v1.0"
    }

    package struct Subject: Sendable, Equatable {
        package let name: String
        package let sha256: String

        package init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// Statement v1, "_type".
    static let type = "https://in-toto.io/Statement/v1"

    package let kind: Kind
    /// At least one, each name once.
    package let subjects: [Subject]
    package let predicate: JSON

    package init(_ kind: Kind, _ subjects: [Subject], _ predicate: JSON) {
        self.kind = kind
        self.subjects = subjects
        self.predicate = predicate
    }

    /// The bytes to sign: one line, members in a fixed order.
    package var payload: [UInt8] {
        let value: JSON = [
            "_type": .string(Self.type),
            "subject": .array(
                subjects.map { ["name": .string($0.name), "digest": ["sha256": .string($0.sha256)]] }),
            "predicateType": .string(kind.rawValue), "predicate": predicate,
        ]
        return value.compactBytes()
    }
}
