package import JSON

/// Why facts make no AIBoM, or bytes are none.
package enum AttestError: Error, Equatable, Sendable, CustomStringConvertible {
    case fact(String, reason: String)
    case json(JSONError)
    case document(String)
    case statement(ShapeFault)
    case envelope(ShapeFault)
    /// Of a file of envelopes, counted from 1.
    case line(Int, ShapeFault)
    case bundle(ShapeFault)

    package var description: String {
        switch self {
        case .fact(let name, let reason): "aibom: fact \(name): \(reason)"
        case .json(let error): "aibom: \(error)"
        case .document(let fault): "aibom: \(fault)"
        case .statement(let fault): "statement: \(fault)"
        case .envelope(let fault): "envelope: \(fault)"
        case .line(let number, let fault): "envelope in line \(number): \(fault)"
        case .bundle(let fault): "model signature: \(fault)"
        }
    }
}
