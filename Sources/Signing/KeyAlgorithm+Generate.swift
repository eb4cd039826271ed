internal import COpenSSL
internal import Keys

extension KeyAlgorithm {
    /// A new key, from the kernel's randomness through OpenSSL's generator.
    func generate() throws(SigningError) -> OpaquePointer {
        let type = curve == nil ? "ED25519" : "EC"
        guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { throw .openssl(stage: "no \(type) keys") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            curve.map({ EVP_PKEY_CTX_set_group_name(context, $0) == 1 }) ?? true,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw .openssl(stage: "generate key") }
        return key
    }
}
