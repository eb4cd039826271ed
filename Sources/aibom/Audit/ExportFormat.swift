import ArgumentParser
import AuditLog
import JSON
import Measure

/// How entries are written for other programs.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
    case jsonl, csv, ocsf

    /// A first line; nil for formats without one.
    var head: String? { self == .csv ? Self.columns.joined(separator: ",") + "\r\n" : nil }

    func line(_ entry: LoggedEntry, of origin: String) -> [UInt8] {
        switch self {
        case .jsonl: entry.json.compactBytes() + [0x0a]
        case .csv: Array(Self.csv(entry).utf8)
        case .ocsf: Self.ocsf(entry, origin).compactBytes() + [0x0a]
        }
    }

    private static let columns = ["index", "time", "severity", "event", "actor", "owner", "job", "detail"]

    private static func csv(_ logged: LoggedEntry) -> String {
        let entry = logged.entry
        let detail = String(decoding: JSON.object(entry.detail).compactBytes(), as: UTF8.self)
        return [
            "\(logged.index)", entry.time.description, entry.severity.rawValue, entry.event.description, entry.actor,
            entry.owner ?? "", entry.job ?? "", detail,
        ].map(quoted).joined(separator: ",") + "\r\n"
    }

    /// RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it.
    private static func quoted(_ text: String) -> String {
        let plain = text.first.map { "=+-@\t\r".contains($0) } == true ? "'\(text)" : text
        guard plain.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return plain }
        return "\"\(plain.replacing("\"", with: "\"\""))\""
    }
}

/// OCSF 1.3: each entry is an event of the class API Activity (6003), since each is something that was asked of the service or that it did.
extension ExportFormat {
    private static let version = "1.3.0"
    private static let category = 6
    private static let `class` = 6003

    private static func ocsf(_ logged: LoggedEntry, _ origin: String) -> JSON {
        let entry = logged.entry
        let activity = activity(of: entry.event)
        var object = JSONObject()
        object["activity_id"] = .integer(activity)
        object["category_uid"] = .integer(Int64(category))
        object["class_uid"] = .integer(Int64(`class`))
        object["type_uid"] = .integer(Int64(`class`) * 100 + activity)
        object["severity_id"] = .integer(Int64(entry.severity.number))
        object["time"] = .integer(entry.time.milliseconds)
        object["actor"] = ["user": ["name": .string(entry.actor)]]
        object["api"] = ["operation": .string(entry.event.description), "service": ["name": "aibomd"]]
        object["src_endpoint"] = ["name": .string(origin)]
        object["metadata"] = [
            "version": .string(version), "uid": .string("\(origin)#\(logged.index)"),
            "sequence": .integer(Int64(clamping: logged.index)), "log_name": .string(origin),
            "log_version": .string(entry.version.description),
            "product": ["name": "AIBoMGen", "vendor_name": "AIBoMGen"],
        ]
        object["status_id"] = .integer(status(of: entry))
        if let job = entry.job {
            var resource = JSONObject()
            resource["uid"] = .string(job)
            resource["type"] = "training job"
            resource["owner"] = entry.owner.map { ["name": .string($0)] }
            object["resources"] = .array([.object(resource)])
        }
        object["unmapped"] = ["detail": .object(entry.detail)]
        return .object(object)
    }

    /// 1 create, 2 read, 3 update, 4 delete, 99 other.
    private static func activity(of event: LogEvent) -> Int64 {
        guard case .known(let kind) = event else { return 99 }
        return switch kind {
        case .jobSubmitted, .jobSealed, .logReviewed: 1
        case .evidenceRead: 2
        case .jobState, .jobCancelAsked, .keyChanged, .tokenChanged, .policyChanged, .rootfsChanged,
            .configurationChanged:
            3
        case .jobInputsDeleted: 4
        case .jobRefused, .jobDeniedCalls, .jobLimit, .supervisorStarted, .supervisorStopped, .clockStepped: 99
        }
    }

    /// 1 success, 2 failure.
    private static func status(of entry: LogEntry) -> Int64 {
        switch entry.event {
        case .known(.jobRefused), .known(.jobDeniedCalls), .known(.jobLimit): 2
        case .known(.jobState): entry.detail["to"] == "failed" ? 2 : 1
        default: 1
        }
    }
}
