internal import COpenSSL

/// What a key signs with: documents on P-256, as every tool takes it, notes of logs with Ed25519, as C2SP has it.
package enum KeyAlgorithm: Sendable, CaseIterable {
    case p256, ed25519

    package func isOf(_ key: OpaquePointer) -> Bool {
        switch self {
        case .p256: P256.isCurve(of: key)
        case .ed25519: EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519
        }
    }

    /// What hashes the message first; Ed25519 has a hash of its own.
    package var digest: OpaquePointer? {
        switch self {
        case .p256: EVP_sha256()
        case .ed25519: nil
        }
    }
}
