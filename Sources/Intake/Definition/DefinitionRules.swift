internal import JSON
internal import Jobs

/// The rules of a dataset definition, one function a key; the trainer's `definition.py` has the same in the same words.
struct DefinitionRules {
    let field: String
    /// The kinds that the environment trains on.
    let kinds: [DatasetDefinition.Kind]

    private static let numericTypes: Set<String> = [
        "float", "float16", "float32", "float64", "double", "number", "int", "integer", "bool", "int8", "int16",
        "int32",
        "int64", "uint8", "uint16", "uint32", "uint64",
    ]

    private static func keys(of kind: DatasetDefinition.Kind) -> [String] {
        switch kind {
        case .csv: ["type", "columns", "label", "input_shape", "output_shape", "preprocessing"]
        case .image: ["type", "image_size", "label", "input_shape", "output_shape", "preprocessing"]
        }
    }

    func check(_ root: YAMLNode?) throws(Violation) -> DatasetDefinition {
        guard case .mapping(let members, _) = root else {
            throw fault("the top level is no mapping", root, "start with `columns:`")
        }
        let kind = try kind(members["type"])
        try known(members, Self.keys(of: kind))
        for key in kind == .csv
            ? ["columns", "label", "input_shape", "output_shape"] : ["input_shape", "output_shape"]
        where members[key] == nil {
            throw fault("\(quoted(key)) is missing", root, "add `\(key):`")
        }
        let input = try shape(members["input_shape"], "input_shape")
        _ = try shape(members["output_shape"], "output_shape")
        try preprocessing(members["preprocessing"])
        switch kind {
        case .image:
            if let size = members["image_size"], try shape(size, "image_size").count != 2 {
                throw fault("image_size must list height and width", size, "write for example `image_size: [224, 224]`")
            }
            return DatasetDefinition(kind: kind, columns: [], label: nil)
        case .csv:
            let columns = try columns(members["columns"])
            let label = try label(members["label"], among: columns)
            try check(input, holds: columns.count - 1, members["input_shape"])
            return DatasetDefinition(kind: kind, columns: columns, label: label)
        }
    }

    private func kind(_ node: YAMLNode?) throws(Violation) -> DatasetDefinition.Kind {
        guard let node else { return .csv }
        let kind = node.text.flatMap(DatasetDefinition.Kind.init)
        guard let kind, kinds.contains(kind) else {
            throw fault(
                "the dataset type \(quoted(node.text ?? "(no name)")) is not supported", node,
                "use one of: \(kinds.map(\.rawValue).joined(separator: ", ")); csv is the default",
                limit: .array(kinds.map { .string($0.rawValue) }))
        }
        return kind
    }

    private func columns(_ node: YAMLNode?) throws(Violation) -> [String] {
        guard case .mapping(let members, _) = node, !members.isEmpty else {
            throw fault(
                "columns must map names to types", node, "write `columns:` and below it `name: float`")
        }
        for member in members {
            guard let type = member.value.text, Self.numericTypes.contains(type.lowercased()) else {
                throw fault(
                    "column \(quoted(member.key)) has the type \(quoted(member.value.text ?? "(no name)"))",
                    member.value, "use float or int, and encode text as numbers before submitting")
            }
        }
        return members.map(\.key)
    }

    private func label(_ node: YAMLNode?, among columns: [String]) throws(Violation) -> String {
        guard let label = node?.text, !label.isEmpty else {
            throw fault("label must be a name", node, "name one column")
        }
        guard columns.contains(where: { $0.utf8.elementsEqual(label.utf8) }) else {
            throw fault(
                "the label \(quoted(label)) is not among the columns", node,
                "add it to `columns`, or: \(Violation.unknown(label, in: field, known: columns).shortRemedy)")
        }
        return label
    }

    private func check(_ shape: [Int], holds count: Int, _ node: YAMLNode?) throws(Violation) {
        var product = 1
        for size in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            product = overflow ? .max : next
        }
        guard count > 0, product == count else {
            throw fault(
                "input_shape \(shape) holds \(product) values, but columns name \(count) features", node,
                "make the two agree")
        }
    }

    private func shape(_ node: YAMLNode?, _ key: String) throws(Violation) -> [Int] {
        let remedy = "write for example `\(key): [13]`, without the batch"
        guard case .sequence(let items, _) = node, (1...8).contains(items.count) else {
            throw fault("\(key) must list whole numbers from 1", node, remedy)
        }
        var sizes: [Int] = []
        for item in items {
            guard let text = item.text, (1...9).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0"),
                text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let size = Int(text)
            else { throw fault("\(key) must list whole numbers from 1", node, remedy) }
            sizes.append(size)
        }
        return sizes
    }

    func known(_ members: [YAMLNode.Member], _ keys: [String]) throws(Violation) {
        for member in members where !keys.contains(member.key) {
            let unknown = Violation.unknown(member.key, in: field, known: keys)
            throw Violation(
                field, "line \(member.line): \(quoted(member.key)) is not a key here", limit: unknown.limit,
                remedy: unknown.remedy)
        }
    }

    func fault(_ reason: String, _ node: YAMLNode?, _ remedy: String, limit: JSON? = nil) -> Violation {
        Violation(field, node.map { "line \($0.line): \(reason)" } ?? reason, limit: limit, remedy: remedy)
    }
}

extension Violation {
    /// The remedy, but no list that is longer than an error should be.
    var shortRemedy: String { remedy.utf8.count <= 200 ? remedy : "\(remedy.prefix(200))…" }
}
