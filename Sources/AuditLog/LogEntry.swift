package import JSON
package import Measure

/// One record of the log. Small: digests of documents, not documents.
package struct LogEntry: Sendable, Equatable {
    /// Of the schema. A new major version may change what a member means; a new minor one adds events and members.
    package struct Version: Sendable, Equatable, CustomStringConvertible {
        package let major: Int
        package let minor: Int

        package var description: String { "\(major).\(minor)" }
    }

    /// What this code writes, and all of which it reads.
    package static let version = Version(major: 1, minor: 0)

    package let version: Version
    package let time: Instant
    package let event: LogEvent
    package let severity: Severity
    /// Who did it: `uid:0`, `oidc:…`, `supervisor`.
    package let actor: String
    /// Whose job it is, where there is one.
    package let owner: String?
    package let job: String?
    package let detail: JSONObject

    /// A record of this version.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - time: when, by the writer's clock.
    ///   - severity: how much it wants to be looked at.
    ///   - actor: who did it.
    ///   - owner: whose job it is.
    ///   - job: its id.
    ///   - detail: what the event's schema asks for, and more; of numbers only integers.
    /// - Throws: `LogError.malformed` when something that the schema asks for is missing.
    package init(
        _ event: LogEvent.Kind, at time: Instant = .now(), severity: Severity = .informational, actor: String,
        owner: String? = nil, job: String? = nil, detail: JSON
    ) throws(LogError) {
        guard let detail = detail.objectValue else { throw .malformed("log entry", "detail is no object") }
        guard !actor.isEmpty else { throw .malformed("log entry", "names no actor") }
        try event.check(detail, job: job)
        version = Self.version
        self.time = time
        self.event = .known(event)
        self.severity = severity
        self.actor = actor
        self.owner = owner
        self.job = job
        self.detail = detail
    }
}

extension LogEntry {
    /// The members of every entry; a newer minor version may add others, which are passed over.
    private enum Member {
        static let required = ["actor", "detail", "event", "severity", "time", "version"]
        static let optional = ["job", "owner"]
    }

    /// The entry's one text: canonical JSON (RFC 8785, with integers only).
    ///
    /// - Throws: `LogError.entryTooLarge`; `LogError.malformed` for a number that has no canonical form.
    package func bytes() throws(LogError) -> [UInt8] {
        var object = JSONObject()
        object["actor"] = .string(actor)
        object["detail"] = .object(detail)
        object["event"] = .string(event.description)
        object["job"] = job.map(JSON.string)
        object["owner"] = owner.map(JSON.string)
        object["severity"] = .string(severity.rawValue)
        object["time"] = .string(time.description)
        object["version"] = .string(version.description)
        let bytes: [UInt8]
        do throws(JSONError) { bytes = try JSON.object(object).canonicalBytes() } catch {
            throw .malformed("log entry", error.description)
        }
        guard bytes.count <= EntryBundle.entryLimit else { throw .entryTooLarge(bytes.count) }
        // What is written once stays: nothing that no reader takes.
        _ = try LogEntry(bytes: bytes)
        return bytes
    }

    /// Reads an entry in its one text.
    ///
    /// An entry of this major version is read whatever its minor one: an auditor with an older tool sees everything that happened, and
    /// of a new event its name, time and detail. What this version knows has to be as this version says.
    package init(bytes: [UInt8]) throws(LogError) {
        let (json, canonical): (JSON, [UInt8])
        do throws(JSONError) {
            json = try JSON.parse(bytes, limits: .init(bytes: EntryBundle.entryLimit, depth: 8, values: 20_000))
            canonical = try json.canonicalBytes()
        } catch {
            throw .malformed("log entry", error.description)
        }
        guard canonical == bytes else { throw .malformed("log entry", "not in its canonical form") }
        try self.init(json: json)
    }

    private init(json: JSON) throws(LogError) {
        guard let object = json.objectValue else { throw .malformed("log entry", "is no object") }
        for name in Member.required where object[name] == nil { throw .malformed("log entry", "has no \(name)") }
        version = try Self.readVersion(json["version"])
        let isNewer = version.minor > Self.version.minor
        for name in object.keys where !isNewer && !(Member.required + Member.optional).contains(name) {
            throw .malformed("log entry", "has a member \(name), which version \(version) does not know")
        }
        guard let time = json["time"]?.stringValue.flatMap({ Instant($0) }) else {
            throw .malformed("log entry", "its time is not like 2026-11-23T05:42:23.123Z")
        }
        guard let severity = json["severity"]?.stringValue.flatMap(Severity.init) else {
            throw .malformed(
                "log entry", "its severity is none of \(Severity.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let actor = json["actor"]?.stringValue, !actor.isEmpty, let detail = json["detail"]?.objectValue,
            let name = json["event"]?.stringValue, !name.isEmpty
        else { throw .malformed("log entry", "its actor or event is no text, or its detail no object") }
        self.time = time
        self.severity = severity
        self.actor = actor
        self.detail = detail
        owner = try Self.readText("owner", of: object)
        job = try Self.readText("job", of: object)
        if let kind = LogEvent.Kind(rawValue: name) {
            event = .known(kind)
            try kind.check(detail, job: job)
        } else {
            guard isNewer else { throw .malformed("log entry", "its event \(name) is not one of version \(version)") }
            event = .other(ExactText(name))
        }
    }

    private static func readText(_ name: String, of object: JSONObject) throws(LogError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.stringValue, !text.isEmpty else {
            throw .malformed("log entry", "its \(name) is no text")
        }
        return text
    }

    private static func readVersion(_ value: JSON?) throws(LogError) -> Version {
        let parts = (value?.stringValue ?? "").utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Decimal.parse(parts[0]), let minor = Decimal.parse(parts[1]),
            major < 1000, minor < 1000
        else { throw .malformed("log entry", "its version is not like \(version)") }
        guard major == version.major else {
            throw .malformed(
                "log entry", "is of version \(major).\(minor); this program reads version \(version.major)")
        }
        return Version(major: Int(major), minor: Int(minor))
    }
}
