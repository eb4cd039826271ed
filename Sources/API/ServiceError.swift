internal import JSON
package import Jobs

/// All that the service can answer instead of what was asked. Each case is one HTTP status and one problem document.
package enum ServiceError: Error, Equatable, Sendable {
    /// 400: the request can't be read.
    case malformed(String, remedy: String)
    /// 400: one parameter of the query, or one field of the header, can't be read.
    case malformedField(Violation)
    /// 401: nobody, or nobody whom we know, asks.
    case unauthenticated(AuthenticationFailure)
    /// 403: this caller may not talk to the service.
    case forbidden
    /// 403: the route is for other roles.
    case notForRole(Role)
    /// 403: the gateway's word does not make one of this role.
    case notForStated(Role)
    /// 404: `kind` is what was asked for: job, artifact, route.
    case notFound(kind: String)
    /// 405: the path is there, for other methods.
    case methodNotAllowed(allowed: [String])
    /// 409: what was asked for can't be done in the state that things are in.
    case conflict(String, remedy: String)
    /// 412: what the sender means is not what is here.
    case preconditionFailed
    /// 413: more bytes than are taken.
    case tooLarge(limit: UInt64)
    /// 415: a body of another type than the route takes.
    case unsupportedMediaType(expected: String)
    /// 416: the bytes that were asked for lie behind the end.
    case rangeNotSatisfiable(size: UInt64)
    /// 422: one field is wrong.
    case invalid(Violation)
    /// 422: the idempotency key came with another request before.
    case keyReused(JobID)
    /// 403: a link is not, or no longer, good.
    case badLink(LinkFault)
    /// 429: more than an owner may ask for.
    case tooManyRequests(RateLimit, bound: UInt64, seconds: Int)
    /// 503: not now.
    case unavailable(String, remedy: String)
    /// 507: the store is full.
    case storageFull
    /// 500: a fault of ours. What it was is in the service's log and nowhere else.
    case fault
}

/// Why a caller is not known. None says whether a token exists or existed.
package enum AuthenticationFailure: Equatable, Sendable {
    case missing, otherScheme, unknownToken
}

package enum LinkFault: Equatable, Sendable { case wrong, expired }

extension ServiceError {
    package var status: Int { problem().status ?? 500 }

    /// The document that says it; `instance` is the path of the request.
    package func problem(at instance: String? = nil) -> Problem {
        switch self {
        case .malformed(let detail, let remedy):
            Problem(
                "malformed", "The request can't be read", status: 400, detail: detail, instance: instance,
                remedy: remedy)
        case .malformedField(let violation):
            Problem("malformed", "The request can't be read", status: 400, violation, instance: instance)
        case .unauthenticated(let failure):
            Problem(
                "unauthenticated", "The service does not know who asks", status: 401, detail: failure.detail,
                instance: instance, field: "Authorization", remedy: failure.remedy)
        case .notForRole(let role):
            Problem(
                "role", "Your role does not allow this", status: 403,
                detail: "this is not for the role \(role.rawValue)",
                instance: instance, remedy: "use a token of another role; the operator makes them: aibom token create")
        case .notForStated(let role):
            Problem(
                "role", "The gateway can't give this role", status: 403,
                detail: "an identity provider's users can't be \(role.rawValue) here", instance: instance,
                remedy: role == .operator
                    ? "use an operator's token, or the socket as root" : "have the operator allow it, or use a token")
        case .forbidden:
            Problem(
                "forbidden", "This user may not use the service", status: 403,
                detail: "the service on this socket answers the users that its operator listed", instance: instance,
                remedy: "run as root, or have the operator list your user id")
        case .notFound(let kind):
            Problem(
                "not-found", "There is no such \(kind)", status: 404, detail: "no \(kind) of this name is here for you",
                instance: instance, remedy: "check the name; aibom jobs lists your jobs")
        case .methodNotAllowed(let allowed):
            Problem(
                "method-not-allowed", "This can't be asked with that method", status: 405,
                detail: "the route is there for \(allowed.joined(separator: ", "))", instance: instance,
                limit: .array(allowed.map(JSON.string)), remedy: "use one of them")
        case .preconditionFailed:
            Problem(
                "precondition-failed", "It is not the version that you mean", status: 412,
                detail: "If-Match names another entity tag", instance: instance, field: "If-Match",
                remedy: "ask without If-Match and look at the ETag")
        case .rangeNotSatisfiable(let size):
            Problem(
                "range-not-satisfiable", "The range lies behind the end", status: 416,
                detail: "there are \(size) bytes", instance: instance, field: "Range",
                limit: .integer(Int64(clamping: size)), remedy: "ask for a range that begins before that")
        case .conflict(let detail, let remedy):
            Problem(
                "conflict", "Not possible in this state", status: 409, detail: detail, instance: instance,
                remedy: remedy)
        case .tooLarge(let limit):
            Problem(
                "too-large", "The body is too large", status: 413, detail: "more than \(limit) bytes are not taken",
                instance: instance, limit: .integer(Int64(clamping: limit)), remedy: "send less")
        case .unsupportedMediaType(let expected):
            Problem(
                "unsupported-media-type", "The body has another type", status: 415,
                detail: "this route takes \(expected)", instance: instance, limit: .string(expected),
                remedy: "send content-type: \(expected)")
        case .invalid(let violation):
            Problem("invalid", "A field of the request is wrong", status: 422, violation, instance: instance)
        case .keyReused(let id):
            Problem(
                "idempotency-key-reused", "The idempotency key was used for another request", status: 422,
                detail: "the key belongs to job \(id), which another request made", instance: instance,
                field: "Idempotency-Key", remedy: "send the same request again, or another key")
        case .badLink(let fault):
            Problem(
                "link", fault == .expired ? "The link has expired" : "The link is not good", status: 403,
                detail: fault == .expired
                    ? "its time is over" : "it was changed, is of another service, or its key was replaced",
                instance: instance, field: fault == .expired ? "expires" : "signature",
                remedy: "ask whoever gave you the link for a new one, or read the artifact with a token")
        case .tooManyRequests(let limit, let bound, let seconds):
            Problem(
                "rate-limit", "Too much at once", status: 429,
                detail: "\(limit.rawValue) is limited to \(bound) here", instance: instance, field: limit.rawValue,
                limit: .integer(Int64(clamping: bound)),
                remedy: "send it again in \(seconds) s; the operator can raise the limit")
        case .unavailable(let detail, let remedy):
            Problem("unavailable", "Not now", status: 503, detail: detail, instance: instance, remedy: remedy)
        case .storageFull:
            Problem(
                "storage-full", "The store is full", status: 507, detail: "nothing of this request was kept",
                instance: instance, remedy: "have the operator make room, then send it again")
        case .fault:
            Problem(
                "fault", "The service failed", status: 500, detail: "the reason is in the service's log",
                instance: instance, remedy: "try again; if it stays, ask the operator to look at the log")
        }
    }
}

extension AuthenticationFailure {
    fileprivate var detail: String {
        switch self {
        case .missing: "the request has no token"
        case .otherScheme: "the Authorization field is not of the form Bearer TOKEN"
        case .unknownToken: "the token is not valid: it is wrong, expired or revoked"
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .missing, .otherScheme: "send Authorization: Bearer aibom_…; the operator makes tokens: aibom token create"
        case .unknownToken: "check that all of it was copied, or ask the operator for another"
        }
    }
}
