package import JSON

/// What the host has for jobs, what of it is taken, and how many jobs are in each state.
package struct NodeStatus: Sendable, Equatable {
    package let capacity: Resources
    /// What the jobs that have been started were admitted with.
    package let used: Resources
    /// States in which there is no job are left out.
    package let jobs: [JobState: Int]

    package init(capacity: Resources, used: Resources, jobs: [JobState: Int]) {
        self.capacity = capacity
        self.used = used
        self.jobs = jobs
    }

    package var json: JSON {
        var counts = JSONObject()
        for state in JobState.allCases { counts[state.rawValue] = .integer(Int64(jobs[state, default: 0])) }
        return ["capacity": capacity.json, "used": used.json, "jobs": .object(counts)]
    }
}
