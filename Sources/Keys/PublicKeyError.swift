/// Why a public key can't be read.
package enum PublicKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    case malformed
    case openssl(stage: String)

    package var description: String {
        switch self {
        case .malformed:
            "public key: not one PEM public key, ECDSA on P-256 or P-384 or Ed25519; 'aibom keys show' prints the right form"
        case .openssl(let stage): "openssl: \(stage)"
        }
    }
}
