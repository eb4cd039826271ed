package import JSON

/// The `resources` of a request: what a submitter asks for; what is left out, the service fills in.
package struct ResourceAsk: Sendable, Equatable {
    /// The least that a kernel's quota can say, and a process that does nothing.
    package static let leastMillicores: UInt64 = 10
    package static let leastMemory: UInt64 = 64 << 20
    /// What a job gets that asks for nothing.
    package static let usual = Resources(cpuMillicores: 1000, memoryBytes: 2 << 30, gpus: 0)

    package var cpuMillicores: UInt64?
    package var memoryBytes: UInt64?
    package var gpus: UInt64?

    package init(cpuMillicores: UInt64? = nil, memoryBytes: UInt64? = nil, gpus: UInt64? = nil) {
        self.cpuMillicores = cpuMillicores
        self.memoryBytes = memoryBytes
        self.gpus = gpus
    }
}

/// What a policy lets a job ask for.
package struct ResourceLimits: Sendable, Equatable {
    package let policy: String
    package let cpuMillicores: UInt64
    package let memoryBytes: UInt64
    /// Whether the policy lends its jobs GPUs; then each needs at least one.
    package let lendsGPUs: Bool

    package init(policy: String, cpuMillicores: UInt64, memoryBytes: UInt64, lendsGPUs: Bool) {
        self.policy = policy
        self.cpuMillicores = cpuMillicores
        self.memoryBytes = memoryBytes
        self.lendsGPUs = lendsGPUs
    }
}

extension ResourceAsk {
    /// What the job is admitted with: as asked, or else the usual where policy and host have as much.
    ///
    /// - Parameters:
    ///   - limits: what its policy allows.
    ///   - capacity: what the host has for all jobs together.
    /// - Returns: what will be held free for the job.
    /// - Throws: a `Violation` for the first that the policy forbids or that can never fit.
    package func resolved(
        within limits: ResourceLimits, capacity: Resources
    ) throws(Violation) -> Resources {
        let usual = ResourceAsk.usual
        let resolved = Resources(
            cpuMillicores: try Quantity("cpu_millicores", cpuMillicores, least: Self.leastMillicores, "of CPU")
                .resolved(
                    usual: usual.cpuMillicores, limits.cpuMillicores, limits.policy, capacity.cpuMillicores),
            memoryBytes: try Quantity("memory_bytes", memoryBytes, least: Self.leastMemory, "of memory").resolved(
                usual: usual.memoryBytes, limits.memoryBytes, limits.policy, capacity.memoryBytes),
            gpus: try resolvedGPUs(limits, capacity.gpus))
        return resolved
    }

    private func resolvedGPUs(_ limits: ResourceLimits, _ capacity: UInt64) throws(Violation) -> UInt64 {
        let asked = gpus ?? (limits.lendsGPUs ? 1 : 0)
        guard limits.lendsGPUs else {
            guard asked == 0 else {
                throw Violation(
                    "resources.gpus", "is more than policy \(limits.policy) lends", limit: 0,
                    remedy: "ask for a policy that lends GPUs, such as gpu, or leave it out")
            }
            return 0
        }
        guard asked > 0 else {
            throw Violation(
                "resources.gpus", "is 0, and policy \(limits.policy) is for training on a GPU", limit: 1,
                remedy: "ask for 1, or for another policy")
        }
        guard asked <= capacity else {
            throw Violation(
                "resources.gpus", "is \(asked), more than this host has for jobs",
                limit: .integer(Int64(clamping: capacity)),
                remedy: capacity == 0 ? "ask for a policy without GPUs, such as strict" : "ask for fewer")
        }
        return asked
    }
}

/// One number of an ask.
private struct Quantity {
    let field: String
    let asked: UInt64?
    let least: UInt64
    let unit: String

    init(_ name: String, _ asked: UInt64?, least: UInt64, _ unit: String) {
        field = "resources.\(name)"
        self.asked = asked
        self.least = least
        self.unit = unit
    }

    func resolved(
        usual: UInt64, _ most: UInt64, _ policy: String, _ capacity: UInt64
    ) throws(Violation) -> UInt64 {
        guard let asked else { return min(usual, most, capacity) }
        guard asked >= least else {
            throw Violation(
                field, "is less than a job can run with", limit: .integer(Int64(clamping: least)),
                remedy: "ask for more")
        }
        guard asked <= most else {
            throw Violation(
                field, "is more than policy \(policy) allows", limit: .integer(Int64(clamping: most)),
                remedy: "ask for less, or for a policy that allows more")
        }
        guard asked <= capacity else {
            throw Violation(
                field, "is more than this host has \(unit) for jobs", limit: .integer(Int64(clamping: capacity)),
                remedy: "ask for less: a job that never fits would wait for ever")
        }
        return asked
    }
}

extension ResourceAsk {
    private static let names = ["cpu_millicores", "memory_bytes", "gpus"]

    /// The members that were given: what was left out stays out of the digest of the request, too.
    package var json: JSON {
        var object = JSONObject()
        for (name, value) in zip(Self.names, [cpuMillicores, memoryBytes, gpus]) {
            object[name] = value.map { .integer(Int64(clamping: $0)) }
        }
        return .object(object)
    }

    /// Reads the `resources` object of a request.
    package init(json: JSON) throws(Violation) {
        guard let object = json.objectValue else {
            throw Violation(
                "resources", "is not an object", remedy: "send an object of whole numbers, or leave it out")
        }
        for member in object.members where !Self.names.contains(member.key) {
            throw .unknown(member.key, in: "resources", known: Self.names)
        }
        cpuMillicores = try Self.number(object, "cpu_millicores")
        memoryBytes = try Self.number(object, "memory_bytes")
        gpus = try Self.number(object, "gpus")
    }

    private static func number(_ object: JSONObject, _ name: String) throws(Violation) -> UInt64? {
        guard let value = object[name], value != .null else { return nil }
        guard let number = value.integerValue.flatMap(UInt64.init(exactly:)) else {
            throw Violation(
                "resources.\(name)", "is not a whole number from 0 on", remedy: "send digits only, or leave it out")
        }
        return number
    }
}
