internal import COpenSSL
internal import Measure

/// The public half of a signing key.
package struct PublicKey: Sendable, Equatable {
    /// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in DER.
    package let der: [UInt8]
    package let algorithm: KeyAlgorithm

    /// The 32 bytes of an Ed25519 key, with which the structure ends (RFC 8410, section 4); nil for a key of another kind.
    package var ed25519: [UInt8]? { algorithm == .ed25519 ? Array(der.suffix(32)) : nil }

    /// Lower-case hex SHA-256 of the DER SubjectPublicKeyInfo: what documents call the key.
    package var keyID: String { Digest.of(der).hex }

    /// Takes a copy of the public half of `key`.
    ///
    /// - Parameters:
    ///   - key: of any kind.
    ///   - algorithm: what it must be; nil for any of ours.
    /// - Throws: `PublicKeyError.malformed` when it is of another kind.
    package init(of key: OpaquePointer, _ algorithm: KeyAlgorithm? = nil) throws(PublicKeyError) {
        guard let found = KeyAlgorithm(of: key), algorithm == nil || algorithm == found else { throw .malformed }
        self.algorithm = found
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_PUBKEY(key, &encoded)
        guard length > 0, let encoded else { throw .openssl(stage: "encode public key") }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        der = Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
        // The copy is judged: a key that is in a token can't be asked.
        var position: UnsafePointer<UInt8>? = UnsafePointer(encoded)
        guard let copy = d2i_PUBKEY(nil, &position, Int(length)) else { throw .malformed }
        defer { EVP_PKEY_free(copy) }
        guard found.isOf(copy), KeyAlgorithm.isPublicKeyValid(copy) else { throw .malformed }
    }

    /// Reads a SubjectPublicKeyInfo with nothing after it.
    package init(der: [UInt8], _ algorithm: KeyAlgorithm? = nil) throws(PublicKeyError) {
        defer { ERR_clear_error() }
        let key = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            guard let key = d2i_PUBKEY(nil, &position, bytes.count) else { return nil }
            guard position == bytes.baseAddress.map({ $0 + bytes.count }) else {
                EVP_PKEY_free(key)
                return nil
            }
            return key
        }
        guard let key else { throw .malformed }
        defer { EVP_PKEY_free(key) }
        try self.init(of: key, algorithm)
    }

    /// Reads the first `PUBLIC KEY` block of a PEM text.
    package init(pem: [UInt8], _ algorithm: KeyAlgorithm? = nil) throws(PublicKeyError) {
        defer { ERR_clear_error() }
        guard pem.count <= 64 << 10, let source = BIO_new_mem_buf(pem, Int32(pem.count)) else {
            throw .malformed
        }
        defer { BIO_free(source) }
        guard let key = PEM_read_bio_PUBKEY(source, nil, { _, _, _, _ in -1 }, nil) else { throw .malformed }
        defer { EVP_PKEY_free(key) }
        try self.init(of: key, algorithm)
    }

    /// RFC 7468: 64 columns and a final newline.
    package var pem: String {
        var text = "-----BEGIN PUBLIC KEY-----\n"
        let encoded = Array(Base64.encode(der).utf8)
        for start in stride(from: 0, to: encoded.count, by: 64) {
            text += String(decoding: encoded[start..<min(start + 64, encoded.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END PUBLIC KEY-----\n"
    }

    /// Whether `signature` (DER on P-256 and P-384) was made over exactly `bytes` by the private half.
    ///
    /// OpenSSL encodes a parsed signature again and compares: no second encoding of a good signature verifies.
    package func verify(signature: [UInt8], over bytes: [UInt8]) -> Bool {
        SubjectPublicKeyInfo.verify(signature, over: bytes, by: der, hashing: algorithm.digest)
    }
}
