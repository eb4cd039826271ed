internal import COpenSSL
internal import Glibc
package import Keys
package import Linux

/// A private key, on P-256 or P-384 (FIPS 186-5) or of Ed25519 (RFC 8032), with one owner; its memory is cleansed when the owner goes.
package struct SigningKey: ~Copyable {
    private let key: OpaquePointer
    package let publicKey: PublicKey
    /// Whether what is owned is only a name for a key that is elsewhere.
    let isInToken: Bool

    init(owning key: OpaquePointer, inToken: Bool = false) throws(SigningError) {
        do throws(SigningError) {
            publicKey = try Signing.publicKey { () throws(PublicKeyError) in try PublicKey(of: key) }
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
        self.key = key
        isInToken = inToken
    }

    deinit { EVP_PKEY_free(key) }

    /// Signs `bytes`: their SHA-256 on P-256, their SHA-384 on P-384, themselves with Ed25519.
    ///
    /// - Parameter bytes: the message.
    /// - Throws: `SigningError.openssl`.
    /// - Returns: the ASN.1 DER ECDSA-Sig-Value of RFC 3279, section 2.2.3, as `openssl dgst -sha256 -verify` takes it, or the 64 bytes
    ///   of Ed25519.
    package borrowing func sign(_ bytes: [UInt8]) throws(SigningError) -> [UInt8] {
        ERR_clear_error()
        guard let signature = publicKey.algorithm == .ed25519 ? signWhole(bytes) : signDigest(of: bytes) else {
            let what = isInToken ? "the token does not sign; is it there still, and its PIN right? " : "sign: "
            throw .openssl(stage: what + errorQueue())
        }
        return signature
    }

    /// Hashed here and not where the key is: a TPM takes a kilobyte at a time.
    private borrowing func signDigest(of bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var size: UInt32 = 0
        let hash = publicKey.algorithm.digest
        guard EVP_Digest(bytes, bytes.count, &digest, &size, hash, nil) == 1,
            let context = EVP_PKEY_CTX_new_from_pkey(nil, key, isInToken ? TokenKey.properties : nil)
        else {
            return nil
        }
        defer { EVP_PKEY_CTX_free(context) }
        var length = 0
        guard EVP_PKEY_sign_init(context) == 1, EVP_PKEY_CTX_set_signature_md(context, hash) == 1,
            EVP_PKEY_sign(context, nil, &length, digest, Int(size)) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_PKEY_sign(context, &signature, &length, digest, Int(size)) == 1 else { return nil }
        return Array(signature[..<length])
    }

    private borrowing func signWhole(_ bytes: [UInt8]) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var length = 0
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1 else { return nil }
        return Array(signature[..<length])
    }
}

extension SigningKey {
    /// Reads a key from its start to its end, wherever the descriptor stands: a second signer reads it again.
    ///
    /// - Parameters:
    ///   - file: an open key file; checked again here, as another process may have opened it.
    ///   - path: its name, for errors only.
    ///   - accepted: the kinds of key that it may be.
    /// - Throws: `SigningError.key` when the file or the key in it is unfit.
    /// - Returns: the key.
    package static func load(
        _ file: borrowing OwnedDescriptor, path: String, _ accepted: [KeyAlgorithm] = SignerRole.documents.algorithms
    ) throws(SigningError) -> SigningKey {
        try KeyFile.inspect(file, path: path)
        let capacity = 16 << 10
        let pem = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
        defer {
            OPENSSL_cleanse(pem.baseAddress, capacity)
            pem.deallocate()
        }
        lseek(file.raw, 0, SEEK_SET)
        var count = 0
        while count < capacity {
            let part = UnsafeMutableRawBufferPointer(rebasing: pem[count...])
            let got: Int
            do throws(LinuxError) { got = try file.read(into: part) } catch { throw .system(error) }
            if got == 0 { break }
            count += got
        }
        return try parse(UnsafeRawBufferPointer(rebasing: pem[..<count]), path: path, accepted)
    }

    private static func parse(
        _ pem: UnsafeRawBufferPointer, path: String, _ accepted: [KeyAlgorithm]
    ) throws(SigningError) -> SigningKey {
        guard let source = BIO_new_mem_buf(pem.baseAddress, Int32(pem.count)) else {
            throw .openssl(stage: "no memory to read a key")
        }
        defer { BIO_free(source) }
        // Without a callback OpenSSL would ask the terminal for a passphrase.
        var isEncrypted = false
        let key = withUnsafeMutablePointer(to: &isEncrypted) { isEncrypted in
            PEM_read_bio_PrivateKey(
                source, nil,
                { _, _, _, isEncrypted in
                    isEncrypted?.storeBytes(of: true, as: Bool.self)
                    return -1
                }, isEncrypted)
        }
        ERR_clear_error()
        guard let key else { throw .key(path: path, isEncrypted ? .encrypted : .notPEM) }
        guard let algorithm = KeyAlgorithm(of: key), accepted.contains(algorithm), KeyAlgorithm.isConsistent(key) else {
            EVP_PKEY_free(key)
            throw .key(path: path, .kind(accepted: accepted))
        }
        return try SigningKey(owning: key)
    }

    /// Makes a key, from the kernel's randomness through OpenSSL's generator.
    package static func generate(_ algorithm: KeyAlgorithm = .p256) throws(SigningError) -> SigningKey {
        try SigningKey(owning: try algorithm.generate())
    }

    /// Makes a key and writes it to a new file, PKCS #8 in PEM, mode 0600, on the disk when this returns.
    ///
    /// - Parameters:
    ///   - path: must not exist.
    ///   - algorithm: the kind of key.
    /// - Throws: `SigningError.key` with `exists` when it does; nothing is left behind on any error.
    /// - Returns: the public half.
    @discardableResult
    package static func generate(at path: String, _ algorithm: KeyAlgorithm = .p256) throws(SigningError) -> PublicKey {
        let key = try generate(algorithm)
        try key.write(to: path)
        return key.publicKey
    }

    private borrowing func write(to path: String) throws(SigningError) {
        guard let sink = BIO_new(BIO_s_mem()) else { throw .openssl(stage: "no memory to write a key") }
        defer { BIO_free(sink) }
        guard PEM_write_bio_PKCS8PrivateKey(sink, key, nil, nil, 0, nil, nil) == 1 else {
            throw .openssl(stage: "write key")
        }
        // Borrowed from the BIO, whose own free does not cleanse.
        let pem = sink.memory
        defer { OPENSSL_cleanse(pem.baseAddress, pem.count) }
        try KeyFile.create(path, UnsafeRawBufferPointer(pem))
    }
}

extension OpaquePointer {
    /// The bytes of a memory BIO, valid until it is written or freed (BIO_get_mem_data(3), which is a macro).
    var memory: UnsafeMutableRawBufferPointer {
        var start: UnsafeMutableRawPointer?
        let count = BIO_ctrl(self, BIO_CTRL_INFO, 0, &start)
        return UnsafeMutableRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }
}
