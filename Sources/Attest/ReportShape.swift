internal import JSON

/// What a reported fact must look like to be taken for the fact of its name.
///
/// A job may lie, but not in a form that a reader would trip over: counts are counts, sizes are bounded, a minimum is no
/// greater than its maximum.
indirect enum ReportShape: Sendable {
    case count
    case number
    case text
    case truth
    case digest
    case choice([String])
    /// Sizes of a tensor; null is one that is left open.
    case sizes
    case list(ReportShape, atMost: Int)
    case map(ReportShape, atMost: Int)
    /// Members with a shape must be there, unless null; others must not.
    case record([String: ReportShape])

    func admits(_ value: JSON) -> Bool {
        switch self {
        case .count: return value.integerValue.map { $0 >= 0 } == true
        // What JSON has no number for is said in words.
        case .number: return value.doubleValue != nil || ["NaN", "Infinity", "-Infinity"].contains(value)
        case .text: return value.stringValue.map { $0.utf8.count <= 256 } == true
        case .truth: return value.boolValue != nil
        case .digest: return value.stringValue.map(Form.isSHA256) == true
        case .choice(let words): return value.stringValue.map(words.contains) == true
        case .sizes:
            guard let sizes = value.arrayValue, sizes.count <= 16 else { return false }
            return sizes.allSatisfy { $0 == .null || ReportShape.count.admits($0) }
        case .list(let shape, let limit):
            guard let elements = value.arrayValue, elements.count <= limit else { return false }
            return elements.allSatisfy(shape.admits)
        case .map(let shape, let limit):
            guard let members = value.objectValue?.members, members.count <= limit else { return false }
            return members.allSatisfy { $0.key.utf8.count <= 256 && ($0.value == .null || shape.admits($0.value)) }
        case .record(let shapes):
            guard let members = value.objectValue?.members, members.count == shapes.count else { return false }
            return members.allSatisfy { member in
                shapes[member.key].map { member.value == .null || $0.admits(member.value) } == true
            }
        }
    }
}

extension ReportShape {
    private static let most = 256

    static let run: [String: ReportShape] = [
        "framework": .text, "framework_version": .text, "backend": .text, "backend_version": .text,
        "python_version": .text, "seed": .count, "epochs_run": .count, "last_epoch": .count, "batch_size": .count,
        "steps_per_epoch": .count, "validation_steps": .count, "training_rows": .count, "validation_rows": .count,
        "classes": .count, "label": .text, "features": .list(.text, atMost: most),
        "ignored_columns": .list(.text, atMost: most), "label_map": .map(.count, atMost: most), "input_shape": .sizes,
        "output_shape": .sizes, "optimizer": .text, "learning_rate": .number, "loss": .text,
        "parameters": .map(.number, atMost: 64),
    ]

    static let model: [String: ReportShape] = [
        "class": .text, "parameter_count": .count, "trainable_parameters": .count,
        "versions": .map(.text, atMost: 32),
        "layers": .list(
            .record(["name": .text, "class": .text, "output_shape": .sizes, "parameters": .count]), atMost: most),
        "layers_cut": .count,
    ]

    static let dataset: [String: ReportShape] = [
        "rows": .count, "columns_in_file": .count, "duplicate_rows": .count, "missing_cells": .count,
        "columns": .list(
            .record([
                "name": .text, "type": .choice(["float", "int"]), "missing": .count, "distinct": .count,
                "mean": .number, "variance": .number, "minimum": .number, "maximum": .number, "median": .number,
                "skewness": .number,
            ]), atMost: most),
        "columns_cut": .count,
        "class_balance": .list(
            .record(["label": .number, "index": .count, "training": .count, "validation": .count]), atMost: most),
        "class_balance_cut": .count,
        "split": .record([
            "training_rows": .count, "validation_rows": .count, "training_sha256": .digest,
            "validation_sha256": .digest,
        ]),
    ]

    /// Facts that can't all be true, whatever the data were.
    static func contradictions(in dataset: JSONObject) -> [String] {
        var found: [String] = []
        let rows = dataset["rows"]?.integerValue
        if let rows {
            for name in ["duplicate_rows"] {
                if let count = dataset[name]?.integerValue, count > rows { found.append(name) }
            }
            let parts = ["training_rows", "validation_rows"].compactMap { dataset["split"]?[$0]?.integerValue }
            if parts.count == 2, !sum(parts, is: { $0 == rows }) { found.append("split") }
            let classes = (dataset["class_balance"]?.arrayValue ?? []).flatMap { balance in
                ["training", "validation"].compactMap { balance[$0]?.integerValue }
            }
            if !sum(classes, is: { $0 <= rows }) { found.append("class_balance") }
        }
        let columns = dataset["columns"]?.arrayValue ?? []
        if columns.contains(where: { isContradictory(column: $0, rows: rows) }) { found.append("columns") }
        return found
    }

    private static func isContradictory(column: JSON, rows: Int64?) -> Bool {
        if let rows {
            for name in ["missing", "distinct"] {
                if let count = column[name]?.integerValue, count > rows { return true }
            }
        }
        if let variance = column["variance"]?.doubleValue, variance < 0 { return true }
        guard let least = column["minimum"]?.doubleValue, let most = column["maximum"]?.doubleValue else {
            return false
        }
        // A mean is rounded when it is computed; a median is not.
        let slack = (abs(least) + abs(most)) * 1e-6
        if let mean = column["mean"]?.doubleValue, mean < least - slack || mean > most + slack { return true }
        if let median = column["median"]?.doubleValue, median < least - slack || median > most + slack { return true }
        return least > most
    }

    private static func sum(_ counts: [Int64], is condition: (Int64) -> Bool) -> Bool {
        var sum: Int64 = 0
        for count in counts {
            let (next, overflow) = sum.addingReportingOverflow(count)
            guard !overflow else { return false }
            sum = next
        }
        return condition(sum)
    }
}
