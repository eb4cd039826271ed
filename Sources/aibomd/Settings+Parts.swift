internal import API
internal import Catalogue
internal import Jobs
internal import Linux
internal import Settings
internal import Supervisor

/// What each part of the supervisor is told of the settings.
extension Configuration {
    init(_ settings: Settings) throws(LinuxError) {
        let signer: String
        if let named = settings.signer { signer = named } else { signer = try OwnProcess.neighbour("aibom-signer") }
        self.init(
            state: settings.state, runtime: settings.runtime, signer: signer, key: settings.key,
            catalogue: RootfsCatalogue(folder: settings.rootfs), capacity: Resources(settings.capacity),
            passedOverSeconds: settings.queue.passedOverSeconds, retentionDays: settings.retention.inputsDays,
            provenance: Provenance(settings.aibom))
        keyCertificates = settings.keyCertificates
        logName = settings.audit.name
        watchedLogs = settings.audit.watchedLogs
        if let device = settings.tpm.device, let handle = settings.tpm.handle {
            tpm = TPM(device: device, handle: handle, certificates: settings.tpm.certificates)
        }
        for setting in Setting.table where setting.readers.contains(.supervisor) {
            self.settings[setting.key] = "\(setting.value(in: settings))"
        }
    }
}

extension Provenance {
    init(_ settings: Settings.AIBoM) {
        self.init(
            operatorName: settings.operatorName, securityPolicy: settings.securityPolicy,
            edition: settings.cyclonedx.rawValue)
    }
}

extension Resources {
    /// What the host has, as far as the operator does not say less.
    init(_ capacity: Settings.Capacity) {
        self = .host
        if let cpus = capacity.cpuMillicores { cpuMillicores = UInt64(cpus) }
        if let memory = capacity.memoryBytes { memoryBytes = UInt64(memory) }
        if let gpus = capacity.gpus { self.gpus = UInt64(gpus) }
    }
}

extension RateLimits {
    init(_ rate: Settings.Rate) {
        self.init()
        requestsPerSecond = Self.limit(rate.requestsPerSecond)
        requestBurst = UInt64(rate.requestBurst)
        submissionsPerMinute = Self.limit(rate.submissionsPerMinute)
        openUploads = Self.limit(rate.openUploads)
        uploadBytesPerDay = Self.limit(rate.uploadBytesPerDay)
    }

    private static func limit(_ number: Int) -> UInt64? { number == 0 ? nil : UInt64(number) }
}

extension StopMode {
    init(_ stop: Settings.Stop) {
        switch stop.mode {
        case .requeue: self = .requeue
        case .finish: self = .finish(patience: .seconds(stop.patienceSeconds))
        }
    }
}
