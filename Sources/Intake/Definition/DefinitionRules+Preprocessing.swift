internal import Jobs

extension DefinitionRules {
    private static let steps = ["normalize", "scale", "clip"]

    func preprocessing(_ node: YAMLNode?) throws(Violation) {
        guard let node else { return }
        if case .scalar(let text, isPlain: true, _) = node, ["", "~", "null"].contains(text) { return }
        guard case .mapping(let members, _) = node else {
            throw fault("preprocessing must be a mapping", node, "use the keys \(Self.steps.joined(separator: ", "))")
        }
        try known(members, Self.steps)
        if let node = members["normalize"], !["true", "false"].contains(node.text?.lowercased()) {
            throw fault("normalize must be true or false", node, "write true or false")
        }
        if let node = members["scale"], try number(node, "scale") == 0 {
            throw fault("scale 0 makes every feature 0", node, "use another factor")
        }
        if let node = members["clip"] { try clip(node) }
    }

    private func clip(_ node: YAMLNode) throws(Violation) {
        guard case .sequence(let bounds, _) = node, bounds.count == 2 else {
            throw fault("clip must be [low, high]", node, "write two numbers")
        }
        let (low, high) = (try number(bounds[0], "clip"), try number(bounds[1], "clip"))
        guard low < high else {
            throw fault("clip [\(low), \(high)] leaves one value", node, "write the smaller bound first")
        }
    }

    /// A decimal number as the trainer takes it: no hexadecimal, no underscores, no `.inf`.
    private func number(_ node: YAMLNode, _ key: String) throws(Violation) -> Double {
        let allowed = "0123456789+-.eE".utf8
        guard let text = node.text, text.utf8.count <= 64, text.utf8.allSatisfy(allowed.contains),
            let number = Double(text), number.isFinite
        else { throw fault("\(key) must be a finite number", node, "write a decimal number") }
        return number
    }
}
