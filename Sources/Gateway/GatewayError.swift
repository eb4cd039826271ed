internal import JSON
internal import Jobs
internal import NIOHTTP1

/// What the gateway answers by itself instead of what was asked; each case is one status and one problem document.
enum GatewayError: Error, Equatable {
    /// 400: the request can't be read, or could be read in two ways.
    case malformed(String, remedy: String)
    /// 400, about one field.
    case malformedField(Violation)
    /// 401: who asks could not be told.
    case unauthenticated(String)
    case notFound
    case wrongMethod(allowed: [String])
    /// 408: the sender is too slow.
    case tooSlow(String)
    case tooLarge(limit: UInt64)
    /// 413, about one field.
    case tooLargeField(Violation)
    /// 415, about one field.
    case unsupportedField(Violation)
    case longTarget(limit: Int)
    case largeHeader(limit: Int)
    /// 422: one field is wrong.
    case invalid(Violation)
    /// 429, 503: more at a time than is taken.
    case tooMany(String)
    case full(String)
    case unsupportedVersion
    /// 503: the supervisor does not answer.
    case unavailable
    /// 502: the supervisor answers what can't be understood.
    case badAnswer

    var problem: Problem {
        switch self {
        case .malformed(let detail, let remedy):
            Problem("malformed", "The request can't be read", status: 400, detail: detail, remedy: remedy)
        case .malformedField(let violation): Problem("malformed", "The request can't be read", status: 400, violation)
        case .unauthenticated(let detail):
            Problem(
                "unauthenticated", "Who asks is not known", status: 401, detail: detail,
                remedy: "send Authorization: Bearer and a token; the operator makes one with aibom token create")
        case .notFound:
            Problem(
                "not-found", "There is no such route", status: 404, detail: "nothing is here under this name",
                remedy: "look at /docs for what there is")
        case .wrongMethod(let allowed):
            Problem(
                "method-not-allowed", "The route takes another method", status: 405,
                detail: "this route takes \(allowed.joined(separator: ", "))",
                limit: .array(allowed.map(JSON.string)), remedy: "use one of them")
        case .tooSlow(let detail):
            Problem(
                "timeout", "The request came too slowly", status: 408, detail: detail,
                remedy: "send it again over a faster connection")
        case .tooLarge(let limit):
            Problem(
                "too-large", "The body is too large", status: 413, detail: "more than \(limit) bytes are not taken",
                limit: .integer(Int64(clamping: limit)), remedy: "send less")
        case .tooLargeField(let violation): Problem("too-large", "The body is too large", status: 413, violation)
        case .unsupportedField(let violation):
            Problem("unsupported-media-type", "The body has another type", status: 415, violation)
        case .longTarget(let limit):
            Problem(
                "target-too-long", "The address is too long", status: 414,
                detail: "more than \(limit) bytes of path and query are not taken", limit: .integer(Int64(limit)),
                remedy: "send a shorter one")
        case .largeHeader(let limit):
            Problem(
                "header-too-large", "The header is too large", status: 431,
                detail: "a header of more than \(limit) bytes, or of too many or too long fields, is not taken",
                limit: .integer(Int64(limit)), remedy: "send fewer or shorter header fields")
        case .invalid(let violation): Problem("invalid", "A field of the request is wrong", status: 422, violation)
        case .tooMany(let detail):
            Problem(
                "too-many", "Too many at a time", status: 429, detail: detail,
                remedy: "wait for one of yours to end, then send it again")
        case .full(let detail):
            Problem(
                "busy", "Not now", status: 503, detail: detail, remedy: "send it again after what Retry-After says")
        case .unsupportedVersion:
            Problem(
                "http-version", "Another version of HTTP", status: 505, detail: "only HTTP/1.1 is spoken here",
                remedy: "use HTTP/1.1")
        case .unavailable:
            Problem(
                "unavailable", "Not now", status: 503, detail: "the supervisor does not answer",
                remedy: "send it again after what Retry-After says; if it stays, tell the operator")
        case .badAnswer:
            Problem(
                "bad-answer", "The service failed", status: 502,
                detail: "the supervisor's answer could not be understood",
                remedy: "try again; if it stays, ask the operator to look at the logs")
        }
    }

    /// Fields that go with the status.
    var headers: HTTPHeaders {
        switch self {
        case .unauthenticated: ["www-authenticate": "Bearer"]
        case .wrongMethod(let allowed): ["allow": allowed.joined(separator: ", ")]
        case .tooMany, .full, .unavailable: ["retry-after": "5"]
        default: [:]
        }
    }
}
