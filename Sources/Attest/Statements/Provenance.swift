internal import JSON

/// SLSA Provenance v1 of a training. docs/build-type.md has every member, and a test holds it to this file.
enum Provenance {
    static let buildType = "urn:aibomgen:build-type:training:1"

    static func predicate(_ facts: JobFacts, _ links: EvidenceLinks) throws(AttestError) -> JSON {
        [
            "buildDefinition": [
                "buildType": .string(buildType), "externalParameters": try external(facts),
                "internalParameters": try `internal`(facts), "resolvedDependencies": .array(dependencies(facts)),
            ],
            "runDetails": [
                "builder": builder(facts),
                "metadata": [
                    "invocationId": .string("urn:uuid:\(facts.job)"),
                    "startedOn": .string(facts.started ?? facts.submitted), "finishedOn": .string(facts.finished),
                ],
                "byproducts": .array(byproducts(facts, links)),
            ],
        ]
    }

    /// Everything that the submitter chose, and nothing else: a verifier compares it with what it expects. The bytes of what was
    /// submitted are in `resolvedDependencies`, by the names that `inputs` has.
    private static func external(_ facts: JobFacts) throws(AttestError) -> JSON {
        var object = JSONObject()
        object.add("rootfs", .string(facts.rootfs.name))
        object.add("policy", .string(facts.policy.name))
        var inputs = JSONObject()
        for input in facts.inputs { inputs.add(AIBoM.Reference.input(input.role), .string(input.file.name)) }
        object.add("inputs", .object(inputs))
        object.add("parameters", try parameters(facts, from: .submitter))
        var declared = JSONObject()
        for answer in facts.declared { try insert(.string(answer.value), answer.key, in: &declared, of: "declared") }
        object.add("metadata", .object(declared))
        if let request = facts.request {
            object.add(
                "resources",
                [
                    "cpu_millicores": .integer(request.cpuMillicores), "memory_bytes": .integer(request.memoryBytes),
                    "gpus": .integer(request.gpus),
                ])
            object.add("priority", .integer(Int64(request.priority)))
            object.add("max_attempts", .integer(Int64(request.maxAttempts)))
            object.add("traceparent", request.traceparent.map(JSON.string))
        }
        return .object(object)
    }

    /// What the supervisor set, and no submitter can.
    private static func `internal`(_ facts: JobFacts) throws(AttestError) -> JSON {
        var object = JSONObject()
        object.add("job", .string(facts.job))
        object.add("attempt", .integer(Int64(facts.attempt)))
        object.add("submitted", .string(facts.submitted))
        object.add("parameters", try parameters(facts, from: .defaults))
        if let program = facts.program {
            object.add(
                "program",
                [
                    "arguments": .array(program.arguments.map(JSON.string)),
                    "environment": .array(program.environment.map(JSON.string)),
                ])
        }
        var limits = JSONObject()
        for limit in facts.limits { try insert(.string(limit.value), limit.name, in: &limits, of: "limits") }
        object.add("limits", .object(limits))
        object.add("tape", facts.tape.map { ["sha256": .string($0)] })
        object.add("filter", facts.policy.filter.map { ["sha256": .string($0)] })
        object.add("key", .string(facts.keyID))
        return .object(object)
    }

    private static func parameters(
        _ facts: JobFacts, from source: JobFacts.Parameter.Source
    ) throws(AttestError) -> JSON {
        var object = JSONObject()
        for parameter in facts.parameters where parameter.source == source {
            try insert(parameter.value, parameter.name, in: &object, of: "parameters")
        }
        return .object(object)
    }

    private static func insert(
        _ value: JSON, _ key: String, in object: inout JSONObject, of fact: String
    ) throws(AttestError) {
        guard object.insert(value, for: key) else { throw .fact(fact, reason: "\(JSON.string(key)) is there twice") }
    }

    /// Every byte that the job could read: its inputs and its root file system, with what that was made of.
    private static func dependencies(_ facts: JobFacts) -> [JSON] {
        var dependencies = FailureRecord.resources(facts.inputs)
        var image = Resource.thing(
            AIBoM.Reference.rootfs, called: facts.rootfs.image.name, sha256: facts.rootfs.image.sha256)
        image.annotations.add("size", .integer(facts.rootfs.image.size))
        image.annotations.add("verity", facts.rootfs.verity.map(JSON.string))
        dependencies.append(image)
        for (part, digest) in [("recipe", facts.rootfs.recipe), ("inventory", facts.rootfs.inventory)] {
            guard let digest else { continue }
            let name = "\(AIBoM.Reference.rootfs)-\(part)"
            dependencies.append(.thing(name, called: "\(facts.rootfs.name)-\(part)", sha256: digest))
        }
        return dependencies.map(\.json)
    }

    /// `builder.id` names the mode, so that a weaker one is another builder; `builderDependencies` are what it stands on.
    private static func builder(_ facts: JobFacts) -> JSON {
        var dependencies = [
            program("aibomd", AIBoM.Reference.supervisor, facts.supervisor.executable, facts),
            program("aibom-signer", AIBoM.Reference.signer, facts.supervisor.signer, facts),
            Resource.thing(AIBoM.Reference.policy, called: facts.policy.name, sha256: facts.policy.digest),
        ]
        if let platform = facts.platform {
            dependencies.append(.artifact(platform.name, sha256: platform.sha256, mediaType: "application/json"))
        }
        return [
            "id": .string(facts.builderID), "version": ["aibomd": .string(facts.supervisor.version)],
            "builderDependencies": .array(dependencies.map(\.json)),
        ]
    }

    private static func program(_ title: String, _ name: String, _ digest: String?, _ facts: JobFacts) -> Resource {
        let version = facts.supervisor.version
        guard let digest else {
            let uri = "pkg:generic/\(PackageURL.encoded(title))@\(PackageURL.encoded(version))"
            return Resource(name: name, uri: uri)
        }
        return .thing(name, called: title, version: version, sha256: digest)
    }

    /// What was made beside the model: the AIBoM, and what the job said of itself.
    private static func byproducts(_ facts: JobFacts, _ links: EvidenceLinks) -> [JSON] {
        var byproducts: [Resource] = []
        if let bill = links.bill {
            byproducts.append(
                .artifact(AIBoM.documentName, sha256: bill, mediaType: "application/vnd.cyclonedx+json"))
        }
        for output in facts.outputs where output.role != .model {
            let type = output.role == .logs ? "text/plain" : "application/json"
            byproducts.append(.artifact(output.file.name, sha256: output.file.sha256, mediaType: type))
        }
        return byproducts.map(\.json)
    }
}
