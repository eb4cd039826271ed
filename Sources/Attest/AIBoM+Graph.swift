internal import JSON

extension AIBoM {
    /// Which part was made from or with which other (computed: it follows from what was staged).
    static func dependencies(_ facts: JobFacts) -> [JSON] {
        let sources = facts.inputs.map { Reference.input($0.role) } + [Reference.rootfs, Reference.policy]
        var dependencies = [depends(Reference.subject, on: sources)]
        if facts.model != nil { dependencies.append(depends(Reference.model, on: sources)) }
        dependencies += facts.inputs.map { depends(Reference.input($0.role), on: []) }
        dependencies += facts.outputs.filter { $0.role != .model }
            .map { depends(Reference.output($0.role), on: sources) }
        let packages = packages(facts.rootfs).map(\.reference)
        dependencies.append(depends(Reference.rootfs, on: packages))
        dependencies += packages.map { depends($0, on: []) }
        dependencies.append(depends(Reference.supervisor, on: [Reference.signer, Reference.policy]))
        dependencies.append(depends(Reference.signer, on: []))
        dependencies.append(depends(Reference.policy, on: []))
        return dependencies
    }

    private static func depends(_ reference: String, on others: [String]) -> JSON {
        var dependency = JSONObject()
        dependency.add("ref", .string(reference))
        dependency.add("dependsOn", ifAny: others.map(JSON.string))
        return .object(dependency)
    }

    /// How it was made: one workflow of one task, with what went in, what came out, when, and in which folders.
    static func formula(_ facts: JobFacts) -> JSON {
        var workflow = JSONObject()
        workflow.add("bom-ref", "workflow")
        workflow.add("uid", .string(facts.job))
        workflow.add("name", "training job")
        workflow.add("tasks", [task(facts)])
        workflow.add("taskTypes", ["build"])
        workflow.add("timeStart", .string(facts.submitted))
        workflow.add("timeEnd", .string(facts.finished))
        return ["bom-ref": "formula", "workflows": [.object(workflow)]]
    }

    private static func task(_ facts: JobFacts) -> JSON {
        var task = JSONObject()
        task.add("bom-ref", "train")
        task.add("uid", .string("\(facts.job)/\(facts.attempt)"))
        task.add("name", "train")
        task.add("resourceReferences", [["ref": .string(Reference.rootfs)], ["ref": .string(Reference.policy)]])
        task.add("taskTypes", ["build"])
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
        return inputs
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

    /// The folders that the job saw besides its root file system.
    private static func workspaces(_ facts: JobFacts) -> [JSON] {
        [("in", "read-only"), ("out", "read-write"), ("tmp", "read-write")].map { name, mode in
            [
                "bom-ref": .string("workspace-\(name)"), "uid": .string("\(facts.job)/\(facts.attempt)/\(name)"),
                "name": .string(name), "accessMode": .string(mode), "mountPath": .string("/\(name)"),
            ]
        }
    }
}
