extension Metadata {
    /// What is asked. Some are the reference system's; the others are what regulation and bills of materials ask for.
    package enum Field: String, Sendable, CaseIterable {
        case modelName = "model_name"
        case modelVersion = "model_version"
        case modelDescription = "model_description"
        case author
        case supplier
        case modelType = "model_type"
        case architectureFamily = "architecture_family"
        case task
        case learningApproach = "learning_approach"
        case domain
        case baseModel = "base_model"
        case baseModelSource = "base_model_source"
        case intendedUse = "intended_use"
        case users
        case outOfScope = "out_of_scope"
        case misuseOrMalicious = "misuse_or_malicious"
        case acceptableUse = "acceptable_use"
        case performanceTradeoffs = "performance_tradeoffs"
        case ethicalConsiderations = "ethical_considerations"
        case ethicalMitigation = "ethical_mitigation"
        case groupsAtRisk = "groups_at_risk"
        case fairnessHarms = "fairness_harms"
        case fairnessMitigation = "fairness_mitigation"
        case personalData = "personal_data"
        case explainability
        case decisionThreshold = "decision_threshold"
        case autonomy
        case humanOversight = "human_oversight"
        case safetyRisk = "safety_risk"
        case standards
        case distribution
        case website
        case vcs
        case documentation
        case licenseName = "license_name"
        case systemName = "system_name"
        case systemVersion = "system_version"
        case systemProducer = "system_producer"
        case systemDataFlow = "system_data_flow"
        case systemDataUsage = "system_data_usage"
        case datasetName = "dataset_name"
        case datasetDescription = "dataset_description"
        case datasetLicense = "dataset_license"
        case datasetSource = "dataset_source"
        case datasetCollection = "dataset_collection"
        case datasetPreparation = "dataset_preparation"
        case datasetRights = "dataset_rights"
        case datasetKnownBias = "dataset_known_bias"
        case datasetClassification = "dataset_classification"
        case datasetSensitiveData = "dataset_sensitive_data"
        case datasetOwner = "dataset_owner"
        case datasetCustodian = "dataset_custodian"
        case datasetSteward = "dataset_steward"

        /// Unicode scalars, as JSON Schema counts. Prose has room for prose; names must fit a line.
        package var maximumLength: Int {
            switch self {
            case .modelName, .modelVersion, .author, .supplier, .modelType, .architectureFamily, .task,
                .learningApproach, .domain, .baseModel, .personalData, .decisionThreshold, .autonomy, .safetyRisk,
                .licenseName, .systemName, .systemVersion, .systemProducer, .datasetName, .datasetLicense,
                .datasetClassification, .datasetOwner, .datasetCustodian, .datasetSteward:
                256
            case .baseModelSource, .website, .vcs, .documentation, .datasetSource: 2048
            default: 4096
            }
        }

        /// The only answers, where an answer is a word that programs read.
        package var choices: [String]? {
            switch self {
            case .learningApproach:
                ["supervised", "unsupervised", "reinforcement-learning", "semi-supervised", "self-supervised"]
            case .autonomy, .personalData: ["yes", "no", "noAssertion"]
            case .safetyRisk: ["serious", "high", "medium", "low"]
            default: nil
            }
        }
    }
}
