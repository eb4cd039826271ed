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

    /// The program that the job executed.
    package struct Program: Sendable, Equatable {
        package var arguments: [String]
        /// `NAME=value`; a job inherits none.
        package var environment: [String]

        package init(arguments: [String], environment: [String]) {
            self.arguments = arguments
            self.environment = environment
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
}
