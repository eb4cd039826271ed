package import Jobs

/// Why a form can't be taken in; the case says which status is true.
package enum MultipartError: Error, Equatable, Sendable {
    /// 400: these bytes are no form.
    case malformed(Violation)
    /// 413: more than a limit allows.
    case tooLarge(Violation)
    /// 415: a form of a kind that nobody reads here.
    case unsupported(Violation)

    package var violation: Violation {
        switch self {
        case .malformed(let violation), .tooLarge(let violation), .unsupported(let violation): violation
        }
    }
}
