package import JSON

/// A policy that a job can ask for.
package struct PolicySummary: Sendable, Equatable {
    package let name: String
    package let summary: String
    /// Hex SHA-256 of the policy's canonical form.
    package let digest: String

    package init(name: String, summary: String, digest: String) {
        self.name = name
        self.summary = summary
        self.digest = digest
    }

    package var json: JSON { ["name": .string(name), "summary": .string(summary), "sha256": .string(digest)] }
}

/// A key that verifies what the service signs.
package struct PublicKey: Sendable, Equatable {
    package enum Use: String, Sendable { case documents, log, witness }

    /// Hex SHA-256 of the DER SubjectPublicKeyInfo.
    package let id: String
    package let use: Use
    package let algorithm: String
    package let pem: String
    /// The form in which tools for signed notes take it; nil for a key of documents.
    package let verifierKey: String?

    package init(id: String, use: Use, algorithm: String, pem: String, verifierKey: String? = nil) {
        self.id = id
        self.use = use
        self.algorithm = algorithm
        self.pem = pem
        self.verifierKey = verifierKey
    }

    package var json: JSON {
        var object = JSONObject()
        object["key_id"] = .string(id)
        object["use"] = .string(use.rawValue)
        object["algorithm"] = .string(algorithm)
        object["pem"] = .string(pem)
        object["vkey"] = verifierKey.map(JSON.string)
        return .object(object)
    }
}
