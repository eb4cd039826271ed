internal import COpenSSL
internal import Keys

extension KeyAlgorithm {
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
