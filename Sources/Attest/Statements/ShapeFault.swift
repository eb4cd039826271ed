package import JSON

/// How a document of a closed format is not as it must be, and at which of its members.
package enum ShapeFault: Error, Equatable, Sendable, CustomStringConvertible {
    case json(JSONError)
    /// Bytes before or after the document.
    case surrounded
    case unknown(String)
    case missing(String)
    case mistyped(String, expected: String)
    /// Not the one spelling of RFC 4648, section 4.
    case notBase64(String)
    case empty(String)
    case twice(String)
    case value(String, found: String, expected: String)

    package var description: String {
        switch self {
        case .json(let error): error.description
        case .surrounded: "bytes before or after the document"
        case .unknown(let member): "member \(member) is not part of the format"
        case .missing(let member): "member \(member) is missing"
        case .mistyped(let member, let expected): "\(member) is not \(expected)"
        case .notBase64(let member): "\(member) is not canonical base64 (RFC 4648, section 4)"
        case .empty(let member): "\(member) is empty"
        case .twice(let what): "\(what) is there twice"
        case .value(let member, let found, let expected):
            "\(member) is \(JSON.string(found)), not \(expected)"
        }
    }
}
