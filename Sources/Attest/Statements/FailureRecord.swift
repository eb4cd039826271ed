internal import JSON

/// That a job failed, why, and how far it came: a predicate of ours, since in-toto has none.
enum FailureRecord {
    static func predicate(_ facts: JobFacts, _ links: EvidenceLinks, reason: String) -> JSON {
        record(
            stage: facts.started == nil ? .confine : .run, reason: reason, attempt: facts.attempt,
            times: [("submitted", facts.submitted), ("started", facts.started), ("finished", facts.finished)],
            exitStatus: facts.usage.exitStatus, rootfs: facts.rootfs.name, policy: facts.policy.name,
            builder: facts.builderID, inputs: facts.inputs, links)
    }

    static func predicate(_ facts: JobFacts.NeverRan, _ links: EvidenceLinks) -> JSON {
        record(
            stage: facts.stage, reason: facts.reason, attempt: facts.attempt,
            times: [("submitted", facts.submitted), ("finished", facts.finished)], exitStatus: nil,
            rootfs: facts.rootfs, policy: facts.policy, builder: nil, inputs: facts.inputs, links)
    }

    private static func record(
        stage: JobFacts.Stage, reason: String, attempt: Int, times: [(String, String?)], exitStatus: String?,
        rootfs: String, policy: String, builder: String?, inputs: [JobFacts.Input], _ links: EvidenceLinks
    ) -> JSON {
        var moments = JSONObject()
        for (name, time) in times { moments.add(name, time.map(JSON.string)) }
        var object = JSONObject()
        object.add("stage", .string(stage.rawValue))
        object.add("reason", .string(reason))
        object.add("attempt", .integer(Int64(attempt)))
        object.add("times", .object(moments))
        object.add("exit_status", exitStatus.map(JSON.string))
        object.add("rootfs", .string(rootfs))
        object.add("policy", .string(policy))
        object.add("builder", builder.map { ["id": .string($0)] })
        object.add("inputs", .array(resources(inputs).map(\.json)))
        object.add(EvidenceLinks.member, links.json)
        return .object(object)
    }

    /// What was submitted, under our names; the submitter's stand beside them.
    static func resources(_ inputs: [JobFacts.Input]) -> [Resource] {
        inputs.map { input in
            var resource = Resource.thing(
                AIBoM.Reference.input(input.role), called: input.file.name, sha256: input.file.sha256)
            resource.annotations.add("file_name", .string(input.file.name))
            resource.annotations.add("size", .integer(input.file.size))
            return resource
        }
    }
}
