internal import JSON

extension AIBoM {
    /// The run itself, as properties of the document.
    static func runProperties(_ facts: JobFacts) -> [JSON] {
        var properties = Properties()
        properties.add(.observed, "job.id", facts.job)
        properties.add(.observed, "job.attempt", "\(facts.attempt)")
        switch facts.outcome {
        case .completed: properties.add(.observed, "job.outcome", "completed")
        case .failed(let reason):
            properties.add(.observed, "job.outcome", "failed")
            properties.add(.observed, "job.failure", reason)
        }
        properties.add(.observed, "job.submitted", facts.submitted)
        properties.add(.observed, "job.started", ifKnown: facts.started)
        properties.add(.observed, "job.finished", facts.finished)
        // Known to the supervisor, and not for everyone who reads the document.
        properties.withhold("job.owner")
        properties.add(.observed, "builder.id", facts.builderID)
        properties.add(.observed, "operator.name", ifKnown: facts.operatorName)
        properties.add(.observed, "operator.security_policy", ifKnown: facts.securityPolicy)
        properties.add(.observed, "key.id", facts.keyID)
        properties.add(.observed, "policy.name", facts.policy.name)
        properties.add(.observed, "policy.sha256", facts.policy.digest)
        properties.add(.observed, "tape.sha256", ifKnown: facts.tape)
        for measure in facts.confinement { properties.add(.observed, "confinement", measure.words) }
        for limit in facts.limits { properties.add(.observed, "limit.\(limit.name)", limit.value) }
        add(facts.usage, to: &properties)
        add(facts.denied, to: &properties)
        add(facts.environment, to: &properties)
        if let energy = Energy(facts.usage) {
            properties.add(.computed, "energy.training.kwh", energy.kilowattHours.lexeme)
            properties.add(.computed, "energy.method", Energy.method)
        } else {
            properties.add(.computed, "energy.training.kwh", ifKnown: String?.none)
        }
        properties.add(.observed, "logs.truncated", facts.logsTruncated ? "true" : "false")
        properties.add(.observed, "report.truncated", facts.reportTruncated ? "true" : "false")
        for name in facts.refusedReports { properties.add(.computed, "report.refused", name) }
        return properties.elements
    }

    private static func add(_ usage: JobFacts.Usage, to properties: inout Properties) {
        properties.add(.observed, "usage.wall.ms", ifKnown: usage.wallMilliseconds)
        properties.add(.observed, "usage.cpu.user.ms", ifKnown: usage.userMilliseconds)
        properties.add(.observed, "usage.cpu.system.ms", ifKnown: usage.systemMilliseconds)
        properties.add(.observed, "usage.memory.peak.bytes", ifKnown: usage.peakMemoryBytes)
        properties.add(.observed, "usage.memory.kills", ifKnown: usage.outOfMemoryKills)
        properties.add(.observed, "usage.processes.refused", ifKnown: usage.refusedForks)
        properties.add(.observed, "exit.status", ifKnown: usage.exitStatus)
    }

    /// Who tried what: every call by its count, and the first attempts with their registers.
    private static func add(_ denied: JobFacts.Denied?, to properties: inout Properties) {
        guard let denied else {
            properties.add(.observed, "denied.calls.recorded", "false")
            return
        }
        properties.add(.observed, "denied.calls.recorded", "true")
        properties.add(.observed, "denied.calls.total", "\(denied.counts.reduce(0) { $0 + $1.count })")
        for count in denied.counts { properties.add(.observed, "denied.call.\(count.call)", "\(count.count)") }
        for attempt in denied.attempts {
            let arguments = attempt.arguments.map { "0x\(String($0, radix: 16))" }.joined(separator: ", ")
            properties.add(
                .observed, "denied.attempt",
                "\(attempt.call)(\(arguments)) x\(attempt.count), first after \(attempt.milliseconds) ms")
        }
    }

    private static func add(_ environment: JobFacts.Environment, to properties: inout Properties) {
        properties.add(.observed, "kernel.release", ifKnown: environment.kernelRelease)
        properties.add(.observed, "kernel.version", ifKnown: environment.kernelVersion)
        properties.add(.observed, "machine", ifKnown: environment.machine)
        properties.add(.observed, "cpu.model", ifKnown: environment.cpuModel)
        properties.add(.observed, "cpu.logical", ifKnown: environment.logicalCPUs)
        properties.add(.observed, "memory.bytes", ifKnown: environment.memoryBytes)
        properties.add(
            .observed, "accelerators", ifKnown: environment.accelerators.map { $0.isEmpty ? "none" : "\($0.count)" })
        // Known to every kernel, and nobody else's business.
        properties.withhold("host.name")
    }

    /// What stands in the place of the model when there is none.
    static func failure(_ facts: JobFacts) -> JSON {
        let reason = if case .failed(let reason) = facts.outcome { reason } else { "" }
        var properties = Properties()
        properties.mark(.observed, evidence: "metadata.properties")
        for key in JobFacts.Declared.modelKeys { properties.add(.declared, key, ifKnown: facts.declared(key)) }
        addUnplaced(facts, to: &properties)
        return [
            "type": "data",
            "bom-ref": .string(Reference.subject),
            "name": .string("failed training run \(facts.job)"),
            "description": .string("training failed, there is no model: \(reason)"),
            "data": [["type": "other", "name": "record of a failed training run"]],
            "properties": .array(properties.elements),
        ]
    }
}
