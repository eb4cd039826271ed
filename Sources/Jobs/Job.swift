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

    package init(
        id: JobID, owner: String, state: JobState, rootfs: String, policy: String, attempt: Int = 1,
        inputs: [StoredInput], parameters: [EffectiveParameter], metadata: Metadata, problem: Problem? = nil,
        times: [JobState: Instant]
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
        object["inputs"] = .object(inputs.json)
        object["parameters"] = parameters.json
        object["metadata"] = metadata.json
        object["problem"] = problem?.json
        var moments = JSONObject()
        for state in JobState.allCases { moments[state.rawValue] = times[state].map { .string($0.description) } }
        object["times"] = .object(moments)
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
            let moments = json["times"]?.objectValue
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
            times: times)
    }
}
