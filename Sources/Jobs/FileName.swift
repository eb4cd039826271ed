internal import JSON

/// A name that a submitter gave a file: one component, text, nothing that moves a cursor or leaves a folder.
package struct FileName: Sendable, Hashable, CustomStringConvertible {
    package static let maximumBytes = 255

    package let text: String
    package var description: String { text }

    /// - Throws: a `Violation` of `field`.
    package init(_ text: String, field: String) throws(Violation) {
        let remedy = "send the bare name of the file, without folders"
        guard !text.isEmpty else { throw Violation(field, "is empty", remedy: remedy) }
        guard text.utf8.count <= FileName.maximumBytes else {
            throw Violation(
                field, "is longer than \(FileName.maximumBytes) bytes", limit: .integer(Int64(FileName.maximumBytes)),
                remedy: "shorten the name")
        }
        guard text != ".", text != ".." else { throw Violation(field, "names a folder", remedy: remedy) }
        guard !text.utf8.contains(UInt8(ascii: "/")) else { throw Violation(field, "contains a slash", remedy: remedy) }
        guard !text.unicodeScalars.contains(where: FileName.isHidden) else {
            throw Violation(
                field, "contains a control or invisible character", remedy: "rename the file to printable characters")
        }
        self.text = text
    }

    /// Whether the name ends in one of `extensions` (with their dots) and has something before it.
    package func hasExtension(in extensions: [String]) -> Bool {
        let name = text.lowercased()
        return extensions.contains { name.utf8.count > $0.utf8.count && name.hasSuffix($0.lowercased()) }
    }

    /// Controls, and what turns the writing direction or has no width: both make a name look like another.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
