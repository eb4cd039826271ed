internal import COpenSSL

/// HMAC-SHA256 (RFC 2104): what only a holder of the key can make of a message.
package struct MessageCode: Sendable {
    private let key: [UInt8]

    package init(key: [UInt8]) { self.key = key }

    package func code(of message: [UInt8]) -> Digest {
        var code = [UInt8](repeating: 0, count: Digest.length)
        var length = 0
        let made = EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &code, code.count, &length)
        precondition(made != nil && length == Digest.length, "openssl has no hmac-sha256")
        return Digest(finished: code)
    }

    /// Compares in a time that does not depend on where the two differ (CRYPTO_memcmp(3)): a code that is guessed byte by byte
    /// must not be told how far it is right.
    package func isCode(_ code: Digest, of message: [UInt8]) -> Bool {
        CRYPTO_memcmp(code.bytes, self.code(of: message).bytes, Digest.length) == 0
    }
}
