package import JSON

extension JobFacts {
    /// What a job said of itself. Believed by nobody; marked `reported`.
    package struct Reported: Sendable, Equatable {
        /// The run: framework, effective parameters, metrics.
        package var run: JSONObject
        /// The model as it was trained: layers, number of parameters.
        package var model: JSONObject
        /// The data as they were read: rows, columns, classes, split.
        package var dataset: JSONObject

        package init(
            run: JSONObject = JSONObject(), model: JSONObject = JSONObject(), dataset: JSONObject = JSONObject()
        ) {
            self.run = run
            self.model = model
            self.dataset = dataset
        }
    }
}

extension JobFacts {
    /// The facts with what is left of the job's report.
    func withCheckedReport() -> JobFacts {
        let report = CheckedReport(reported)
        var facts = self
        facts.reported = Reported(run: report.run, model: report.model, dataset: report.dataset)
        facts.refusedReports = report.refused
        return facts
    }
}

/// A report after its check: what is left of it, and what of the names that mean something was not as it must be.
struct CheckedReport {
    private(set) var run: JSONObject
    private(set) var model: JSONObject
    private(set) var dataset: JSONObject
    private(set) var refused: [String] = []

    init(_ reported: JobFacts.Reported) {
        run = JSONObject()
        model = JSONObject()
        dataset = JSONObject()
        run = keep(reported.run, ReportShape.run, "")
        model = keep(reported.model, ReportShape.model, "model.")
        dataset = keep(reported.dataset, ReportShape.dataset, "dataset.")
        for name in ReportShape.contradictions(in: dataset) { refused.append("dataset.\(name)") }
        if !refused.isEmpty { dropContradictions() }
    }

    /// Names without a meaning pass: they are text beside the facts. Those with one have its shape, or go.
    private mutating func keep(_ stated: JSONObject, _ shapes: [String: ReportShape], _ prefix: String) -> JSONObject {
        var kept = JSONObject()
        for member in stated.members {
            if let shape = shapes[member.key], member.value != .null, !shape.admits(member.value) {
                refused.append(prefix + member.key)
            } else {
                kept[member.key] = member.value
            }
        }
        return kept
    }

    private mutating func dropContradictions() {
        var kept = JSONObject()
        for member in dataset.members where !refused.contains("dataset.\(member.key)") {
            kept[member.key] = member.value
        }
        dataset = kept
    }
}
