extension JobFacts {
    /// What the submitter says of the model, of the data, and of the system that they are for.
    package struct Declared: Sendable, Equatable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }
}

extension JobFacts.Declared {
    /// What is asked for; one that is not answered is marked unknown.
    package static let keys = modelKeys + datasetKeys

    /// Stands at the model.
    static let modelKeys = [
        "model_name", "model_version", "model_description", "author", "supplier", "model_type", "architecture_family",
        "task", "learning_approach", "domain", "base_model", "base_model_source", "intended_use", "users",
        "out_of_scope", "misuse_or_malicious", "acceptable_use", "performance_tradeoffs", "ethical_considerations",
        "ethical_mitigation", "groups_at_risk", "fairness_harms", "fairness_mitigation", "personal_data",
        "explainability", "decision_threshold", "autonomy", "human_oversight", "safety_risk", "standards",
        "distribution", "website", "vcs", "documentation", "license_name", "system_name", "system_version",
        "system_producer", "system_data_flow", "system_data_usage",
    ]

    /// Stands at the dataset.
    static let datasetKeys = [
        "dataset_name", "dataset_description", "dataset_license", "dataset_source", "dataset_collection",
        "dataset_preparation", "dataset_rights", "dataset_known_bias", "dataset_classification",
        "dataset_sensitive_data", "dataset_owner", "dataset_custodian", "dataset_steward",
    ]
}

extension JobFacts {
    func declared(_ key: String) -> String? {
        declared.first { $0.key == key && !$0.value.isEmpty }?.value
    }

    /// One answer to a line: for questions that have several.
    func declaredLines(_ key: String) -> [String] {
        (declared(key) ?? "").split(separator: "\n").map(String.init).filter { line in
            line.contains { !$0.isWhitespace }
        }
    }

    /// An answer that can go where CycloneDX wants a link.
    func declaredLink(_ key: String) -> String? { declared(key).flatMap { Form.isPlainURL($0) ? $0 : nil } }
}
