internal import JSON
package import Jobs

/// Checks a dataset definition: collects it, then reads it by the rules that the trainer has.
package struct DefinitionCheck: InputCheck {
    private let rules: DefinitionRules
    private let limits: DefinitionLimits
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - field: what errors call it: the field of the form.
    ///   - kinds: of datasets that the environment trains on.
    ///   - limits: of the document.
    package init(
        field: String = "definition", kinds: [DatasetDefinition.Kind] = [.csv],
        limits: DefinitionLimits = DefinitionLimits()
    ) {
        rules = DefinitionRules(field: field, kinds: kinds)
        self.limits = limits
    }

    package mutating func take(_ piece: RawSpan) throws(Violation) {
        guard bytes.count + piece.byteCount <= limits.bytes else {
            throw Violation(
                rules.field, "has more than \(limits.bytes) bytes", limit: .integer(Int64(limits.bytes)),
                remedy: "a definition lists columns; shorten it")
        }
        piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    package mutating func finish() throws(Violation) -> DatasetDefinition {
        try rules.check(YAMLReader.read(bytes, field: rules.field, limits: limits))
    }
}
