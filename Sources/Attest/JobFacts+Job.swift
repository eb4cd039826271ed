package import JSON

extension JobFacts {
    package enum Outcome: Sendable, Equatable {
        case completed
        case failed(reason: String)
    }

    /// A file as the supervisor hashed it.
    package struct File: Sendable, Equatable {
        package var name: String
        package var sha256: String
        package var size: Int64

        package init(name: String, sha256: String, size: Int64) {
            self.name = name
            self.sha256 = sha256
            self.size = size
        }
    }

    package struct Input: Sendable, Equatable {
        package enum Role: String, Sendable, CaseIterable { case model, dataset, definition }

        package var role: Role
        /// Under the name that the submitter gave it.
        package var file: File

        package init(role: Role, file: File) {
            self.role = role
            self.file = file
        }
    }

    package struct Output: Sendable, Equatable {
        package enum Role: String, Sendable, CaseIterable { case model, metrics, logs }

        package var role: Role
        /// Under its contract name: `trained_model.<ext>`, `metrics.json`, `logs.txt`.
        package var file: File

        package init(role: Role, file: File) {
            self.role = role
            self.file = file
        }
    }

    package struct Parameter: Sendable, Equatable {
        package enum Source: Sendable, Equatable { case submitter, defaults }

        package var name: String
        package var value: JSON
        package var source: Source

        package init(name: String, value: JSON, source: Source) {
            self.name = name
            self.value = value
            self.source = source
        }
    }

    /// What the submitter says of the model.
    package struct Declared: Sendable, Equatable {
        /// The keys that are asked for; one that is not answered is marked unknown.
        package static let keys = [
            "model_name", "model_version", "model_description", "author", "model_type", "base_model",
            "base_model_source", "intended_use", "out_of_scope", "misuse_or_malicious", "license_name",
        ]

        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }
}
