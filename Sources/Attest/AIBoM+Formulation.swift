internal import JSON

extension AIBoM {
    /// How it was made: one workflow of one task, with what went in, what came out, when, and in which folders.
    static func formula(_ facts: JobFacts) -> JSON {
        var workflow = JSONObject()
        workflow.add("bom-ref", .string(Reference.workflow))
        workflow.add("uid", .string(facts.job))
        workflow.add("name", "training job")
        workflow.add("tasks", [task(facts)])
        workflow.add("taskTypes", ["build"])
        workflow.add("trigger", trigger(facts))
        workflow.add("timeStart", .string(facts.submitted))
        workflow.add("timeEnd", .string(facts.finished))
        return ["bom-ref": "formula", "workflows": [.object(workflow)]]
    }

    private static func task(_ facts: JobFacts) -> JSON {
        var task = JSONObject()
        task.add("bom-ref", .string(Reference.task))
        task.add("uid", .string("\(facts.job)/\(facts.attempt)"))
        task.add("name", "train")
        task.add("resourceReferences", [["ref": .string(Reference.rootfs)], ["ref": .string(Reference.policy)]])
        task.add("taskTypes", ["build"])
        task.add("steps", .array(steps(facts)))
        task.add("inputs", ifAny: taskInputs(facts))
        task.add("outputs", ifAny: facts.outputs.map(taskOutput))
        task.add("timeStart", facts.started.map(JSON.string))
        task.add("timeEnd", .string(facts.finished))
        task.add("workspaces", .array(workspaces(facts)))
        task.add("properties", ifAny: parameterProperties(facts))
        return .object(task)
    }

    private static func taskInputs(_ facts: JobFacts) -> [JSON] {
        var inputs: [JSON] = facts.inputs.map { input in
            var properties = Properties()
            properties.add(.observed, "sha256", input.file.sha256)
            return [
                "resource": ["ref": .string(Reference.input(input.role))], "properties": .array(properties.elements),
            ]
        }
        if !facts.parameters.isEmpty {
            // An input is a resource or parameters, never both (oneOf in the schema).
            inputs.append(["parameters": .array(facts.parameters.map(parameter))])
        }
        if let program = facts.program, !program.environment.isEmpty {
            inputs.append(["environmentVars": .array(program.environment.map(variable))])
        }
        return inputs
    }

    private static func variable(_ text: String) -> JSON {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return ["name": .string(String(parts[0])), "value": .string(parts.count > 1 ? String(parts[1]) : "")]
    }

    /// A request at one of the two doors; whose it was stands in the audit log, not here.
    private static func trigger(_ facts: JobFacts) -> JSON {
        [
            "bom-ref": "trigger", "uid": .string("\(facts.job)/submitted"), "type": "api",
            "event": ["uid": .string(facts.job), "timeReceived": .string(facts.submitted)],
            "timeActivated": .string(facts.started ?? facts.submitted),
        ]
    }

    /// What happened to the job, in order; a stage that it did not reach is not here.
    private static func steps(_ facts: JobFacts) -> [JSON] {
        var steps: [JSON] = [
            step("stage", "hash the inputs again from the descriptors that the job gets, and mount the rootfs"),
            step("confine", "replay the tape: namespaces, mounts, identity, limits, Landlock, seccomp"),
        ]
        if facts.started != nil {
            var train = JSONObject()
            train.add("name", "train")
            train.add("description", "run the trainer of the rootfs until its last process is dead")
            train.add(
                "commands",
                facts.program.map { [["executed": .string($0.arguments.joined(separator: " "))]] })
            steps.append(.object(train))
        }
        steps.append(step("collect", "store what the dead job left, each file hashed in the pass that stores it"))
        return steps
    }

    private static func step(_ name: String, _ description: String) -> JSON {
        ["name": .string(name), "description": .string(description)]
    }

    private static func parameter(_ parameter: JobFacts.Parameter) -> JSON {
        let type =
            switch parameter.value {
            case .null: "null"
            case .bool: "boolean"
            case .integer: "integer"
            case .decimal: "number"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            }
        var element = JSONObject()
        element.add("name", .string(parameter.name))
        element.add("value", text(of: parameter.value).map(JSON.string))
        element.add("dataType", .string(type))
        return .object(element)
    }

    /// Who chose each parameter: the submitter, or the trainer's own schema, which the root file system's digest binds.
    private static func parameterProperties(_ facts: JobFacts) -> [JSON] {
        var properties = Properties()
        for parameter in facts.parameters {
            let trust: Trust = parameter.source == .submitter ? .declared : .observed
            properties.add(trust, "parameter.\(parameter.name)", ifKnown: text(of: parameter.value))
        }
        return properties.elements
    }

    /// Nil for null: the trainer works it out, and what it worked out is for the job to report.
    private static func text(of value: JSON) -> String? {
        value == .null ? nil : value.stringValue ?? value.description
    }

    private static func taskOutput(_ output: JobFacts.Output) -> JSON {
        let type: JSON =
            switch output.role {
            case .model: "artifact"
            case .metrics: "metrics"
            case .logs: "log"
            }
        var properties = Properties()
        properties.add(.observed, "artifact.name", output.file.name)
        properties.add(.observed, "sha256", output.file.sha256)
        return [
            "type": type, "resource": ["ref": .string(Reference.output(output.role))],
            "properties": .array(properties.elements),
        ]
    }

    /// The folders that the job saw besides its root file system, with the room that it had in them.
    private static func workspaces(_ facts: JobFacts) -> [JSON] {
        let folders: [(name: String, mode: String, limit: String?)] = [
            ("in", "read-only", nil), ("out", "read-write", "output_bytes"), ("tmp", "read-write", "scratch_bytes"),
        ]
        return folders.map { name, mode, limit in
            let uid = "\(facts.job)/\(facts.attempt)/\(name)"
            var volume = JSONObject()
            volume.add("uid", .string("\(uid)/volume"))
            volume.add("mode", "filesystem")
            volume.add("path", .string("/\(name)"))
            volume.add(
                "sizeAllocated",
                limit.flatMap { limit in facts.limits.first { $0.name == limit } }.map { .string("\($0.value) bytes") })
            volume.add("persistent", false)
            return [
                "bom-ref": .string("workspace-\(name)"), "uid": .string(uid),
                "name": .string(name), "accessMode": .string(mode), "mountPath": .string("/\(name)"),
                "volume": .object(volume),
            ]
        }
    }
}
