internal import JSON

extension AIBoM {
    /// The data: bytes observed, statistics as the job reported them, everything about where they come from declared.
    static func dataset(_ file: JobFacts.File, _ facts: JobFacts) -> JSON {
        var component = JSONObject()
        component.add("type", "data")
        component.add("bom-ref", .string(Reference.input(.dataset)))
        let owner = facts.declared("dataset_owner").map { name -> JSON in ["name": .string(name)] }
        component.add("manufacturer", owner)
        component.add("name", .string(file.name))
        component.add("description", facts.declared("dataset_description").map(JSON.string))
        component.add("hashes", hashes(file.sha256))
        component.add("licenses", facts.declared("dataset_license").map { .array(License.declared([$0])) })
        component.add(
            "externalReferences",
            facts.declaredLink("dataset_source").map { [["url": .string($0), "type": "distribution"]] })
        component.add("evidence", evidence([.hashed, .named]))
        component.add("data", [contents(file, facts)])
        var properties = inputProperties(.dataset, file)
        for key in JobFacts.Declared.datasetKeys { properties.add(.declared, key, ifKnown: facts.declared(key)) }
        component.add("properties", .array(properties.elements))
        return .object(component)
    }

    private static func contents(_ file: JobFacts.File, _ facts: JobFacts) -> JSON {
        var data = JSONObject()
        data.add("type", "dataset")
        data.add("name", .string(facts.declared("dataset_name") ?? file.name))
        let statistics = ReportProperties(facts.reported.dataset, under: "dataset.").elements
        if !statistics.isEmpty { data.add("contents", ["properties": .array(statistics)]) }
        data.add("classification", facts.declared("dataset_classification").map(JSON.string))
        data.add("sensitiveData", ifAny: facts.declaredLines("dataset_sensitive_data").map(JSON.string))
        data.add("description", facts.declared("dataset_collection").map(JSON.string))
        data.add("governance", governance(facts))
        return .object(data)
    }

    private static func governance(_ facts: JobFacts) -> JSON? {
        var governance = JSONObject()
        for (member, key) in [
            ("custodians", "dataset_custodian"), ("stewards", "dataset_steward"), ("owners", "dataset_owner"),
        ] {
            governance.add(member, facts.declared(key).map { [["organization": ["name": .string($0)]]] })
        }
        return governance.isEmpty ? nil : .object(governance)
    }
}
