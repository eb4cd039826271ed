internal import Catalogue
internal import JSON
internal import JobStore
internal import Jobs
internal import Linux
internal import Measure
internal import Policy
internal import Sandbox

/// A job made ready to run: its rootfs mounted, its inputs open and measured again.
struct StagedJob {
    let job: Job
    let mounted: RootfsLibrary.Mounted
    let policy: ConfinedPolicy
    let program: Program
    let inputs: JobInputs
}

/// Why a job ends without a model.
struct JobFailure: Error {
    let problem: Problem

    init(_ name: String, _ title: String, detail: String, field: String? = nil, remedy: String) {
        problem = Problem(name, title, detail: detail, field: field, remedy: remedy)
    }

    /// A fault of the host's or of ours. The detail is stage and errno, for whoever has to mend it.
    static func host(_ title: String, _ error: any Error) -> JobFailure {
        JobFailure(
            "host", title, detail: "\(error)",
            remedy: "ask the operator to look at the supervisor's log, then submit again")
    }
}

extension ConfinedPolicy {
    /// The policy with what one job asked for in the place of what it could have asked for.
    ///
    /// Memory is a wall. CPU is a weight: a thousand millicores are the policy's own weight. Beside others a job gets at least what it
    /// asked for, because all of them together were admitted with no more than the host has; alone it has the policy's whole quota,
    /// so no job is slower on a host that is idle.
    func narrowed(to ask: Resources, gpus: [String]?) -> ConfinedPolicy {
        let weight = min(max(policy.limits.cpuWeight * ask.cpuMillicores / 1000, 1), 10_000)
        let lowered = narrowed(memoryBytes: min(ask.memoryBytes, policy.limits.memoryBytes), cpuWeight: weight)
        return gpus.map { lowered.lending(gpus: $0) } ?? lowered
    }
}

extension Installation {
    /// Opens and measures everything that a job will see.
    ///
    /// Digest at upload = digest at staging: each input is hashed again from the descriptor whose file the job gets, so a
    /// disk that lost a bit between then and now fails the job instead of entering the evidence.
    ///
    /// - Parameters:
    ///   - job: the job.
    ///   - gpus: device nodes of the GPUs that it was admitted with; nil leaves the policy's own.
    /// - Returns: everything that a launch needs; the policy's limits are lowered to what the job asked for.
    /// - Throws: `JobFailure` when it can't run.
    func stage(_ job: Job, gpus: [String]? = nil) throws(JobFailure) -> StagedJob {
        let mounted: RootfsLibrary.Mounted
        do throws(CatalogueError) { mounted = try library.mount(job.rootfs) } catch {
            throw .host("The rootfs can't be used", error)
        }
        guard let policy = policies[job.policy]?.narrowed(to: job.resources, gpus: gpus) else {
            throw JobFailure(
                "policy-gone", "The policy is not there any more", detail: "policy \(job.policy) is not known",
                remedy: "submit again with one of: \(policies.keys.sorted().joined(separator: ", "))")
        }
        let manifest = mounted.image.manifest
        let program = Program(
            path: manifest.arguments[0], arguments: manifest.arguments,
            environment: manifest.environmentStrings + policy.policy.environmentStrings + ["AIBOM_REPORT_FD=3"])
        return StagedJob(
            job: job, mounted: mounted, policy: policy, program: program,
            inputs: .files(try open(job.inputs, for: manifest), written: [("job.json", Self.order(job, manifest))]))
    }

    private func open(_ inputs: [StoredInput], for manifest: RootfsManifest) throws(JobFailure) -> [InputFile] {
        var files: [InputFile] = []
        for rule in manifest.inputs {
            guard let stored = inputs.first(where: { $0.input.role.rawValue == rule.role }) else { continue }
            files.append(InputFile(name: rule.file, file: try open(stored)))
        }
        return files
    }

    private func open(_ stored: StoredInput) throws(JobFailure) -> OwnedDescriptor {
        do {
            let file = try blobs.open(stored.input.digest)
            let measured = try Digest.of(file: file)
            guard measured.digest == stored.input.digest, measured.size == stored.size else {
                throw JobFailure(
                    "input-damaged", "A stored input has changed",
                    detail: "the stored \(stored.input.role.rawValue) has another digest than at its upload",
                    field: "inputs.\(stored.input.role.rawValue)",
                    remedy: "tell the operator: the store's disk loses data; then upload again")
            }
            return file
        } catch let failure as JobFailure {
            throw failure
        } catch {
            throw .host("An input can't be read", error)
        }
    }

    /// `job.json`: what the trainer is asked to do.
    static func order(_ job: Job, _ manifest: RootfsManifest) -> [UInt8] {
        var inputs = JSONObject()
        for rule in manifest.inputs { inputs[rule.role] = .string(rule.file) }
        var parameters = JSONObject()
        for parameter in job.parameters { parameters[parameter.name] = parameter.value }
        let order: JSON = [
            "schema": "aibom-job/1", "job_id": .string(job.id.description), "inputs": .object(inputs),
            "parameters": .object(parameters),
        ]
        return order.prettyBytes() + [UInt8(ascii: "\n")]
    }
}
