internal import JSON

extension AIBoM {
    /// A submitted file: its bytes are observed, its name is the submitter's.
    static func input(_ input: JobFacts.Input, _ facts: JobFacts) -> JSON {
        if input.role == .dataset { return dataset(input.file, facts) }
        var component = JSONObject()
        component.add("type", input.role == .model ? "machine-learning-model" : "data")
        component.add("bom-ref", .string(Reference.input(input.role)))
        component.add("name", .string(input.file.name))
        component.add("hashes", hashes(input.file.sha256))
        component.add("evidence", evidence([.hashed, .named]))
        if input.role == .definition {
            component.add("data", [["type": "configuration", "name": .string(input.file.name)]])
        }
        component.add("properties", .array(inputProperties(input.role, input.file).elements))
        return .object(component)
    }

    static func inputProperties(_ role: JobFacts.Input.Role, _ file: JobFacts.File) -> Properties {
        var properties = Properties()
        properties.mark(.observed, evidence: "the submitted file, sha256:\(file.sha256)")
        properties.add(.observed, "input.role", role.rawValue)
        properties.add(.observed, "input.size", "\(file.size)")
        properties.add(.declared, "input.name", file.name)
        return properties
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
        component.add("evidence", evidence([.hashed]))
        component.add("properties", .array(properties.elements))
        return .object(component)
    }

    /// How the machine was started: measured by the supervisor, and published as it was measured.
    static func platform(_ file: JobFacts.File) -> JSON {
        [
            "type": "file", "bom-ref": .string(Reference.platform), "mime-type": "application/json",
            "name": .string(file.name), "hashes": hashes(file.sha256), "evidence": evidence([.hashed]),
            "properties": .array(artifactProperties(file).elements),
        ]
    }

    /// What a file that is published beside the document is called and how large it is.
    static func artifactProperties(_ file: JobFacts.File) -> Properties {
        var properties = Properties()
        properties.mark(.observed, evidence: "artifact \(file.name), sha256:\(file.sha256)")
        properties.add(.observed, "artifact.name", file.name)
        properties.add(.observed, "artifact.size", "\(file.size)")
        return properties
    }
}
