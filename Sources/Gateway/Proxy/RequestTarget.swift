/// The path and query of a request, checked so that nobody behind us can read another path in them.
struct RequestTarget: Sendable, Equatable {
    static let maximumBytes = 8 << 10

    /// As it came; it is forwarded unchanged.
    let text: String
    /// What stands between the slashes, undecoded.
    let segments: [String]
    let query: String?

    /// Reads the request line's target; only the origin form is taken (RFC 9112, section 3.2.1).
    init(_ text: String) throws(GatewayError) {
        guard text.utf8.count <= RequestTarget.maximumBytes else {
            throw .longTarget(limit: RequestTarget.maximumBytes)
        }
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.allSatisfy(RequestTarget.isPlain) else {
            throw .malformed(
                "the target is not a path of plain characters", remedy: "send a path that begins with a slash, escaped")
        }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        query = parts.count == 2 ? String(parts[1]) : nil
        segments = parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        self.text = text
        for segment in segments where !RequestTarget.isUnambiguous(segment) {
            throw .malformed(
                "the path has an empty, dot or wrongly escaped component", remedy: "send the path as it is documented")
        }
    }

    /// A value of the query, percent-decoded; nil when it is not there.
    func parameter(_ name: String) -> String? {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count == 2 ? RequestTarget.decoded(String(parts[1])) : "" }
        }
        return nil
    }

    /// Percent-decoded; nil for what is not UTF-8 then, or not well escaped.
    static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// One component of a path, escaped so that it can only be one.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            if isUnreserved(byte) { return String(Unicode.Scalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    /// Printable ASCII but the few that programs treat differently from each other.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21..<0x7f).contains(byte) && !"#\\\"<>^`{|}".utf8.contains(byte)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Not empty, not a dot component however escaped, and without an escaped slash, backslash or control character.
    private static func isUnambiguous(_ segment: String) -> Bool {
        guard let decoded = decoded(segment), !decoded.isEmpty, decoded != ".", decoded != ".." else { return false }
        return decoded.utf8.allSatisfy {
            $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
        }
    }
}
