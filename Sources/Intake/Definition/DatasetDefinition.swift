/// What a definition says of its dataset, as far as other checks ask.
package struct DatasetDefinition: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case csv, image
    }

    package let kind: Kind
    /// In the order of the file, with the label; empty for images.
    package let columns: [String]
    package let label: String?
}

/// What a definition may cost; the trainer's limits are the same.
package struct DefinitionLimits: Sendable, Equatable {
    package var bytes = 256 << 10
    package var depth = 20
    /// Texts, lists and maps together.
    package var values = 50_000

    package init() {}
}
