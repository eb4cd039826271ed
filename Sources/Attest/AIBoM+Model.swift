internal import JSON

extension AIBoM {
    /// The trained model: bytes as observed, everything about what they are for as declared or reported.
    static func model(_ file: JobFacts.File, _ facts: JobFacts, reference: String) -> JSON {
        let name = facts.declared("model_name") ?? file.name
        let version = facts.declared("model_version")
        let supplier = facts.declared("supplier").map { name -> JSON in ["name": .string(name)] }
        var component = JSONObject()
        component.add("type", "machine-learning-model")
        component.add("bom-ref", .string(reference))
        component.add("supplier", supplier)
        component.add("manufacturer", supplier)
        component.add("authors", facts.declared("author").map { [["name": .string($0)]] })
        component.add("name", .string(name))
        component.add("version", version.map(JSON.string))
        component.add("description", facts.declared("model_description").map(JSON.string))
        component.add("hashes", hashes(file.sha256))
        component.add("licenses", facts.declared("license_name").map { .array(License.declared([$0])) })
        component.add("purl", .string(PackageURL.generic(name, version: version, sha256: file.sha256)))
        component.add("pedigree", pedigree(facts))
        component.add("externalReferences", .array(externalReferences(file, facts)))
        component.add("evidence", evidence([.hashed, .named]))
        component.add("releaseNotes", ["type": "internal", "timestamp": .string(facts.finished)])
        component.add("modelCard", modelCard(facts))
        component.add("properties", .array(modelProperties(file, facts)))
        let tags = [facts.declared("task"), facts.declared("domain")].compactMap { $0 }
        component.add("tags", ifAny: tags.map(JSON.string))
        return .object(component)
    }

    private static func modelProperties(_ file: JobFacts.File, _ facts: JobFacts) -> [JSON] {
        var properties = artifactProperties(file)
        properties.add(.computed, "purpose", "model")
        properties.add(
            .computed, "training",
            "job \(facts.job), attempt \(facts.attempt), in rootfs \(facts.rootfs.name) under policy "
                + "\(facts.policy.name); the formulation has its inputs, parameters, times and outputs")
        let parameters = facts.parameters.map { parameter in
            "\(parameter.name)=\(parameter.value == .null ? "(by the trainer)" : parameter.value.description)"
        }
        if !parameters.isEmpty { properties.add(.computed, "hyperparameters", parameters.joined(separator: ", ")) }
        if let energy = Energy(facts.usage) {
            properties.add(.computed, "energy.training.kwh", energy.kilowattHours.lexeme)
            properties.add(.computed, "energy.unit", "kilowattHour")
        }
        add(reported: facts.reported, to: &properties)
        for key in JobFacts.Declared.modelKeys { properties.add(.declared, key, ifKnown: facts.declared(key)) }
        addUnplaced(facts, to: &properties)
        for (name, foreign) in foreignNames { properties.restate(name, as: foreign) }
        return properties.elements
    }

    /// Facts of the report that readers look for at the model itself.
    private static func add(reported: JobFacts.Reported, to properties: inout Properties) {
        for name in ["metrics", "preprocessing"] {
            guard let text = reported.run[name]?.description, text.utf8.count <= 2048 else { continue }
            properties.add(.reported, name, text)
        }
    }

    /// Answers to what nobody asked, and those about data that are not there.
    static func addUnplaced(_ facts: JobFacts, to properties: inout Properties) {
        let placed = facts.input(.dataset) == nil ? JobFacts.Declared.modelKeys : JobFacts.Declared.keys
        for extra in facts.declared where !placed.contains(extra.key) {
            properties.add(.declared, extra.key, extra.value)
        }
    }

    /// The names of SPDX's AI profile, by which the OWASP AIBOM generator scores a document.
    private static let foreignNames = [
        ("purpose", "spdx:primaryPurpose"), ("supplier", "spdx:suppliedBy"), ("standards", "spdx:standardCompliance"),
        ("domain", "spdx:domain"), ("autonomy", "spdx:autonomyType"), ("explainability", "spdx:modelExplainability"),
        ("energy.training.kwh", "spdx:energyQuantity"), ("energy.unit", "spdx:energyUnit"),
        ("training", "spdx:informationAboutTraining"), ("intended_use", "spdx:informationAboutApplication"),
        ("intended_use", "spdx:intendedUse"), ("metrics", "spdx:metric"),
        ("decision_threshold", "spdx:metricDecisionThreshold"), ("preprocessing", "spdx:modelDataPreprocessing"),
        ("personal_data", "spdx:useSensitivePersonalInformation"), ("hyperparameters", "spdx:hyperparameter"),
        ("safety_risk", "spdx:safetyRiskAssessment"),
    ]

    /// What it was made from: the submitted model by its digest, and the model that this is said to come from by its name. That
    /// the two are one is nobody's claim here.
    private static func pedigree(_ facts: JobFacts) -> JSON? {
        var ancestors: [JSON] = []
        if let input = facts.input(.model) {
            var properties = Properties()
            properties.mark(.observed, evidence: "component \(Reference.input(.model))")
            ancestors.append([
                "type": "machine-learning-model", "name": .string(input.name), "hashes": hashes(input.sha256),
                "properties": .array(properties.elements),
            ])
        }
        if let name = facts.declared("base_model") ?? facts.declared("base_model_source") {
            var ancestor = JSONObject()
            ancestor.add("type", "machine-learning-model")
            ancestor.add("name", .string(name))
            ancestor.add(
                "externalReferences",
                facts.declaredLink("base_model_source").map { [["type": "distribution", "url": .string($0)]] })
            var properties = Properties()
            properties.mark(.declared, evidence: "the submission form")
            properties.add(.declared, "base_model", ifKnown: facts.declared("base_model"))
            properties.add(.declared, "base_model_source", ifKnown: facts.declared("base_model_source"))
            ancestor.add("properties", .array(properties.elements))
            ancestors.append(.object(ancestor))
        }
        return ancestors.isEmpty ? nil : ["ancestors": .array(ancestors)]
    }

    /// The model's own file, metrics and logs with their digests, and where the submitter says that more is to be found.
    private static func externalReferences(_ file: JobFacts.File, _ facts: JobFacts) -> [JSON] {
        var references: [JSON] = [reference("distribution", file)]
        for output in facts.outputs {
            switch output.role {
            case .model: break
            case .metrics: references.append(reference("quality-metrics", output.file))
            case .logs: references.append(reference("log", output.file))
            }
        }
        for key in ["website", "vcs", "documentation"] {
            guard let link = facts.declaredLink(key) else { continue }
            references.append([
                "url": .string(link), "type": .string(key), "comment": "declared by the submitter, not followed",
            ])
        }
        return references
    }

    private static func reference(_ type: String, _ file: JobFacts.File) -> JSON {
        ["url": .string(PackageURL.encoded(file.name)), "type": .string(type), "hashes": hashes(file.sha256)]
    }
}
