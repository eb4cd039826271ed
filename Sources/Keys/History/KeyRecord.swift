internal import JSON
package import Measure

/// One thing that happened to a key.
package struct KeyRecord: Sendable, Equatable {
    package enum Event: Sendable, Equatable {
        /// The history begins with this key.
        case begun(PublicKey)
        /// One key has handed over to another, and signs nothing after this.
        case rotated(from: String, to: PublicKey, reason: String)
        /// What the key signed at `since` or later is not to be believed.
        case revoked(key: String, since: Instant, reason: String)
    }

    static let format = "aibom-key-history/1"
    /// A reason is a sentence.
    package static let reasonLimit = 1000

    package let sequence: Int
    package let previous: Digest?
    package let time: Instant
    package let event: Event

    package init(sequence: Int, previous: Digest?, time: Instant, event: Event) {
        self.sequence = sequence
        self.previous = previous
        self.time = time
        self.event = event
    }

    var newKey: PublicKey? {
        switch event {
        case .begun(let key), .rotated(_, let key, _): key
        case .revoked: nil
        }
    }

    /// What is signed. The first line keeps it apart from all else that such a key signs: an AIBoM begins with a brace, and a
    /// pre-authentication encoding with `DSSEv1`.
    package var message: [UInt8] { Array("\(Self.format)\n".utf8) + Self.canonical(json) }

    var json: JSON {
        var object: JSONObject = [
            ("format", .string(Self.format)), ("sequence", .integer(Int64(sequence))),
            ("previous", previous.map { .string($0.hex) } ?? .null), ("time", .string(time.description)),
        ].reduce(into: JSONObject()) { $0[$1.0] = $1.1 }
        switch event {
        case .begun(let key):
            object["event"] = "begun"
            object["public_key"] = .string(Base64.encode(key.der))
        case .rotated(let from, let to, let reason):
            object["event"] = "rotated"
            object["from"] = .string(from)
            object["public_key"] = .string(Base64.encode(to.der))
            object["reason"] = .string(reason)
        case .revoked(let key, let since, let reason):
            object["event"] = "revoked"
            object["key"] = .string(key)
            object["since"] = .string(since.description)
            object["reason"] = .string(reason)
        }
        return .object(object)
    }

    /// RFC 8785. There is no number in a record but a small one, and for those it is defined.
    static func canonical(_ json: JSON) -> [UInt8] { (try? json.canonicalBytes()) ?? json.compactBytes() }

    init(_ json: JSON) throws(KeyHistoryFault) {
        guard json["format"] == .string(Self.format) else { throw .field("format") }
        guard let sequence = json["sequence"]?.integerValue, (0..<100_000).contains(sequence) else {
            throw .field("sequence")
        }
        self.sequence = Int(sequence)
        previous = json["previous"] == .null ? nil : try Self.digest(json, "previous")
        time = try Self.time(json, "time")
        switch json["event"]?.stringValue {
        case "begun": event = .begun(try Self.key(json))
        case "rotated":
            event = .rotated(
                from: try Self.digest(json, "from").hex, to: try Self.key(json), reason: try Self.reason(json))
        case "revoked":
            event = .revoked(
                key: try Self.digest(json, "key").hex, since: try Self.time(json, "since"),
                reason: try Self.reason(json))
        default: throw .field("event")
        }
    }

    private static func digest(_ json: JSON, _ name: String) throws(KeyHistoryFault) -> Digest {
        guard let digest = json[name]?.stringValue.flatMap(Digest.init(hex:)) else { throw .field(name) }
        return digest
    }

    private static func time(_ json: JSON, _ name: String) throws(KeyHistoryFault) -> Instant {
        guard let time = json[name]?.stringValue.flatMap({ Instant($0) }) else { throw .field(name) }
        return time
    }

    private static func reason(_ json: JSON) throws(KeyHistoryFault) -> String {
        guard let reason = json["reason"]?.stringValue, !reason.isEmpty, reason.utf8.count <= reasonLimit else {
            throw .field("reason")
        }
        return reason
    }

    private static func key(_ json: JSON) throws(KeyHistoryFault) -> PublicKey {
        guard let der = json["public_key"]?.stringValue.flatMap({ Base64.decode($0.utf8) }),
            let key = try? PublicKey(der: der)
        else { throw .field("public_key") }
        return key
    }
}

/// A record with its signatures: one line.
package struct SignedKeyRecord: Sendable {
    package struct Signature: Sendable {
        /// The key's id.
        package let key: String
        package let bytes: [UInt8]

        package init(key: String, bytes: [UInt8]) {
            self.key = key
            self.bytes = bytes
        }
    }

    package let record: KeyRecord
    package let signatures: [Signature]

    package init(_ record: KeyRecord, _ signatures: [Signature]) {
        self.record = record
        self.signatures = signatures
    }

    /// RFC 8785, without a newline.
    package var line: [UInt8] {
        KeyRecord.canonical([
            "record": record.json,
            "signatures": .array(
                signatures.map { ["key": .string($0.key), "signature": .string(Base64.encode($0.bytes))] }),
        ])
    }

    /// - Throws: `KeyHistoryFault.form` for every other spelling of the same record.
    init(_ line: [UInt8]) throws(KeyHistoryFault) {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(line, limits: .report) } catch { throw .json(error) }
        guard let value = json["record"] else { throw .field("record") }
        guard let list = json["signatures"]?.arrayValue, list.count <= 2 else { throw .field("signatures") }
        var signatures: [Signature] = []
        for item in list {
            guard let key = item["key"]?.stringValue,
                let bytes = item["signature"]?.stringValue.flatMap({ Base64.decode($0.utf8) })
            else { throw .field("signatures") }
            signatures.append(Signature(key: key, bytes: bytes))
        }
        self.init(try KeyRecord(value), signatures)
        guard self.line == line else { throw .form }
    }
}
