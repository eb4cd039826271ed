package import JSON

/// Everything that an AIBoM states of one job. What is nil was asked for and is not known.
///
/// Who may state what is fixed by the place a fact has here: the composer marks it accordingly and looks nothing up.
package struct JobFacts: Sendable, Equatable {
    /// UUIDv7 in lower case; the document's serial number is made of it.
    package var job: String
    package var attempt: Int
    package var outcome: Outcome
    /// RFC 3339 in UTC.
    package var submitted: String
    package var started: String?
    package var finished: String
    package var inputs: [Input] = []
    package var outputs: [Output] = []
    package var parameters: [Parameter] = []
    package var declared: [Declared] = []
    package var rootfs: RootFileSystem
    package var supervisor: Supervisor
    package var policy: Policy
    /// SHA-256 of the canonical form of the system calls that confined the job.
    package var tape: String?
    /// What confined the job, in words; one line a measure.
    package var confinement: [String] = []
    package var limits: [Limit] = []
    package var environment = Environment()
    package var usage = Usage()
    package var logsTruncated = false
    /// What the job wrote about itself; believed by nobody, marked `reported`.
    package var reported = JSONObject()
    package var builderID: String
    /// Hex SHA-256 of the DER SubjectPublicKeyInfo of the key that will sign.
    package var keyID: String

    package init(
        job: String, attempt: Int, outcome: Outcome, submitted: String, started: String?, finished: String,
        rootfs: RootFileSystem, supervisor: Supervisor, policy: Policy, builderID: String, keyID: String
    ) {
        self.job = job
        self.attempt = attempt
        self.outcome = outcome
        self.submitted = submitted
        self.started = started
        self.finished = finished
        self.rootfs = rootfs
        self.supervisor = supervisor
        self.policy = policy
        self.builderID = builderID
        self.keyID = keyID
    }
}

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

    package struct RootFileSystem: Sendable, Equatable {
        package var name: String
        package var image: File
        package var recipe: String?
        package var inventory: String?
        package var verity: String?
        /// An inventory document (`aibom-inventory/1`), or its `components`.
        package var components: JSON

        package init(
            name: String, image: File, recipe: String?, inventory: String?, verity: String?, components: JSON
        ) {
            self.name = name
            self.image = image
            self.recipe = recipe
            self.inventory = inventory
            self.verity = verity
            self.components = components
        }
    }

    package struct Supervisor: Sendable, Equatable {
        package var version: String
        package var executable: String?
        package var signer: String?

        package init(version: String, executable: String?, signer: String?) {
            self.version = version
            self.executable = executable
            self.signer = signer
        }
    }

    package struct Policy: Sendable, Equatable {
        package var name: String
        package var digest: String

        package init(name: String, digest: String) {
            self.name = name
            self.digest = digest
        }
    }

    package struct Limit: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Environment: Sendable, Equatable {
        package var kernelRelease: String?
        package var kernelVersion: String?
        package var machine: String?
        package var cpuModel: String?
        package var logicalCPUs: Int?
        package var memoryBytes: Int64?

        package init(
            kernelRelease: String? = nil, kernelVersion: String? = nil, machine: String? = nil,
            cpuModel: String? = nil, logicalCPUs: Int? = nil, memoryBytes: Int64? = nil
        ) {
            self.kernelRelease = kernelRelease
            self.kernelVersion = kernelVersion
            self.machine = machine
            self.cpuModel = cpuModel
            self.logicalCPUs = logicalCPUs
            self.memoryBytes = memoryBytes
        }
    }

    package struct Usage: Sendable, Equatable {
        package var wallMilliseconds: Int64?
        package var userMilliseconds: Int64?
        package var systemMilliseconds: Int64?
        package var peakMemoryBytes: Int64?
        /// `exited 0`, `killed by signal 9`.
        package var exitStatus: String?

        package init(
            wallMilliseconds: Int64? = nil, userMilliseconds: Int64? = nil, systemMilliseconds: Int64? = nil,
            peakMemoryBytes: Int64? = nil, exitStatus: String? = nil
        ) {
            self.wallMilliseconds = wallMilliseconds
            self.userMilliseconds = userMilliseconds
            self.systemMilliseconds = systemMilliseconds
            self.peakMemoryBytes = peakMemoryBytes
            self.exitStatus = exitStatus
        }
    }
}
