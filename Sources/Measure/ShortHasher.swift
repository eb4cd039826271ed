internal import COpenSSL

/// SHA-256 of many short inputs, one after the other: hash trees are made of inputs of 65 bytes.
///
/// OpenSSL 3 looks its algorithm up at every new hash, which costs more than two blocks of SHA-256. One context keeps what was
/// found, so that a digest neither looks up nor allocates. One owner, one thread.
package struct ShortHasher: ~Copyable {
    private let context: OpaquePointer

    /// OpenSSL fails here only without memory or without SHA-256; neither leaves anything to go on with.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("openssl has no sha-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Writes the digest of `prefix` and `bytes` together to `output`, which has room for `Digest.length` bytes.
    package mutating func hash(
        prefix: UInt8, _ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer
    ) {
        precondition(output.count >= Digest.length, "a digest needs its room")
        var prefix = prefix
        let isHashed =
            EVP_DigestInit_ex(context, nil, nil) == 1 && EVP_DigestUpdate(context, &prefix, 1) == 1
            && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
            && EVP_DigestFinal_ex(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
        precondition(isHashed, "openssl refused to hash bytes")
    }
}
