internal import COpenSSL

/// Ed25519 (RFC 8032) by OpenSSL.
enum Ed25519 {
    static let publicKeyLength = 32
    static let signatureLength = 64

    /// Whether `signature` was made over exactly `message` by the private half of `publicKey`.
    static func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard publicKey.count == publicKeyLength, signature.count == signatureLength,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        // The scheme has its own hash: OpenSSL wants none named, and the message in one piece.
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
