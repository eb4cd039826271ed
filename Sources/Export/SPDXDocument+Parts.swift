internal import JSON

extension SPDXDocument {
    private static let dataComment =
        "Digest and size: measured by the service. Everything else: declared by the submitter, checked by nobody. The times are those of "
        + "the job: when the data were made nobody said."

    /// The dataset; nil when the job had none.
    mutating func addDataset(_ bill: Bill) -> String? {
        guard let file = bill.dataset["name"] else { return nil }
        let agent = bill.data("dataset_owner")?.value.map { addNamed("Organization", "data-owner", $0) }
        let finished = JSON.string(time(bill.root["metadata"]?["timestamp"]?.stringValue))
        let id = add("dataset_DatasetPackage", "dataset") { data in
            data["name"] = bill.data("dataset_name")?.value.map(JSON.string) ?? file
            data["description"] = bill.dataset["description"]
            data["summary"] = bill.data("dataset_sensitive_data")?.value.map { .string("sensitive: \($0)") }
            data["comment"] = .string(Self.dataComment)
            data["verifiedUsing"] = Self.hashes(of: bill.dataset)
            data["originatedBy"] = agent.map { [.string($0)] }
            data["builtTime"] = finished
            data["releaseTime"] = finished
            data["software_primaryPurpose"] = "data"
            data["software_downloadLocation"] = bill.dataset["externalReferences"]?.arrayValue?.first?["url"]
            data["dataset_datasetType"] = ["structured"]
            data["dataset_datasetSize"] = bill.data("input.size")?.value.flatMap { Int64($0) }.map(JSON.integer)
            data["dataset_dataCollectionProcess"] = bill.data("dataset_collection")?.value.map(JSON.string)
            data["dataset_dataPreprocessing"] = bill.data("dataset_preparation")?.value.map { [.string($0)] }
            data["dataset_knownBias"] = bill.data("dataset_known_bias")?.value.map { [.string($0)] }
            data["dataset_hasSensitivePersonalInformation"] = bill.model("personal_data")?.value.map(JSON.string)
            data["dataset_intendedUse"] = bill.model("intended_use")?.value.map(JSON.string)
        }
        addLicenses(of: bill.dataset, "dataset")
        return id
    }

    /// The image and every package in it.
    mutating func addEnvironment(_ bill: Bill) -> String? {
        guard bill.rootfs["name"] != nil else { return nil }
        let rootfs = addPackage(bill.rootfs, "rootfs", purpose: "container")
        var packages: [String] = []
        for (index, package) in bill.packages.enumerated() {
            packages.append(addPackage(package, "package-\(index)", purpose: "library"))
            addLicenses(of: package, "package-\(index)")
        }
        relate(rootfs, "contains", packages)
        return rootfs
    }

    private mutating func addPackage(_ component: JSON, _ name: String, purpose: String) -> String {
        add("software_Package", name) { package in
            package["name"] = component["name"]
            package["verifiedUsing"] = Self.hashes(of: component)
            package["software_primaryPurpose"] = .string(purpose)
            package["software_packageVersion"] = component["version"]
            package["software_packageUrl"] = component["purl"]
        }
    }

    /// The run, and what it made of what.
    mutating func addBuild(_ bill: Bill, model: String, data: String?, rootfs: String?) {
        let parameters = Bill.facts(of: bill.task).compactMap { fact in fact.value.map { Self.entry(fact.name, $0) } }
        let started = bill.run("job.started")?.value.map { JSON.string(time($0)) }
        let finished = bill.run("job.finished")?.value.map { JSON.string(time($0)) }
        let build = add("build_Build", "build") { build in
            build["build_buildType"] = "urn:aibomgen:training-job:v1"
            build["build_buildId"] = bill.run("job.id")?.value.map(JSON.string)
            build["build_buildStartTime"] = started
            build["build_buildEndTime"] = finished
            if !parameters.isEmpty { build["build_parameter"] = .array(parameters) }
        }
        var inputs = [data, rootfs].compactMap { $0 }
        for (role, purpose) in [("model", "model"), ("definition", "configuration")] {
            guard let input = bill.component("input-\(role)") else { continue }
            inputs.append(addPackage(input, "input-\(role)", purpose: purpose))
        }
        relate(build, "hasInput", inputs)
        relate(build, "hasOutput", [model])
        guard bill.isCompleted else { return }
        relate(model, "trainedOn", [data].compactMap { $0 })
        relate(model, "dependsOn", [rootfs].compactMap { $0 })
        if bill.component("input-model") != nil { relate(model, "descendantOf", [reference("input-model")]) }
    }
}
