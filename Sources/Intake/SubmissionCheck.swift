package import Jobs

/// Holds a definition and its dataset against each other, whichever came first.
package struct SubmissionCheck: Sendable {
    private let datasetField: String
    private var definition: DatasetDefinition?
    private var dataset: UploadCheck.Finding?

    /// - Parameter datasetField: what errors call the dataset.
    package init(datasetField: String = "dataset") { self.datasetField = datasetField }

    /// Takes what the check of an upload found.
    ///
    /// - Throws: a `Violation` as soon as both are there and don't agree.
    package mutating func add(_ finding: UploadCheck.Finding, as role: InputRole) throws(Violation) {
        switch (role, finding) {
        case (.definition, .definition(let found)): definition = found
        case (.dataset, let found): dataset = found
        default: return
        }
        guard let definition, let dataset else { return }
        switch (definition.kind, dataset) {
        case (.csv, .table(let header)): try header.check(against: definition, field: datasetField)
        case (.csv, .archive):
            throw Violation(
                datasetField, "is a zip archive, the definition's type is csv",
                remedy: "send a CSV file, or write `type: image`")
        case (.image, .table):
            throw Violation(
                datasetField, "is a CSV file, the definition's type is image", remedy: "send a zip archive of images")
        default: break
        }
    }
}
