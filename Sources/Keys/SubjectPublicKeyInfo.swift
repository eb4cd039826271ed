internal import COpenSSL

/// A key as certificates carry it (RFC 5280, section 4.1.2.7), in DER.
enum SubjectPublicKeyInfo {
    /// Whether `signature` was made over exactly `bytes` by the key's private half.
    ///
    /// - Parameters:
    ///   - signature: as OpenSSL has it for the key's kind: DER for ECDSA, the bytes themselves for RSA and Ed25519.
    ///   - bytes: the message.
    ///   - der: the key.
    ///   - digest: what hashes the message first; nil for Ed25519.
    /// - Returns: false as well for a key or a signature that does not parse.
    static func verify(
        _ signature: [UInt8], over bytes: [UInt8], by der: [UInt8], hashing digest: OpaquePointer?
    ) -> Bool {
        defer { ERR_clear_error() }
        let key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            return d2i_PUBKEY(nil, &position, buffer.count)
        }
        guard let key else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }
}
