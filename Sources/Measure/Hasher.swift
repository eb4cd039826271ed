internal import COpenSSL

/// SHA-256 of bytes as they come, by OpenSSL, which uses the CPU's own instructions where there are any.
///
/// Shadows the standard library's `Hasher` in this module and where it is imported: here a hash is a digest.
package struct Hasher: ~Copyable {
    private let context: OpaquePointer

    /// An empty hash. OpenSSL fails here only without memory or without SHA-256; neither leaves anything to go on with.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("openssl has no sha-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let isUpdated = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        precondition(isUpdated, "openssl refused to hash bytes")
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far; the hash is used up.
    package consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.length)
        let isFinished = EVP_DigestFinal_ex(context, &bytes, nil) == 1
        precondition(isFinished, "openssl refused to finish a hash")
        return Digest(finished: bytes)
    }
}
