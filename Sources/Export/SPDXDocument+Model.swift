internal import JSON

extension SPDXDocument {
    /// The trained model; for a failed job the record that there is none, which is no AI package.
    mutating func addModel(_ bill: Bill) -> String {
        guard bill.isCompleted else {
            return add("software_Package", "model") { record in
                record["name"] = bill.subject["name"]
                record["description"] = bill.subject["description"]
                record["software_primaryPurpose"] = "other"
            }
        }
        let supplier = bill.model("supplier")?.value ?? bill.model("author")?.value
        let agent = supplier.map { addNamed("Organization", "supplier", $0) }
        let released = time(bill.root["metadata"]?["timestamp"]?.stringValue)
        let id = add("ai_AIPackage", "model") { model in
            model["name"] = bill.subject["name"]
            model["description"] = bill.subject["description"]
            model["comment"] = .string(Self.comment)
            model["verifiedUsing"] = Self.hashes(of: bill.subject)
            model["suppliedBy"] = agent.map(JSON.string)
            model["releaseTime"] = .string(released)
            model["software_primaryPurpose"] = "model"
            model["software_packageVersion"] = bill.subject["version"]
            model["software_packageUrl"] = bill.subject["purl"]
            model["software_downloadLocation"] = bill.subject["externalReferences"]?.arrayValue?.first?["url"]
            Self.describe(&model, bill)
        }
        addLicenses(of: bill.subject, "model")
        return id
    }

    private static let comment =
        "Digest, times, energy and hyperparameters: from the service. Metrics, preprocessing: reported by the training itself, which could "
        + "lie. Everything else: declared by the submitter, checked by nobody."

    /// The members of the AI profile.
    private static func describe(_ model: inout JSONObject, _ bill: Bill) {
        for (member, fact) in [
            ("ai_autonomyType", "autonomy"), ("ai_informationAboutApplication", "intended_use"),
            ("ai_informationAboutTraining", "training"), ("ai_limitation", "out_of_scope"),
            ("ai_safetyRiskAssessment", "safety_risk"), ("ai_useSensitivePersonalInformation", "personal_data"),
        ] {
            model[member] = bill.model(fact)?.value.map(JSON.string)
        }
        for (member, fact) in [
            ("ai_domain", "domain"), ("ai_modelDataPreprocessing", "preprocessing"),
            ("ai_modelExplainability", "explainability"), ("ai_standardCompliance", "standards"),
            ("ai_typeOfModel", "model_type"),
        ] {
            model[member] = bill.model(fact)?.value.map { [.string($0)] }
        }
        model["ai_energyConsumption"] = energy(bill)
        model["ai_hyperparameter"] = hyperparameters(bill)
        model["ai_metric"] = metrics(bill)
        model["ai_metricDecisionThreshold"] = bill.model("decision_threshold")?.value.map {
            [entry("decision threshold", $0)]
        }
    }

    private static func energy(_ bill: Bill) -> JSON? {
        guard let quantity = bill.run("energy.training.kwh")?.value.flatMap(JSONDecimal.init) else { return nil }
        let description: JSON = [
            "type": "ai_EnergyConsumptionDescription", "ai_energyQuantity": .decimal(quantity),
            "ai_energyUnit": "kilowattHour",
        ]
        return ["type": "ai_EnergyConsumption", "ai_trainingEnergyConsumption": [description]]
    }

    private static func hyperparameters(_ bill: Bill) -> JSON? {
        let entries = Bill.facts(of: bill.task).compactMap { fact -> JSON? in
            guard fact.name.hasPrefix("parameter."), let value = fact.value else { return nil }
            return entry(String(fact.name.dropFirst("parameter.".count)), value)
        }
        return entries.isEmpty ? nil : .array(entries)
    }

    private static func metrics(_ bill: Bill) -> JSON? {
        let metrics = bill.card["quantitativeAnalysis"]?["performanceMetrics"]?.arrayValue ?? []
        let entries = metrics.map { metric in
            entry("\(metric["type"]?.stringValue ?? "") (reported)", metric["value"]?.stringValue ?? "")
        }
        return entries.isEmpty ? nil : .array(entries)
    }
}
