internal import Jobs

/// The content of a part without a file name, put together; the parser holds it to its limit.
package struct TextField: Sendable {
    package let name: String
    private var bytes: [UInt8] = []

    package init(_ name: String) { self.name = name }

    package mutating func append(_ piece: RawSpan) { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }

    package mutating func append(_ kept: [UInt8]) { bytes += kept }

    /// - Throws: `MultipartError.malformed` when it is no text.
    /// - Returns: the text, with line ends as they were sent.
    package func text() throws(MultipartError) -> String {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(Violation(name, "is not text: bytes that are no UTF-8, or NUL", remedy: "send UTF-8"))
        }
        return text
    }
}
