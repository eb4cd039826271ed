internal import JSON
internal import Jobs

/// The headers of one part on their way in.
struct PartHeaders {
    /// How errors name the part as long as its name is not known.
    private let place: String
    private let limits: MultipartLimits
    private var size = 0
    private var lines = 0
    private var line: [UInt8] = []
    private var disposition: [UInt8]?
    private var contentType: String?

    /// - Parameters:
    ///   - number: the part's, counted from 1.
    ///   - limits: of the form.
    init(number: Int, limits: MultipartLimits) {
        place = "part \(number)"
        self.limits = limits
    }

    /// How many bytes are kept: at most twice the limit of headers.
    var retained: Int { line.count + (disposition?.count ?? 0) + (contentType?.utf8.count ?? 0) }

    /// Takes the next byte; answers the part with the last one of its headers.
    mutating func take(_ byte: UInt8) throws(MultipartError) -> MultipartPart? {
        size += 1
        guard size <= limits.headerBytes else { throw tooLarge("headers of more than", limits.headerBytes, "bytes") }
        guard byte == 0x0a else {
            guard line.last != 0x0d else { throw control() }
            line.append(byte)
            return nil
        }
        guard line.popLast() == 0x0d else {
            throw malformed("has a header that ends in LF alone", "end each line with CR LF")
        }
        defer { line.removeAll(keepingCapacity: true) }
        guard line.isEmpty else {
            try finishLine()
            return nil
        }
        return try finish()
    }

    private mutating func finishLine() throws(MultipartError) {
        lines += 1
        guard lines <= limits.headerLines else { throw tooLarge("more than", limits.headerLines, "headers") }
        guard line.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7f }) else { throw control() }
        guard let first = line.first, !HeaderValue.isBlank(first) else {
            throw malformed("has a header folded over lines", "write each header on one line")
        }
        let name = line.prefix { HeaderValue.isToken($0) }
        guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: ":") else {
            throw malformed("has a line that is no header", "write NAME: VALUE lines, then an empty line")
        }
        try keep(HeaderValue.lowercased(name), Array(line[(name.endIndex + 1)...]))
    }

    /// RFC 7578 knows three headers and has all others ignored.
    private mutating func keep(_ name: String, _ value: [UInt8]) throws(MultipartError) {
        switch name {
        case "content-disposition":
            guard disposition == nil else { throw twice("Content-Disposition") }
            disposition = value
        case "content-type":
            guard contentType == nil else { throw twice("Content-Type") }
            guard let text = String(validating: value.drop(while: HeaderValue.isBlank), as: UTF8.self) else {
                throw malformed("has a Content-Type that is not text", "send a media type, or leave it out")
            }
            contentType = text
        case "content-transfer-encoding":
            let encoding = HeaderValue(value)?.value
            guard ["7bit", "8bit", "binary"].contains(encoding) else {
                throw malformed(
                    "is encoded, which RFC 7578 gave up",
                    "send the bytes as they are, without Content-Transfer-Encoding")
            }
        default: break
        }
    }

    private func finish() throws(MultipartError) -> MultipartPart {
        guard let disposition else {
            throw malformed("has no Content-Disposition", #"send Content-Disposition: form-data; name="…""#)
        }
        return try MultipartPart(disposition: disposition, contentType: contentType, place: place, limits: limits)
    }

    private func malformed(_ reason: String, _ remedy: String) -> MultipartError {
        .malformed(Violation(place, reason, remedy: remedy))
    }

    private func control() -> MultipartError {
        malformed("has a control character in a header", "send headers of printable characters that end in CR LF")
    }

    private func twice(_ name: String) -> MultipartError { malformed("has two headers \(name)", "send it once") }

    private func tooLarge(_ more: String, _ limit: Int, _ unit: String) -> MultipartError {
        .tooLarge(
            Violation(
                place, "has \(more) \(limit) \(unit)", limit: .integer(Int64(limit)),
                remedy: "send Content-Disposition and Content-Type only"))
    }
}
