/// What a supervisor measured of itself and of its machine when it started: `platform.json`.
///
/// Every statement of a job names it by digest, so that "which program, under which rules, on which kernel" has one answer.
/// nil stands for what could not be learnt, and is written as null: there is no third thing.
package struct PlatformRecord: Sendable, Equatable {
    /// One program as it lay on the disk when the supervisor started.
    package struct Executable: Sendable, Equatable {
        package let name: String
        package let sha256: String
        package let size: Int64

        package init(name: String, sha256: String, size: Int64) {
            self.name = name
            self.sha256 = sha256
            self.size = size
        }
    }

    /// What the operator chose. A setting that is a secret is named and not shown.
    package struct Configuration: Sendable, Equatable {
        /// Of the canonical JSON of `settings`.
        package let sha256: String
        package let settings: [String: String]
        package let withheld: [String]

        package init(sha256: String, settings: [String: String], withheld: [String]) {
            self.sha256 = sha256
            self.settings = settings
            self.withheld = withheld
        }
    }

    package struct Policy: Sendable, Equatable {
        package let name: String
        /// Of the policy's file.
        package let sha256: String
        /// Of the system call filter that it compiles to on this machine.
        package let filterSHA256: String

        package init(name: String, sha256: String, filterSHA256: String) {
            self.name = name
            self.sha256 = sha256
            self.filterSHA256 = filterSHA256
        }
    }

    package struct Rootfs: Sendable, Equatable {
        package let name: String
        /// Of the manifest, which names the image, the inventory and how a job starts.
        package let manifestSHA256: String
        /// What the manifest says of the image; nothing is mounted that does not hash to it.
        package let imageSHA256: String
        /// The recipe that the image was built from, as the manifest names it.
        package let recipe: String

        package init(name: String, manifestSHA256: String, imageSHA256: String, recipe: String) {
            self.name = name
            self.manifestSHA256 = manifestSHA256
            self.imageSHA256 = imageSHA256
            self.recipe = recipe
        }
    }

    package struct Kernel: Sendable, Equatable {
        package var release: String?
        package var version: String?
        package var machine: String?
        package var commandLineSHA256: String?
        /// `none`, `integrity` or `confidentiality`, kernel_lockdown(7).
        package var lockdown: String?
        package var enforcesModuleSignatures: Bool?
        /// Bits as Documentation/admin-guide/tainted-kernels.rst of the kernel has them.
        package var taint: Int64?
        package var isSecureBoot: Bool?
        /// Security modules in the order in which they are asked.
        package var securityModules: [String]?
        /// A UUID that is new at each boot, random(4).
        package var bootID: String?

        package init() {}
    }

    /// The TPM that quotes this record.
    package struct TPM: Sendable, Equatable {
        /// The attestation key's Name (TPM 2.0 Part 1, section 16), in hex: it covers the key and what it may do.
        package let attestationKeyName: String
        /// The register that this record's digest was entered in.
        package let register: Int64

        package init(attestationKeyName: String, register: Int64) {
            self.attestationKeyName = attestationKeyName
            self.register = register
        }
    }

    /// RFC 3339 in UTC, with milliseconds.
    package let startedAt: String
    package let productVersion: String
    package let executables: [Executable]
    package let configuration: Configuration
    package let policies: [Policy]
    package let rootfs: [Rootfs]
    package let kernel: Kernel
    /// Key ids by use: `documents`, `log`, `witness`.
    package let keys: [String: String]
    package let tpm: TPM?

    package init(
        startedAt: String, productVersion: String, executables: [Executable], configuration: Configuration,
        policies: [Policy], rootfs: [Rootfs], kernel: Kernel, keys: [String: String], tpm: TPM?
    ) {
        self.startedAt = startedAt
        self.productVersion = productVersion
        self.executables = executables
        self.configuration = configuration
        self.policies = policies
        self.rootfs = rootfs
        self.kernel = kernel
        self.keys = keys
        self.tpm = tpm
    }
}
