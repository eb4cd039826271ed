/// Why a trust can't be taken, or a document says nothing.
package enum VerifyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// At a place of the trust file (RFC 6901); empty is the whole file.
    case trust(place: String, fault: String)
    case evidence(Reason, String)

    package var description: String {
        switch self {
        case .trust(let place, let fault): "trust file\(place.isEmpty ? "" : ", at \(place)"): \(fault)"
        case .evidence(_, let fault): fault
        }
    }
}
