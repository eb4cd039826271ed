package import JSON

/// What went wrong, for people and programs: a problem document (RFC 9457).
///
/// It carries what its reader can act on and nothing of the host: no path, no errno, no stack.
package struct Problem: Sendable, Equatable {
    /// A URN of ours, so that a program can tell problems apart without a page that has to exist.
    package let type: String
    package let title: String
    /// The HTTP status; nil for the problem of a job, which no response carries as its own.
    package let status: Int?
    package let detail: String
    package let instance: String?
    package let field: String?
    package let limit: JSON?
    package let remedy: String

    package init(
        _ name: String, _ title: String, status: Int? = nil, detail: String, instance: String? = nil,
        field: String? = nil, limit: JSON? = nil, remedy: String
    ) {
        self.type = "urn:aibom:problem:\(name)"
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.field = field
        self.limit = limit
        self.remedy = remedy
    }

    /// One field of what was sent is wrong.
    package init(
        _ name: String, _ title: String, status: Int, _ violation: Violation, instance: String? = nil
    ) {
        self.init(
            name, title, status: status,
            detail: violation.field.isEmpty ? violation.reason : "\(violation.field) \(violation.reason)",
            instance: instance, field: violation.field, limit: violation.limit, remedy: violation.remedy)
    }

    package var json: JSON {
        var object = JSONObject()
        object["type"] = .string(type)
        object["title"] = .string(title)
        object["status"] = status.map { .integer(Int64($0)) }
        object["detail"] = .string(detail)
        object["instance"] = instance.map(JSON.string)
        object["field"] = field.map(JSON.string)
        object["limit"] = limit
        object["remedy"] = .string(remedy)
        return .object(object)
    }

    /// Reads a problem document; what is missing but the title is read as empty, as RFC 9457 wants of its readers.
    package init?(json: JSON) {
        guard let title = json["title"]?.stringValue else { return nil }
        type = json["type"]?.stringValue ?? "about:blank"
        self.title = title
        status = json["status"]?.integerValue.map(Int.init)
        detail = json["detail"]?.stringValue ?? ""
        instance = json["instance"]?.stringValue
        field = json["field"]?.stringValue
        limit = json["limit"]
        remedy = json["remedy"]?.stringValue ?? ""
    }
}
