internal import JSON

extension AIBoM {
    /// The trained model: bytes as observed, everything about what they are for as declared or reported.
    static func model(_ file: JobFacts.File, _ facts: JobFacts, reference: String) -> JSON {
        var component = JSONObject()
        component.add("type", "machine-learning-model")
        component.add("bom-ref", .string(reference))
        component.add("authors", facts.declared("author").map { [["name": .string($0)]] })
        component.add("name", .string(facts.declared("model_name") ?? file.name))
        component.add("version", facts.declared("model_version").map(JSON.string))
        component.add("description", facts.declared("model_description").map(JSON.string))
        component.add("hashes", hashes(file.sha256))
        component.add("licenses", facts.declared("license_name").map { [License.declared($0)] })
        component.add("pedigree", pedigree(facts))
        component.add("externalReferences", ifAny: facts.outputs.compactMap(externalReference))
        component.add("modelCard", modelCard(facts))
        component.add("properties", .array(modelProperties(file, facts)))
        return .object(component)
    }

    private static func modelProperties(_ file: JobFacts.File, _ facts: JobFacts) -> [JSON] {
        var properties = artifactProperties(file)
        for key in JobFacts.Declared.keys { properties.add(.declared, key, ifKnown: facts.declared(key)) }
        for extra in facts.declared where !JobFacts.Declared.keys.contains(extra.key) {
            properties.add(.declared, extra.key, extra.value)
        }
        return properties.elements
    }

    /// What a file that is published beside the document is called and how large it is.
    static func artifactProperties(_ file: JobFacts.File) -> Properties {
        var properties = Properties()
        properties.mark(.observed)
        properties.add(.observed, "artifact.name", file.name)
        properties.add(.observed, "artifact.size", "\(file.size)")
        return properties
    }

    /// What it was made from: by its digest when it was submitted, by its name when it is only claimed.
    private static func pedigree(_ facts: JobFacts) -> JSON? {
        let input = facts.inputs.first { $0.role == .model }?.file
        guard let name = facts.declared("base_model") ?? input?.name else { return nil }
        var ancestor = JSONObject()
        ancestor.add("type", "machine-learning-model")
        ancestor.add("name", .string(name))
        ancestor.add("hashes", input.map { hashes($0.sha256) })
        if let source = facts.declared("base_model_source"), isPlainURL(source) {
            ancestor.add("externalReferences", [["type": "distribution", "url": .string(source)]])
        }
        var properties = Properties()
        properties.add(.declared, "base_model", ifKnown: facts.declared("base_model"))
        properties.add(.declared, "base_model_source", ifKnown: facts.declared("base_model_source"))
        ancestor.add("properties", .array(properties.elements))
        return ["ancestors": [.object(ancestor)]]
    }

    /// Metrics and logs, where readers who know the type look for them.
    private static func externalReference(_ output: JobFacts.Output) -> JSON? {
        let type: JSON
        switch output.role {
        case .model: return nil
        case .metrics: type = "quality-metrics"
        case .logs: type = "log"
        }
        return ["url": .string(output.file.name), "type": type, "hashes": hashes(output.file.sha256)]
    }

    private static func modelCard(_ facts: JobFacts) -> JSON {
        let report = Report(facts.reported)
        var parameters = JSONObject()
        parameters.add("modelArchitecture", facts.declared("model_type").map(JSON.string))
        if facts.inputs.contains(where: { $0.role == .dataset }) {
            parameters.add("datasets", [["ref": .string(Reference.input(.dataset))]])
        }
        parameters.add("inputs", report.inputShape.map { [["format": .string("shape \($0)")]] })
        parameters.add("outputs", report.outputShape.map { [["format": .string("shape \($0)")]] })
        var considerations = JSONObject()
        considerations.add("useCases", facts.declared("intended_use").map { [.string($0)] })
        considerations.add("technicalLimitations", facts.declared("out_of_scope").map { [.string($0)] })
        considerations.add(
            "ethicalConsiderations", facts.declared("misuse_or_malicious").map { [["name": .string($0)]] })
        var card = JSONObject()
        if !parameters.isEmpty { card.add("modelParameters", .object(parameters)) }
        if !report.performanceMetrics.isEmpty {
            card.add("quantitativeAnalysis", ["performanceMetrics": .array(report.performanceMetrics)])
        }
        if !considerations.isEmpty { card.add("considerations", .object(considerations)) }
        card.add("properties", ifAny: report.properties)
        return .object(card)
    }

    /// Nothing but what every URI parser reads in the same way: the schema's `iri-reference` is stricter than it looks.
    private static func isPlainURL(_ text: String) -> Bool {
        let rest = text.dropFirst("https://".count)
        let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/"
        return text.hasPrefix("https://") && !rest.isEmpty && rest.utf8.allSatisfy(plain.utf8.contains)
    }
}
