extension JobFacts {
    /// How far a failed job came.
    package enum Stage: String, Sendable, CaseIterable {
        /// It waited, and had no attempt left.
        case queue
        /// Its inputs or its root file system could not be made ready.
        case stage
        /// It could not be confined as its policy says.
        case confine
        case run
        /// It ended, and the record of its evidence was lost.
        case seal
    }

    /// Everything that is known of a job of which nothing ran, or of which nothing is left that it ran.
    package struct NeverRan: Sendable, Equatable {
        /// UUIDv7 in lower case.
        package var job: String
        package var attempt: Int
        package var stage: Stage
        package var reason: String
        /// RFC 3339 in UTC.
        package var submitted: String
        package var finished: String
        package var inputs: [Input]
        /// As the submitter named them: neither may be there.
        package var rootfs: String
        package var policy: String
        package var platform: File

        package init(
            job: String, attempt: Int, stage: Stage, reason: String, submitted: String, finished: String,
            inputs: [Input], rootfs: String, policy: String, platform: File
        ) {
            self.job = job
            self.attempt = attempt
            self.stage = stage
            self.reason = reason
            self.submitted = submitted
            self.finished = finished
            self.inputs = inputs
            self.rootfs = rootfs
            self.policy = policy
            self.platform = platform
        }
    }

    /// What was asked for beside inputs, parameters and metadata; where the submitter left it open, what is usual.
    package struct Request: Sendable, Equatable {
        package var cpuMillicores: Int64
        package var memoryBytes: Int64
        package var gpus: Int64
        package var priority: Int
        package var maxAttempts: Int
        /// W3C Trace Context.
        package var traceparent: String?

        package init(
            cpuMillicores: Int64, memoryBytes: Int64, gpus: Int64, priority: Int, maxAttempts: Int,
            traceparent: String? = nil
        ) {
            self.cpuMillicores = cpuMillicores
            self.memoryBytes = memoryBytes
            self.gpus = gpus
            self.priority = priority
            self.maxAttempts = maxAttempts
            self.traceparent = traceparent
        }
    }

    /// One measure that confined the job.
    package struct Confinement: Sendable, Equatable {
        /// Which digest says how it was done.
        package enum Evidence: Sendable, Equatable { case policy, tape, filter }

        /// As SCAI statements have it.
        package enum Attribute: String, Sendable, CaseIterable {
            case ownNamespaces = "own-namespaces"
            case noNetwork = "no-network"
            case ownUser = "own-user"
            case noPrivileges = "no-privileges"
            case landlockEnforced = "landlock-enforced"
            case resourcesLimited = "resources-limited"
            case inputsReadOnly = "inputs-read-only"
            case seccompEnforced = "seccomp-enforced"
        }

        /// What can be claimed because of it; nil where the words say that there is no such measure.
        package var attribute: Attribute?
        package var words: String
        package var evidence: Evidence

        package init(_ attribute: Attribute?, _ words: String, evidence: Evidence = .tape) {
            self.attribute = attribute
            self.words = words
            self.evidence = evidence
        }
    }
}
