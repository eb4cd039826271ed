internal import JSON
internal import Jobs

/// The text that separates a form's parts (RFC 2046, section 5.1.1).
package struct Boundary: Sendable, Equatable {
    static let longest = 70

    let bytes: [UInt8]

    /// Reads the boundary out of a Content-Type header.
    ///
    /// - Throws: `MultipartError.unsupported` for another type than multipart/form-data, `.malformed` for a boundary that
    ///   is missing or not one.
    package init(contentType: String?) throws(MultipartError) {
        let type = contentType.flatMap { HeaderValue($0.utf8) }
        guard let type, type.value == "multipart/form-data" else {
            throw .unsupported(
                Violation(
                    "Content-Type", "is not multipart/form-data", limit: "multipart/form-data; boundary=…",
                    remedy: "send a form with files, as curl -F does"))
        }
        guard let bytes = type["boundary"] else {
            throw .malformed(
                Violation(
                    "Content-Type", "has no boundary",
                    remedy: "let your HTTP library write this header: it knows the boundary it uses"))
        }
        guard (1...Boundary.longest).contains(bytes.count), bytes.last != 0x20, bytes.allSatisfy(Boundary.isAllowed)
        else {
            throw .malformed(
                Violation(
                    "Content-Type", "has a boundary that is not one",
                    limit: "1 to 70 of 0-9 A-Z a-z ' ( ) + _ , - . / : = ? and space, not ending in a space",
                    remedy: "use a boundary of letters and digits"))
        }
        self.bytes = bytes
    }

    /// `bchars` of the RFC.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}
