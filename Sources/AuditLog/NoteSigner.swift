internal import COpenSSL
package import Measure

/// Who signs notes: a process of its own, or a key in memory.
package protocol NoteSigner: Sendable {
    /// The public half, with the name and type under which it signs.
    var key: VerifierKey { get }

    /// The 64 bytes of an Ed25519 signature over `message`, which is the text of a note, or of a cosignature.
    func sign(_ message: [UInt8]) throws(LogError) -> [UInt8]

    /// A signature over a checkpoint of the log whose newest one is shown with a proof, for a signer that sees for itself that the
    /// log only grew.
    func sign(_ claim: GrowthClaim) throws(LogError) -> [UInt8]

    /// The checkpoint that such a signer remembers: the next claim has to begin there. It may be newer than the published one, when its
    /// record failed.
    var last: SignedNote? { get }
}

extension NoteSigner {
    /// A key that believes whoever has it.
    package func sign(_ claim: GrowthClaim) throws(LogError) -> [UInt8] { try sign(claim.checkpoint.text) }

    package var last: SignedNote? { nil }
}

/// A key in this process's memory, for tests, measurements and tools. A supervisor's key lives in its signer.
package final class MemoryNoteSigner: NoteSigner, @unchecked Sendable {
    package let key: VerifierKey
    // OpenSSL's keys may be used by several threads at once; nobody changes this one.
    private let privateKey: OpaquePointer

    /// The key whose private half is the seed's 32 bytes (RFC 8032, section 5.1.5).
    ///
    /// - Parameters:
    ///   - name: of the key; for a log, its origin.
    ///   - kind: what it signs.
    ///   - seed: exactly 32 bytes that nobody else knows.
    /// - Throws: `LogError.malformed` for a name that no key may have, `LogError.openssl` otherwise.
    package init(name: ExactText, kind: VerifierKey.Kind, seed: Digest) throws(LogError) {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.bytes, seed.bytes.count) else {
            throw .openssl(stage: "make ed25519 key")
        }
        privateKey = key
        var publicKey = [UInt8](repeating: 0, count: Ed25519.publicKeyLength)
        var length = publicKey.count
        let isRead = EVP_PKEY_get_raw_public_key(key, &publicKey, &length) == 1
        self.key = try VerifierKey(name: name, kind: kind, publicKey: publicKey)
        guard isRead else { throw .openssl(stage: "read ed25519 key") }
    }

    deinit { EVP_PKEY_free(privateKey) }

    package func sign(_ message: [UInt8]) throws(LogError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .openssl(stage: "no memory to sign") }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Ed25519.signatureLength)
        var length = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, privateKey) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw .openssl(stage: "sign note") }
        return signature
    }
}
