internal import JSON

extension AIBoM {
    /// A submitted file: its bytes are observed, its name is the submitter's.
    static func input(_ input: JobFacts.Input) -> JSON {
        var component = JSONObject()
        component.add("type", input.role == .model ? "machine-learning-model" : "data")
        component.add("bom-ref", .string(Reference.input(input.role)))
        component.add("name", .string(input.file.name))
        component.add("hashes", hashes(input.file.sha256))
        switch input.role {
        case .model: break
        case .dataset: component.add("data", [["type": "dataset", "name": .string(input.file.name)]])
        case .definition: component.add("data", [["type": "configuration", "name": .string(input.file.name)]])
        }
        var properties = Properties()
        properties.mark(.observed)
        properties.add(.observed, "input.role", input.role.rawValue)
        properties.add(.observed, "input.size", "\(input.file.size)")
        properties.add(.declared, "input.name", input.file.name)
        component.add("properties", .array(properties.elements))
        return .object(component)
    }

    /// Metrics or logs: the bytes are observed, what they say is the job's.
    static func output(_ output: JobFacts.Output, _ facts: JobFacts) -> JSON {
        var properties = artifactProperties(output.file)
        if output.role == .logs {
            properties.add(.observed, "logs.truncated", facts.logsTruncated ? "true" : "false")
        }
        var component = JSONObject()
        component.add("type", "file")
        component.add("bom-ref", .string(Reference.output(output.role)))
        component.add("mime-type", output.role == .logs ? "text/plain" : "application/json")
        component.add("name", .string(output.file.name))
        component.add("hashes", hashes(output.file.sha256))
        component.add("properties", .array(properties.elements))
        return .object(component)
    }
}
