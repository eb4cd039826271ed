package import JSON

extension JobFacts {
    package struct RootFileSystem: Sendable, Equatable {
        package var name: String
        package var image: File
        package var recipe: String?
        package var inventory: String?
        package var verity: String?
        /// An inventory document (`aibom-inventory/1`), or its `components`.
        package var components: JSON
        /// What a search for known vulnerabilities found; nil when none was made of this inventory.
        package var scan: Scan?

        package init(
            name: String, image: File, recipe: String?, inventory: String?, verity: String?, components: JSON,
            scan: Scan? = nil
        ) {
            self.name = name
            self.image = image
            self.recipe = recipe
            self.inventory = inventory
            self.verity = verity
            self.components = components
            self.scan = scan
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
        /// SHA-256 of the program that filters system calls; nil where the policy has none.
        package var filter: String?

        package init(name: String, digest: String, filter: String? = nil) {
            self.name = name
            self.digest = digest
            self.filter = filter
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
        /// Models of the accelerators that the job was lent; nil when they could not be asked for their names.
        package var accelerators: [String]?
        /// What drives them, as it says itself.
        package var acceleratorDriver: String?

        package init(
            kernelRelease: String? = nil, kernelVersion: String? = nil, machine: String? = nil,
            cpuModel: String? = nil, logicalCPUs: Int? = nil, memoryBytes: Int64? = nil,
            accelerators: [String]? = [], acceleratorDriver: String? = nil
        ) {
            self.kernelRelease = kernelRelease
            self.kernelVersion = kernelVersion
            self.machine = machine
            self.cpuModel = cpuModel
            self.logicalCPUs = logicalCPUs
            self.memoryBytes = memoryBytes
            self.accelerators = accelerators
            self.acceleratorDriver = acceleratorDriver
        }
    }

    package struct Usage: Sendable, Equatable {
        package var wallMilliseconds: Int64?
        package var userMilliseconds: Int64?
        package var systemMilliseconds: Int64?
        /// Page cache, /out and /tmp included.
        package var peakMemoryBytes: Int64?
        /// Processes that were killed at the memory limit, and forks that were refused at the limit of processes.
        package var outOfMemoryKills: Int64?
        package var refusedForks: Int64?
        /// `exited 0`, `killed by signal 9`.
        package var exitStatus: String?

        package init(
            wallMilliseconds: Int64? = nil, userMilliseconds: Int64? = nil, systemMilliseconds: Int64? = nil,
            peakMemoryBytes: Int64? = nil, outOfMemoryKills: Int64? = nil, refusedForks: Int64? = nil,
            exitStatus: String? = nil
        ) {
            self.wallMilliseconds = wallMilliseconds
            self.userMilliseconds = userMilliseconds
            self.systemMilliseconds = systemMilliseconds
            self.peakMemoryBytes = peakMemoryBytes
            self.outOfMemoryKills = outOfMemoryKills
            self.refusedForks = refusedForks
            self.exitStatus = exitStatus
        }
    }

    /// System calls that the policy denies and puts on record, as the supervisor heard of them.
    package struct Denied: Sendable, Equatable {
        package struct Count: Sendable, Equatable {
            package var call: String
            package var count: UInt64

            package init(call: String, count: UInt64) {
                self.call = call
                self.count = count
            }
        }

        /// One call with one set of arguments.
        package struct Attempt: Sendable, Equatable {
            package var call: String
            /// Registers by value.
            package var arguments: [UInt64]
            package var count: UInt64
            /// From the launch to the first time.
            package var milliseconds: Int64

            package init(call: String, arguments: [UInt64], count: UInt64, milliseconds: Int64) {
                self.call = call
                self.arguments = arguments
                self.count = count
                self.milliseconds = milliseconds
            }
        }

        package var counts: [Count]
        /// The first ones; `counts` has them all.
        package var attempts: [Attempt]

        package init(counts: [Count] = [], attempts: [Attempt] = []) {
            self.counts = counts
            self.attempts = attempts
        }
    }
}
