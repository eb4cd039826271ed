internal import JSON
package import Jobs

/// What a part's headers say.
package struct MultipartPart: Sendable, Equatable {
    package let name: String
    /// A part with one is a file, one without is a text.
    package let fileName: FileName?
    package let contentType: String?
}

extension MultipartPart {
    /// Reads Content-Disposition as browsers write it (HTML, "multipart/form-data encoding algorithm") and as RFC 7578
    /// allows it. `place` names the part in errors as long as its own name is not known.
    init(disposition: [UInt8], contentType: String?, place: String, limits: MultipartLimits) throws(MultipartError) {
        guard let header = HeaderValue(disposition), header.value == "form-data" else {
            throw .malformed(
                Violation(
                    place, "has a Content-Disposition that can't be read", limit: #"form-data; name="…"; filename="…""#,
                    remedy: "write it as RFC 7578 has it; each parameter once"))
        }
        guard header["name*"] == nil, header["filename*"] == nil || header["filename"] != nil else {
            throw .malformed(
                Violation(
                    place, "says its name as name* or filename* only, which RFC 7578 forbids",
                    remedy: "send name and filename in UTF-8, in quotes"))
        }
        let name = try MultipartPart.name(header["name"], place: place, limit: limits.nameBytes)
        self.name = name
        fileName = try header["filename"].map { bytes throws(MultipartError) in
            try MultipartPart.fileName(bytes, field: "\(name).filename")
        }
        self.contentType = contentType
    }

    private static func name(_ bytes: [UInt8]?, place: String, limit: Int) throws(MultipartError) -> String {
        guard let bytes, !bytes.isEmpty else {
            throw .malformed(Violation(place, "has no name", remedy: #"send Content-Disposition: form-data; name="…""#))
        }
        guard bytes.count <= limit else {
            throw .tooLarge(
                Violation(
                    place, "has a name of more than \(limit) bytes", limit: .integer(Int64(limit)),
                    remedy: "use the names that the API's documents give"))
        }
        guard let name = String(validating: bytes, as: UTF8.self),
            !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else {
            throw .malformed(
                Violation(
                    place, "has a name that is not text: bytes that are no UTF-8, or control characters",
                    remedy: "use the names that the API's documents give"))
        }
        return name
    }

    /// Old browsers send the whole path of a file on Windows: the last component is its name. Escapes (browsers write `%22`
    /// for a quotation mark, some libraries escape more) stay as they are: nobody can tell them from a name that has them.
    private static func fileName(_ bytes: [UInt8], field: String) throws(MultipartError) -> FileName {
        let last = bytes.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false).last ?? []
        guard let text = String(validating: last, as: UTF8.self) else {
            throw .malformed(
                Violation(field, "is not UTF-8", remedy: "rename the file, or send UTF-8"))
        }
        do throws(Violation) { return try FileName(text, field: field) } catch { throw .malformed(error) }
    }
}
