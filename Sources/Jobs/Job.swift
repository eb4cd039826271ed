package import JSON
package import Measure

/// A job as it stands: what the store keeps and the wire shows.
package struct Job: Sendable, Equatable {
    package let id: JobID
    package let owner: String
    package let state: JobState
    package let rootfs: String
    package let policy: String
    /// Counted from 1.
    package let attempt: Int
    package let inputs: [StoredInput]
    package let parameters: [EffectiveParameter]
    package let metadata: Metadata
    /// Why a failed job failed.
    package let problem: Problem?
    /// When the job last came into each state.
    package let times: [JobState: Instant]
    /// What is held free for it, and what it is held to.
    package let resources: Resources
    package let priority: Int
    package let maxAttempts: Int
    /// Somebody has asked for its end; kept, so that a supervisor's death loses no request.
    package let isCancelAsked: Bool
    /// When its inputs were given up; their digests stay.
    package let inputsDeleted: Instant?
    /// Which larger undertaking it belongs to, as its request said (W3C Trace Context).
    package let traceparent: String?

    package init(
        id: JobID, owner: String, state: JobState, rootfs: String, policy: String, attempt: Int = 1,
        inputs: [StoredInput], parameters: [EffectiveParameter], metadata: Metadata, problem: Problem? = nil,
        times: [JobState: Instant], resources: Resources = ResourceAsk.usual, priority: Int = JobPriority.usual,
        maxAttempts: Int = JobAttempts.usual, isCancelAsked: Bool = false, inputsDeleted: Instant? = nil,
        traceparent: String? = nil
    ) {
        self.id = id
        self.owner = owner
        self.state = state
        self.rootfs = rootfs
        self.policy = policy
        self.attempt = attempt
        self.inputs = inputs
        self.parameters = parameters
        self.metadata = metadata
        self.problem = problem
        self.times = times
        self.resources = resources
        self.priority = priority
        self.maxAttempts = maxAttempts
        self.isCancelAsked = isCancelAsked
        self.inputsDeleted = inputsDeleted
        self.traceparent = traceparent
    }
}

extension Job {
    package var json: JSON {
        var object = JSONObject()
        object["job_id"] = .string(id.description)
        object["state"] = .string(state.rawValue)
        object["owner"] = .string(owner)
        object["rootfs"] = .string(rootfs)
        object["policy"] = .string(policy)
        object["attempt"] = .integer(Int64(attempt))
        object["max_attempts"] = .integer(Int64(maxAttempts))
        object["priority"] = .integer(Int64(priority))
        object["resources"] = resources.json
        if isCancelAsked, !state.isFinal { object["cancel_requested"] = .bool(true) }
        object["inputs"] = .object(inputs.json)
        object["inputs_deleted_at"] = inputsDeleted.map { .string($0.description) }
        object["parameters"] = parameters.json
        object["metadata"] = metadata.json
        object["problem"] = problem?.json
        var moments = JSONObject()
        for state in JobState.allCases { moments[state.rawValue] = times[state].map { .string($0.description) } }
        object["times"] = .object(moments)
        object["traceparent"] = traceparent.map(JSON.string)
        return .object(object)
    }

    /// Reads what `json` writes; nil for anything else.
    package init?(json: JSON) {
        guard let id = json["job_id"]?.stringValue.flatMap(JobID.init),
            let state = json["state"]?.stringValue.flatMap(JobState.init), let owner = json["owner"]?.stringValue,
            let rootfs = json["rootfs"]?.stringValue, let policy = json["policy"]?.stringValue,
            let attempt = json["attempt"]?.integerValue, let inputs = json["inputs"].flatMap([StoredInput].init(json:)),
            let parameters = json["parameters"].flatMap([EffectiveParameter].init(json:)),
            let metadata = json["metadata"].flatMap({ try? Metadata(json: $0) }),
            let moments = json["times"]?.objectValue, let resources = json["resources"].flatMap(Resources.init(json:)),
            let priority = json["priority"]?.integerValue, let maxAttempts = json["max_attempts"]?.integerValue
        else { return nil }
        var times: [JobState: Instant] = [:]
        for member in moments.members {
            guard let state = JobState(rawValue: member.key), let time = member.value.stringValue.flatMap(Instant.init)
            else { return nil }
            times[state] = time
        }
        self.init(
            id: id, owner: owner, state: state, rootfs: rootfs, policy: policy, attempt: Int(attempt), inputs: inputs,
            parameters: parameters, metadata: metadata, problem: json["problem"].flatMap(Problem.init(json:)),
            times: times, resources: resources, priority: Int(priority), maxAttempts: Int(maxAttempts),
            isCancelAsked: json["cancel_requested"]?.boolValue ?? false,
            inputsDeleted: json["inputs_deleted_at"]?.stringValue.flatMap(Instant.init),
            traceparent: json["traceparent"]?.stringValue)
    }
}
