internal import JSON
internal import Linux
package import Logging
package import Measure

/// One event of a log as one line of text or JSON.
///
/// Whatever a user wrote into a message or a value, it stays inside its line and its value: control characters, line
/// separators and what turns the writing direction are escaped, and what looks like a secret is taken out.
package struct LogLine: Sendable {
    package enum Format: Sendable { case text, json }

    package let time: Instant
    package let level: Logger.Level
    package let message: String
    package let metadata: Logger.Metadata

    package init(time: Instant, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.level = level
        self.message = message
        self.metadata = metadata
    }

    /// The line with its newline.
    package func bytes(as format: Format) -> [UInt8] {
        switch format {
        case .text: Array(text.utf8) + [0x0a]
        case .json: Self.escapingSeparators(json.compactBytes()) + [0x0a]
        }
    }

    /// `2026-11-23T05:42:23.123Z info message key=value key="a value"`
    private var text: String {
        var line = "\(time) \(level) \(Self.oneLine(Self.shortened(Redaction.text(message))))"
        for (key, value) in members { line += " \(Self.word(key))=\(Self.word(value.text))" }
        return line
    }

    /// `{"time": …, "level": …, "message": …, and the metadata}`; metadata can't take the place of the first three.
    private var json: JSON {
        var object = JSONObject()
        object["time"] = .string(time.description)
        object["level"] = .string(level.rawValue)
        object["message"] = .string(Self.shortened(Redaction.text(message)))
        for (key, value) in members { _ = object.insert(value.json, for: object[key] == nil ? key : "metadata.\(key)") }
        return .object(object)
    }

    private var members: [(String, LoggedValue)] {
        metadata.sorted { $0.key < $1.key }.map { ($0.key, LoggedValue($0.value, under: $0.key)) }
    }

    /// A key or value of a text line: bare when it is one plain word, else in quotes.
    private static func word(_ text: String) -> String {
        let isBare = !text.isEmpty && text.utf8.allSatisfy { 0x21...0x7e ~= $0 && !#"="\"#.utf8.contains($0) }
        return isBare ? text : "\"\(oneLine(text).replacing("\"", with: "\\\""))\""
    }

    /// `text` without anything that a terminal or a reader of lines would take for more than text.
    private static func oneLine(_ text: String) -> String {
        Display.text(Array(text.utf8)).replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    }

    static func shortened(_ text: String) -> String {
        text.utf8.count <= longest ? text : String(decoding: text.utf8.prefix(longest), as: UTF8.self) + "…"
    }

    /// A whole line fits what the journal takes as one (48 KiB, LineMax= of journald.conf(5)) with some values of this length.
    private static let longest = 4096

    /// The renderer leaves alone what JSON allows; some readers of lines take U+0085, U+2028 and U+2029 for line ends, and
    /// terminals obey C1 controls and turns of direction. Outside of strings a document has ASCII only.
    private static func escapingSeparators(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x7f }) else { return bytes }
        var escaped: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse:
                for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
                    let digits = String(unit, radix: 16)
                    escaped += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
                }
            default: escaped += Array(String(scalar).utf8)
            }
        }
        return escaped
    }
}

/// A value of a log's metadata, with the secrets taken out.
private enum LoggedValue {
    case one(String)
    case many([LoggedValue])
    case named([(String, LoggedValue)])

    init(_ value: Logger.Metadata.Value, under key: String) {
        guard !Redaction.isSecret(key) else {
            self = .one(Redaction.mark)
            return
        }
        switch value {
        case .string(let text): self = .one(LogLine.shortened(Redaction.text(text)))
        case .stringConvertible(let value): self = .one(LogLine.shortened(Redaction.text("\(value)")))
        case .array(let values): self = .many(values.map { LoggedValue($0, under: key) })
        case .dictionary(let members):
            self = .named(members.sorted { $0.key < $1.key }.map { ($0.key, LoggedValue($0.value, under: $0.key)) })
        @unknown default: self = .one(LogLine.shortened(Redaction.text("\(value)")))
        }
    }

    var text: String {
        switch self {
        case .one(let text): text
        case .many, .named: json.description
        }
    }

    var json: JSON {
        switch self {
        case .one(let text): return .string(text)
        case .many(let values): return .array(values.map(\.json))
        case .named(let members):
            var object = JSONObject()
            for (key, value) in members { object[key] = value.json }
            return .object(object)
        }
    }
}
