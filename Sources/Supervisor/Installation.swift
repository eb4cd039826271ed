internal import API
internal import Attest
internal import CLinux
package import Catalogue
internal import JobStore
package import Jobs
internal import Keys
internal import Linux
internal import Measure
internal import Sandbox
internal import Signing
internal import SystemPackage

/// Where a supervisor finds and keeps its things.
package struct Configuration: Sendable {
    /// Jobs, blobs and keys; root's own.
    package var state: String
    /// Run-time folder, such as `/run/aibom`.
    package var runtime: String
    /// Absolute path of the signer's executable.
    package var signer: String
    /// The private key of documents, a path or a token's URI; nil is `STATE/keys/documents.pem`.
    package var key: String?
    /// PEM file of the key's certificates; nil when it has none.
    package var keyCertificates: String?
    package var catalogue: RootfsCatalogue
    /// What all jobs together may take; nil is what the host has, less a reserve.
    package var capacity: Resources?
    /// Seconds after which a job that others are started past comes first.
    package var passedOverSeconds: Int
    /// Days from a job's end until its inputs are deleted; 0 keeps them for ever.
    package var retentionDays: Int
    /// The audit log's name, its origin; nil gives one that follows from its key.
    package var logName: String?
    /// File that names the logs that are watched; nil when none are.
    package var watchedLogs: String?
    /// The TPM that quotes the platform; nil leaves it to the supervisor's word alone.
    package var tpm: TPM?
    /// Every setting by name, as text, so that the audit log says which has changed.
    package var settings: [String: String] = [:]
    package var provenance: Provenance

    package init(
        state: String, runtime: String, signer: String, key: String? = nil,
        catalogue: RootfsCatalogue = RootfsCatalogue(), capacity: Resources? = nil, passedOverSeconds: Int = 600,
        retentionDays: Int = 30, provenance: Provenance = Provenance()
    ) {
        self.state = state
        self.runtime = runtime
        self.signer = signer
        self.key = key
        self.catalogue = catalogue
        self.capacity = capacity
        self.passedOverSeconds = passedOverSeconds
        self.retentionDays = retentionDays
        self.provenance = provenance
    }

    /// Where a TPM is, and which of its keys attests.
    package struct TPM: Sendable {
        /// `/dev/tpmrm0`, or the socket of an emulator.
        let device: String
        /// The persistent handle of the attestation key, such as 0x81010002.
        let handle: UInt32
        /// PEM of the key's certificate and those up to its authority; nil when there is none.
        let certificates: String?

        package init(device: String, handle: UInt32, certificates: String? = nil) {
            self.device = device
            self.handle = handle
            self.certificates = certificates
        }
    }
}

/// What the operator says about himself in every AIBoM, and in which edition it is written.
package struct Provenance: Sendable {
    package var operatorName: String?
    /// A security.txt (RFC 9116), by `https:`.
    package var securityPolicy: String?
    let specification: AIBoM.Specification

    /// - Parameters:
    ///   - operatorName: who runs the service.
    ///   - securityPolicy: address of the security.txt.
    ///   - edition: of CycloneDX; 1.6 for what is none.
    package init(operatorName: String? = nil, securityPolicy: String? = nil, edition: String = "1.6") {
        self.operatorName = operatorName
        self.securityPolicy = securityPolicy
        specification = AIBoM.Specification(rawValue: edition) ?? .v16
    }
}

/// All that a running supervisor has open, measured when it was opened.
final class Installation: Sendable {
    let jobs: JobStore
    let blobs: BlobStore
    let tokens: TokenRegister
    let linkKey: LinkKey
    let signer: SignerClient
    /// Says whose the signer's key is; nil when the operator gave none.
    let certificates: CertificateChain?
    /// Of the documents' key, as it stood at the start: it changes only while no supervisor runs.
    let keyHistory: [UInt8]
    let logSigner: LogSigner
    let trail: AuditTrail
    /// Nil when this node is no witness.
    let witnessing: Witnessing?
    let workplace: Workplace
    let pool: JobPool
    let library: RootfsLibrary
    let policies: [String: ConfinedPolicy]
    /// Live logs and unfinished seals.
    let work: WorkFolder
    /// What this supervisor and its machine were at the start.
    let platform: PlatformMeasurement
    /// Quotes it; nil when this host has no TPM that is used.
    let tpm: (device: PlatformTPM, starts: PlatformStarts)?
    let environment: Environment
    let provenance: Provenance
    private let state: StateFolder
    let metrics: ServiceMetrics

    /// Opens everything. Must run before the process has a second thread: it leaves the host's mount namespace first, so
    /// that every file below is opened inside the new one (a job's mount can be cloned from no other).
    init(_ configuration: Configuration) throws(SupervisorError) {
        do throws(SandboxError) { workplace = try Workplace(at: configuration.runtime) } catch { throw .sandbox(error) }
        pool = JobPool(workplace: workplace)
        library = RootfsLibrary(configuration.catalogue, in: workplace)
        policies = try Self.compilePolicies()
        environment = Environment.current()
        provenance = configuration.provenance
        state = try StateFolder(at: configuration.state)
        let metrics = ServiceMetrics()
        self.metrics = metrics
        do throws(LinuxError) { work = try WorkFolder(in: state.folder) } catch { throw .state(error) }
        do throws(SigningError) { try Self.ensureKeys(configuration) } catch { throw .signing(error) }
        let bell = TrailBell()
        do throws(StoreError) {
            blobs = try BlobStore(in: state.folder)
            jobs = try JobStore(path: "\(configuration.state)/jobs.sqlite", changed: bell.ring) { metrics.ended($0) }
            tokens = try TokenRegister(jobs)
        } catch {
            throw .store(error)
        }
        try state.settle()
        do throws(SigningError) {
            linkKey = LinkKey(secret: try KeyFolder(state: configuration.state).linkSecret())
            let key = try KeySource(configuration.key ?? KeyFolder(state: configuration.state).privateKey)
            signer = try SignerClient.spawn(executable: configuration.signer, key: key)
            certificates = try Self.readCertificates(configuration, of: signer.publicKey)
        } catch {
            throw .signing(error)
        }
        keyHistory = try Self.readHistory(configuration, of: signer.publicKey)
        do throws(SigningError) {
            let key = try KeyFile.open(KeyFolder(state: configuration.state).privateKey(of: .log))
            logSigner = try LogSigner(
                executable: configuration.signer, key: key, role: .log, name: configuration.logName)
        } catch {
            throw .signing(error)
        }
        do throws(TrailError) {
            trail = try AuditTrail(in: state.folder, signer: logSigner, jobs: jobs, bell: bell)
        } catch {
            throw .trail("\(error)")
        }
        if let path = configuration.watchedLogs {
            witnessing = try Witnessing(path, in: state.folder, configuration)
        } else {
            witnessing = nil
        }
        var keys = ["documents": signer.publicKey.keyID, "log": logSigner.publicKey.keyID]
        keys["witness"] = witnessing?.signer.publicKey.keyID
        // The record names the TPM's key, and the TPM's register the record: so it is opened before and entered after.
        let device = try configuration.tpm.map { place throws(SupervisorError) in
            try PlatformTPM(place, signer: configuration.signer)
        }
        platform = try PlatformMeasurement(
            of: .init(
                signer: configuration.signer, settings: configuration.settings, secrets: ["access.users"],
                policies: policies,
                catalogue: configuration.catalogue, environment: environment, keys: keys, tpm: device?.fact))
        let digest = platform.digest
        tpm = try device.map { [state] device throws(SupervisorError) in
            (device, try device.enter(digest, in: state.folder))
        }
    }

    /// A state folder that has never been used gets keys of its own. One that has, gets none: a key that is missing there was
    /// lost or moved, and a new one in its place would sign, unasked, under another identity.
    private static func ensureKeys(_ configuration: Configuration) throws(SigningError) {
        let place = KeyFolder(state: configuration.state)
        if !OwnedDescriptor.exists(place.privateKey(of: .log)),
            !OwnedDescriptor.exists("\(configuration.state)/\(LogPlace.folder)")
        {
            _ = try place.generate(.log)
        }
        guard configuration.key == nil, !OwnedDescriptor.exists(place.privateKey),
            !OwnedDescriptor.exists("\(configuration.state)/jobs.sqlite")
        else { return }
        _ = try place.generate()
    }

    /// A chain that would not verify is found now, and not by those who verify.
    private static func readCertificates(
        _ configuration: Configuration, of key: Keys.PublicKey
    ) throws(SigningError) -> CertificateChain? {
        guard let path = configuration.keyCertificates else { return nil }
        return try CertificateChain(path: path, of: key, at: Instant.now().milliseconds / 1000)
    }

    /// A rotation that was cut short leaves a key that has handed over: nothing is signed with it.
    private static func readHistory(
        _ configuration: Configuration, of key: Keys.PublicKey
    ) throws(SupervisorError) -> [UInt8] {
        guard configuration.key == nil else { return [] }
        do throws(KeyRotationError) {
            let place = KeyFolder(state: configuration.state)
            try place.requireCurrent(key)
            return try place.historyBytes()
        } catch { throw .keyHistory(error.description) }
    }

    private static func compilePolicies() throws(SupervisorError) -> [String: ConfinedPolicy] {
        var policies: [String: ConfinedPolicy] = [:]
        for name in PolicyCatalogue.names {
            do throws(CatalogueError) { policies[name] = try PolicyCatalogue.policy(name) } catch {
                throw .catalogue(error)
            }
        }
        return policies
    }

    /// Makes ready what the next launch needs, under the policy that most jobs ask for; call it when no job waits.
    func fillPool() throws(SandboxError) {
        guard let usual = policies[PolicyCatalogue.names[0]] else { return }
        try pool.fill(to: 1, for: usual.policy)
    }
}
