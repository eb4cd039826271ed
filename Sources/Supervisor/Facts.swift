internal import API
internal import Attest
internal import Catalogue
internal import Isolation
internal import JSON
internal import Jobs
internal import Keys
internal import Linux
internal import Measure
internal import Policy
internal import Sandbox
internal import Signing
internal import Vulnerabilities

/// What is known of a job once every process of it is dead.
struct RunRecord {
    let started: Instant
    let finished: Instant
    /// Nil when it could not be confined and so did not run.
    let outcome: RunOutcome?
    /// SHA-256 of the canonical form of the system calls that confined it.
    let tape: Digest?
    let reported: JobFacts.Reported
    let logIsTruncated: Bool
    let reportIsTruncated: Bool
}

extension Installation {
    /// Everything that the AIBoM of a job states.
    ///
    /// - Parameters:
    ///   - staged: what the supervisor gave the job.
    ///   - record: what it saw of the job.
    ///   - artifacts: what it stored.
    ///   - failure: why there is no model; nil when there is one.
    /// - Returns: the facts; who may state each is fixed by where it stands.
    func facts(_ staged: StagedJob, _ record: RunRecord, _ artifacts: [Artifact], failure: Problem?) -> JobFacts {
        let job = staged.job
        let policy = staged.policy.policy
        var facts = JobFacts(
            job: job.id.description, attempt: job.attempt,
            outcome: failure.map { .failed(reason: "\($0.title): \($0.detail)") } ?? .completed,
            submitted: (job.times[.received] ?? job.id.time).description,
            started: record.outcome == nil ? nil : record.started.description, finished: record.finished.description,
            rootfs: rootfsFacts(staged.mounted),
            supervisor: .init(
                version: Version.current, executable: platform.supervisor, signer: platform.signer),
            policy: .init(
                name: policy.name, digest: staged.policy.digest.hex, filter: staged.policy.filterDigest.hex),
            builderID: policy.builder,
            keyID: signer.publicKey.keyID)
        facts.inputs = job.inputs.compactMap(JobFacts.Input.init)
        facts.outputs = artifacts.compactMap(JobFacts.Output.init)
        facts.parameters = job.parameters.map {
            .init(name: $0.name, value: $0.value, source: $0.isGiven ? .submitter : .defaults)
        }
        facts.declared = Metadata.Field.allCases.compactMap { field in
            job.metadata[field].map { .init(key: field.rawValue, value: $0) }
        }
        facts.request = .init(
            cpuMillicores: Int64(clamping: job.resources.cpuMillicores),
            memoryBytes: Int64(clamping: job.resources.memoryBytes), gpus: Int64(clamping: job.resources.gpus),
            priority: job.priority, maxAttempts: job.maxAttempts, traceparent: job.traceparent)
        facts.platform = platform.file
        facts.tape = record.tape?.hex
        facts.confinement = confinement(staged)
        facts.limits = (policy.limits.lines + job.resources.lines).map { .init(name: $0.name, value: String($0.value)) }
        facts.environment = environmentFacts(lending: job.resources.gpus)
        facts.program = .init(arguments: staged.program.arguments, environment: staged.program.environment)
        facts.operatorName = provenance.operatorName
        facts.securityPolicy = provenance.securityPolicy
        facts.denied = record.outcome.flatMap { staged.policy.filter.records ? .init($0.denied) : nil }
        facts.usage = record.outcome.map(JobFacts.Usage.init) ?? JobFacts.Usage()
        facts.logsTruncated = record.logIsTruncated
        facts.reportTruncated = record.reportIsTruncated
        facts.reported = record.reported
        return facts
    }

    private func rootfsFacts(_ mounted: RootfsLibrary.Mounted) -> JobFacts.RootFileSystem {
        let manifest = mounted.image.manifest
        return .init(
            name: manifest.name,
            image: .init(
                name: manifest.imageFile, sha256: manifest.imageDigest.hex, size: Int64(clamping: manifest.imageSize)),
            recipe: manifest.recipeDigest, inventory: manifest.inventoryDigest.hex, verity: manifest.verity,
            components: mounted.inventory, scan: mounted.scan.map(JobFacts.Scan.init))
    }

    /// In words what the tape says in system calls, whose digest stands beside it.
    private func confinement(_ staged: StagedJob) -> [JobFacts.Confinement] {
        let landlock = staged.policy.policy.landlock != nil
        return [
            .init(.ownNamespaces, "namespaces: user, mount, pid, network, ipc, uts, cgroup"),
            .init(.noNetwork, "network: a namespace with no interface up"),
            .init(.ownUser, "user: a host uid that no other job and no account has"),
            .init(.noPrivileges, "capabilities: none in any set; no_new_privs"),
            landlock
                ? .init(.landlockEnforced, "files: Landlock ABI \(staged.policy.landlockABI), rules on the tape")
                : .init(nil, "files: no Landlock"),
            .init(.resourcesLimited, "resources: a control group of its own, limited as below, without swap"),
            .init(
                .inputsReadOnly,
                "root: the rootfs image, read-only; /in read-only; /out and /tmp limited in bytes and files"),
            .init(
                .seccompEnforced, "system calls: seccomp allow-list sha256:\(staged.policy.filterDigest)",
                evidence: .filter),
        ]
    }

    private func environmentFacts(lending gpus: UInt64) -> JobFacts.Environment {
        // Which devices a job was lent is told from others by their models only where they differ; then it is not known here.
        let models = environment.accelerators.value.flatMap { Set($0).count <= 1 ? $0.first : nil }
        return .init(
            kernelRelease: environment.kernelRelease.value, kernelVersion: environment.kernelVersion.value,
            machine: environment.machine.value, cpuModel: environment.cpuModel.value,
            logicalCPUs: environment.logicalCPUs.value,
            memoryBytes: environment.memoryBytes.value.map { Int64(clamping: $0) },
            accelerators: gpus == 0 ? [] : models.map { Array(repeating: $0, count: Int(gpus)) },
            acceleratorDriver: gpus == 0 ? nil : environment.acceleratorDriver.value)
    }
}

extension Resources {
    /// What the job was admitted with beside its memory, which stands among the limits: `memory_bytes` and `cpu_weight` are lowered
    /// to its ask.
    fileprivate var lines: [(name: String, value: UInt64)] {
        [("cpu_millicores_reserved", cpuMillicores), ("gpus_reserved", gpus)]
    }
}

extension JobFacts.Input {
    init?(_ stored: StoredInput) {
        guard let role = Role(rawValue: stored.input.role.rawValue) else { return nil }
        self.init(
            role: role,
            file: .init(
                name: stored.input.fileName.text, sha256: stored.input.digest.hex, size: Int64(clamping: stored.size)))
    }
}

extension JobFacts.Output {
    fileprivate init?(_ artifact: Artifact) {
        guard let role = Role(rawValue: artifact.role.rawValue) else { return nil }
        self.init(
            role: role,
            file: .init(
                name: artifact.name, sha256: artifact.blob.digest.hex, size: Int64(clamping: artifact.blob.size)))
    }
}

extension JobFacts.Scan {
    fileprivate init(_ scan: Scan) {
        self.init(
            time: scan.time, advisories: scan.advisories, newest: scan.newest, database: scan.database,
            unscanned: scan.unscanned.count, outdated: scan.outdated,
            findings: scan.findings.map { finding in
                .init(
                    id: finding.id, aliases: finding.aliases, summary: finding.summary, package: finding.package,
                    fixed: finding.fixed, published: finding.published,
                    analysis: finding.analysis.map {
                        .init(state: $0.state, justification: $0.justification, detail: $0.detail)
                    })
            })
    }
}

extension JobFacts.Denied {
    fileprivate init(_ calls: DeniedCalls) {
        self.init(
            counts: calls.counts.sorted { $0.key < $1.key }.map { .init(call: $0.key, count: $0.value) },
            attempts: calls.attempts.map {
                .init(
                    call: $0.name, arguments: $0.arguments, count: $0.count, milliseconds: $0.microseconds / 1000)
            })
    }
}

extension JobFacts.Usage {
    fileprivate init(_ outcome: RunOutcome) {
        let ending = outcome.ending
        let status: String =
            switch ending.status {
            case .exited(let code): "exited \(code)"
            case .signalled(let signal): "killed by signal \(signal)"
            }
        self.init(
            wallMilliseconds: outcome.wallMicroseconds / 1000, userMilliseconds: outcome.userMicroseconds / 1000,
            systemMilliseconds: outcome.systemMicroseconds / 1000, peakMemoryBytes: outcome.usage.peakMemory,
            outOfMemoryKills: outcome.usage.oomKills, refusedForks: outcome.usage.refusedForks, exitStatus: status)
    }
}
