internal import JSON
package import Jobs

/// The columns of a CSV file, by the names of its first line.
package struct CSVHeader: Sendable, Equatable {
    /// As bytes: to the trainer, two ways to write an accented letter are two names.
    let columns: [[UInt8]]

    package var names: [String] { columns.map { String(decoding: $0, as: UTF8.self) } }

    /// - Parameters:
    ///   - definition: names the columns that have to be there; others are ignored by a training.
    ///   - field: what errors call the CSV file.
    /// - Throws: a `Violation` for the first column that is missing.
    package func check(against definition: DatasetDefinition, field: String = "dataset") throws(Violation) {
        guard definition.kind == .csv else { return }
        let present = Set(columns)
        for column in definition.columns where !present.contains(Array(column.utf8)) {
            let shown = Array(names.prefix(20))
            let unknown = Violation.unknown(column, in: field, known: Array(names.prefix(1000)))
            let hint = unknown.remedy.hasPrefix("did you mean") ? "\(unknown.remedy) " : ""
            throw Violation(
                field, "line 1: the definition names the column \(quoted(column)), the file has none",
                limit: .array(shown.map { .string(String($0.prefix(64))) }),
                remedy: "\(hint)add it, or take it out of the definition; the file has: "
                    + shown.map { quoted($0) }.joined(separator: ", "))
        }
    }
}
