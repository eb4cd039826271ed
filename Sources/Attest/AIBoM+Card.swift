internal import JSON

extension AIBoM {
    /// The model card. What the job reports says so in words where CycloneDX leaves no room for a mark.
    static func modelCard(_ facts: JobFacts) -> JSON {
        var card = JSONObject()
        let parameters = modelParameters(facts)
        if !parameters.isEmpty { card.add("modelParameters", .object(parameters)) }
        let metrics = performanceMetrics(facts.reported.run)
        if !metrics.isEmpty { card.add("quantitativeAnalysis", ["performanceMetrics": .array(metrics)]) }
        let considerations = considerations(facts)
        if !considerations.isEmpty { card.add("considerations", .object(considerations)) }
        card.add(
            "properties",
            ifAny: ReportProperties(facts.reported.run, under: "").elements
                + ReportProperties(facts.reported.model, under: "model.").elements)
        return .object(card)
    }

    private static func modelParameters(_ facts: JobFacts) -> JSONObject {
        var parameters = JSONObject()
        if let approach = facts.declared("learning_approach"), approaches.contains(approach) {
            parameters.add("approach", ["type": .string(approach)])
        }
        parameters.add("task", facts.declared("task").map(JSON.string))
        parameters.add("architectureFamily", facts.declared("architecture_family").map(JSON.string))
        parameters.add("modelArchitecture", facts.declared("model_type").map(JSON.string))
        if facts.input(.dataset) != nil {
            parameters.add("datasets", [["ref": .string(Reference.input(.dataset))]])
        }
        parameters.add("inputs", shape(facts.reported.run["input_shape"]))
        parameters.add("outputs", shape(facts.reported.run["output_shape"]))
        return parameters
    }

    /// CycloneDX's words for `approach.type`.
    private static let approaches = [
        "supervised", "unsupervised", "reinforcement-learning", "semi-supervised", "self-supervised",
    ]

    private static func shape(_ value: JSON?) -> JSON? {
        guard let value, value.arrayValue?.isEmpty == false, ReportShape.sizes.admits(value) else { return nil }
        return [["format": .string("shape \(value), as reported by the job")]]
    }

    /// Final values of `metrics`: a number stands for itself, a list of numbers for its last.
    private static func performanceMetrics(_ run: JSONObject) -> [JSON] {
        var metrics: [JSON] = []
        for member in run["metrics"]?.objectValue?.members ?? [] where metrics.count < 100 {
            let value = member.value.arrayValue?.last ?? member.value
            guard let text = number(value), member.key.utf8.count <= 256 else { continue }
            let rows = member.key.hasPrefix("val_") ? "validation rows" : "training rows"
            metrics.append([
                "type": .string(member.key), "value": .string(text),
                "slice": .string("\(rows), as reported by the job: not measured from outside"),
            ])
        }
        return metrics
    }

    private static func number(_ value: JSON) -> String? {
        switch value {
        case .integer(let value): "\(value)"
        case .decimal(let value): value.lexeme
        default: nil
        }
    }

    private static func considerations(_ facts: JobFacts) -> JSONObject {
        var considerations = JSONObject()
        considerations.add("users", ifAny: facts.declaredLines("users").map(JSON.string))
        considerations.add("useCases", facts.declared("intended_use").map { [.string($0)] })
        considerations.add("technicalLimitations", facts.declared("out_of_scope").map { [.string($0)] })
        considerations.add("performanceTradeoffs", facts.declared("performance_tradeoffs").map { [.string($0)] })
        considerations.add("ethicalConsiderations", ifAny: ethics(facts))
        considerations.add("environmentalConsiderations", Energy(facts.usage)?.considerations)
        considerations.add("fairnessAssessments", fairness(facts))
        return considerations
    }

    private static func ethics(_ facts: JobFacts) -> [JSON] {
        let mitigation = facts.declared("ethical_mitigation").map(JSON.string)
        return ["ethical_considerations", "misuse_or_malicious"].compactMap { key in
            facts.declared(key).map { name in
                var risk = JSONObject()
                risk.add("name", .string(name))
                if key == "ethical_considerations" { risk.add("mitigationStrategy", mitigation) }
                return .object(risk)
            }
        }
    }

    private static func fairness(_ facts: JobFacts) -> JSON? {
        var assessment = JSONObject()
        assessment.add("groupAtRisk", facts.declared("groups_at_risk").map(JSON.string))
        assessment.add("harms", facts.declared("fairness_harms").map(JSON.string))
        assessment.add("mitigationStrategy", facts.declared("fairness_mitigation").map(JSON.string))
        return assessment.isEmpty ? nil : [.object(assessment)]
    }
}
