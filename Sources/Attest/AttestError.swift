package import JSON

/// Why facts make no AIBoM, or bytes are none.
package enum AttestError: Error, Equatable, Sendable, CustomStringConvertible {
    case fact(String, reason: String)
    case json(JSONError)
    case document(String)

    package var description: String {
        switch self {
        case .fact(let name, let reason): "aibom: fact \(name): \(reason)"
        case .json(let error): "aibom: \(error)"
        case .document(let fault): "aibom: \(fault)"
        }
    }
}
