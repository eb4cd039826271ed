package import JSON
internal import Jobs

/// What a setting's value may be, in the file and as text.
package struct SettingKind: Sendable {
    package enum Rule: Sendable {
        case path
        /// A path that bind(2) can take: 107 bytes (unix(7)).
        case socketPath
        /// A path, or where else a key is: docs/keys.md.
        case keyReference
        /// A line of text.
        case text
        case number(ClosedRange<Int>, String)
        case flag
        /// One of the words of the value's type.
        case choice
        /// HOST:PORT.
        case address
    }

    /// Whether `text` as the value is a path of this host.
    package func isPath(_ text: String) -> Bool {
        switch rule {
        case .path, .socketPath: true
        case .keyReference: !["file:", "pkcs11:", "handle:"].contains { text.utf8.starts(with: $0.utf8) }
        case .text, .number, .flag, .choice, .address: false
        }
    }

    let rule: Rule
    let words: [String]
    let isOptional: Bool
    let isList: Bool

    /// As the table says it.
    package var description: String {
        let one =
            switch rule {
            case .path, .socketPath: "absolute path"
            case .keyReference: "absolute path, pkcs11: or handle: URI"
            case .text: "text"
            case .number(let range, let unit): "\(range.lowerBound) to \(range.upperBound) \(unit)"
            case .flag: "true or false"
            case .choice: words.joined(separator: ", ")
            case .address: "ADDRESS:PORT"
            }
        return isList ? "list of: \(one)" : one
    }

    /// Checks a value.
    ///
    /// - Throws: `Violation` that names the key, the value, what is allowed and what to do.
    func check(_ json: JSON, _ key: String) throws(Violation) {
        if isOptional, json == .null { return }
        guard isList else { return try checkOne(json, key) }
        guard let elements = json.arrayValue else { throw mismatch(json, key) }
        guard elements.count <= Self.longestList else {
            throw Violation(
                key, "has \(elements.count) elements", limit: .integer(Int64(Self.longestList)),
                remedy: "give at most \(Self.longestList)")
        }
        for (index, element) in elements.enumerated() { try checkOne(element, "\(key).\(index)") }
    }

    /// Of the wrong type, or not one of the words.
    func mismatch(_ json: JSON, _ key: String) -> Violation {
        Violation(key, "is \(Self.shown(json))", limit: .string(description), remedy: remedy)
    }

    /// What text in an environment variable or on a command line stands for.
    func value(of text: String) -> JSON {
        if isList {
            if text.hasPrefix("["), let list = try? JSON.parse(Array(text.utf8), limits: .settings) { return list }
            let parts = text.split(separator: ",").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
            return .array(parts.map { single($0) })
        }
        return single(text)
    }

    private func single(_ text: String) -> JSON {
        switch rule {
        case .number: Int64(text).map(JSON.integer) ?? .string(text)
        case .flag: ["true": true, "false": false][text].map(JSON.bool) ?? .string(text)
        case .path, .socketPath, .keyReference, .text, .choice, .address: .string(text)
        }
    }

    private func checkOne(_ json: JSON, _ key: String) throws(Violation) {
        let isFit =
            switch rule {
            case .path: json.stringValue.map { Self.isLine($0) && $0.hasPrefix("/") && $0.utf8.count < 4096 } ?? false
            case .socketPath: json.stringValue.map { Self.isLine($0) && $0.hasPrefix("/") } ?? false
            case .keyReference: json.stringValue.map(Self.isKeyReference) ?? false
            case .text: json.stringValue.map { Self.isLine($0) && $0.utf8.count <= 4096 } ?? false
            case .number(let range, _): json.integerValue.flatMap(Int.init(exactly:)).map(range.contains) ?? false
            case .flag: json.boolValue != nil
            case .choice: json.stringValue.map(words.contains) ?? false
            case .address: json.stringValue.map { SocketAddress($0) != nil } ?? false
            }
        guard isFit else { throw mismatch(json, key) }
        if case .socketPath = rule, let path = json.stringValue, path.utf8.count > Self.longestSocketPath {
            throw Violation(
                key, "is \(path.utf8.count) bytes long", limit: .integer(Int64(Self.longestSocketPath)),
                remedy: "use a shorter path: the kernel takes at most \(Self.longestSocketPath) bytes for a socket")
        }
    }

    private var remedy: String {
        let one =
            switch rule {
            case .path, .socketPath: "write an absolute path, such as \"/var/lib/aibom\""
            case .keyReference:
                "write an absolute path, or a pkcs11: or handle: URI as docs/keys.md has it, without a PIN in it"
            case .text: "write a text of one line, in quotes"
            case .number(let range, let unit):
                "write a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound), without quotes"
            case .flag: "write true or false, without quotes"
            case .choice: "use one of: \(words.joined(separator: ", "))"
            case .address: "write a numeric address and a port, such as \"127.0.0.1:8443\" or \"[::1]:8443\""
            }
        return isList ? "write a list, […], and for each element: \(one)" : one
    }

    /// The schemes that the signer knows; it reads the rest, and says what is wrong with it.
    private static func isKeyReference(_ text: String) -> Bool {
        guard isLine(text), text.utf8.count < 4096, !text.contains("pin-value=") else { return false }
        return ["/", "file:/", "pkcs11:", "handle:"].contains { text.utf8.starts(with: $0.utf8) }
    }

    private static let longestList = 64
    private static let longestSocketPath = 107

    /// A value as an error quotes it: short, whatever was written.
    private static func shown(_ json: JSON) -> String {
        switch json {
        case .array: "a list"
        case .object: "an object"
        default: Violation.quotable(json.description)
        }
    }

    private static func isLine(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}

extension JSON.Limits {
    package static let settings = JSON.Limits(bytes: 256 << 10, depth: 6, values: 10_000)
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
