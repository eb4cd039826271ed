internal import COpenSSL

/// What a key signs with: documents on P-256, as every tool takes it, notes of logs with Ed25519, as C2SP has it.
package enum KeyAlgorithm: Sendable, CaseIterable {
    case p256, ed25519

    func isOf(_ key: OpaquePointer) -> Bool {
        switch self {
        case .p256: P256.isCurve(of: key)
        case .ed25519: EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519
        }
    }

    /// What hashes the message first; Ed25519 has a hash of its own.
    var digest: OpaquePointer? {
        switch self {
        case .p256: EVP_sha256()
        case .ed25519: nil
        }
    }

    /// What is wrong with a key of another kind.
    var fault: SigningError.KeyFault {
        switch self {
        case .p256: .notP256
        case .ed25519: .notEd25519
        }
    }

    /// A new key, from the kernel's randomness through OpenSSL's generator.
    func generate() throws(SigningError) -> OpaquePointer {
        let name = self == .p256 ? "EC" : "ED25519"
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw .openssl(stage: "no \(name) keys") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            self != .p256 || EVP_PKEY_CTX_set_group_name(context, P256.name) == 1,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw .openssl(stage: "generate key") }
        return key
    }
}
