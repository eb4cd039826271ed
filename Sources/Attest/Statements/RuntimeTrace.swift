internal import JSON

/// What the supervisor saw of the job from outside (in-toto runtime trace v0.1).
///
/// It saw the program start, every system call that the policy puts on record, and the end. It saw no file being opened and no
/// packet, and says nothing of them: there are claims about what was impossible for that.
enum RuntimeTrace {
    static let monitor = "urn:aibomgen:monitor:supervisor:1"

    static func predicate(_ facts: JobFacts, _ links: EvidenceLinks) -> JSON {
        [
            "monitor": [
                "type": .string(monitor),
                "configSource": Resource.thing(
                    AIBoM.Reference.policy, called: facts.policy.name, sha256: facts.policy.digest
                ).json,
                "tracePolicy": ["denied_calls_recorded": .bool(facts.denied != nil)],
            ],
            "monitoredProcess": [
                "hostID": .string(facts.builderID), "type": .string(Provenance.buildType),
                "event": .string("urn:uuid:\(facts.job)#\(facts.attempt)"),
            ],
            "monitorLog": ["process": .array(events(facts))],
            "metadata": [
                "buildStartedOn": .string(facts.started ?? facts.submitted),
                "buildFinishedOn": .string(facts.finished),
            ],
            EvidenceLinks.member: links.json,
        ]
    }

    private static func events(_ facts: JobFacts) -> [JSON] {
        guard facts.started != nil else { return [["event": "not-started"]] }
        return [start(facts)] + denied(facts) + [end(facts)]
    }

    private static func start(_ facts: JobFacts) -> JSON {
        var event = JSONObject()
        event.add("event", "exec")
        if let program = facts.program {
            event.add("processBinary", program.arguments.first.map(JSON.string))
            event.add("arguments", .array(program.arguments.map(JSON.string)))
            event.add("environment", .array(program.environment.map(JSON.string)))
        }
        event.add("privileged", false)
        return .object(event)
    }

    /// Each call by its count; the first attempts with their registers.
    private static func denied(_ facts: JobFacts) -> [JSON] {
        guard let denied = facts.denied else { return [] }
        // A count is at most the number of calls of one job, and a register any 64 bits: those are text.
        let counts: [JSON] = denied.counts.map {
            ["event": "denied-call", "call": .string($0.call), "count": .integer(Int64(clamping: $0.count))]
        }
        let attempts: [JSON] = denied.attempts.map { attempt in
            [
                "event": "denied-attempt", "call": .string(attempt.call),
                "registers": .array(attempt.arguments.map { .string("0x\(String($0, radix: 16))") }),
                "count": .integer(Int64(clamping: attempt.count)), "first_after_ms": .integer(attempt.milliseconds),
            ]
        }
        return counts + attempts
    }

    private static func end(_ facts: JobFacts) -> JSON {
        var event = JSONObject()
        event.add("event", "exit")
        event.add("status", facts.usage.exitStatus.map(JSON.string))
        for (name, value) in [
            ("wall_ms", facts.usage.wallMilliseconds), ("cpu_user_ms", facts.usage.userMilliseconds),
            ("cpu_system_ms", facts.usage.systemMilliseconds), ("memory_peak_bytes", facts.usage.peakMemoryBytes),
            ("memory_kills", facts.usage.outOfMemoryKills), ("forks_refused", facts.usage.refusedForks),
        ] {
            event.add(name, value.map(JSON.integer))
        }
        return .object(event)
    }
}
