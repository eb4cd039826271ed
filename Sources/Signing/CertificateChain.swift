internal import COpenSSL
internal import Glibc
package import Keys
internal import Linux

/// The certificates that say whose the signing key is: its own first, then the one that signed that, and so on.
///
/// Whether the last of them is to be trusted is for those who verify; here it is seen to that they will not have to wonder.
package struct CertificateChain: Sendable, Equatable {
    /// RFC 7468, each in 64 columns, and nothing else: what is published.
    package let pem: [UInt8]
    /// Each in DER, in the same order.
    package let certificates: [[UInt8]]

    private static let largest = 64 << 10
    private static let longest = 10

    /// Reads and checks a chain.
    ///
    /// - Parameters:
    ///   - path: a PEM file.
    ///   - key: that signs.
    ///   - time: seconds since 1970 at which the chain must hold.
    /// - Throws: `SigningError.chain` with the first certificate that does not fit, and what to do.
    package init(path: String, of key: PublicKey, at time: Int64) throws(SigningError) {
        let bytes = try system { () throws(LinuxError) in
            try OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: Self.largest)
        }
        try self.init(pem: bytes, path: path, of: key, at: time)
    }

    /// - Throws: `SigningError.chain`.
    init(pem bytes: [UInt8], path: String, of key: PublicKey, at time: Int64) throws(SigningError) {
        defer { ERR_clear_error() }
        let owned = try OwnedChain(bytes, path)
        let list = owned.certificates
        guard let leaf = list.first else { throw .chain(path: path, .none) }
        guard list.count <= Self.longest else { throw .chain(path: path, .tooLong(list.count)) }
        guard let own = X509_get0_pubkey(leaf), let found = try? PublicKey(of: own), found == key else {
            throw .chain(path: path, .otherKey(key.keyID))
        }
        let usage = X509_get_key_usage(leaf)
        guard usage == UInt32.max || usage & UInt32(X509v3_KU_DIGITAL_SIGNATURE) != 0 else {
            throw .chain(path: path, .usage)
        }
        for (index, pair) in zip(list, list.dropFirst()).enumerated()
        where X509_NAME_cmp(X509_get_issuer_name(pair.0), X509_get_subject_name(pair.1)) != 0 {
            throw .chain(path: path, .order(index + 1))
        }
        try Self.verify(list, path, at: time)
        certificates = list.map(Self.der)
        pem = Self.text(list)
    }

    /// Signatures, dates, and that each may sign the one before it: X509_verify_cert(3), up to the last, whatever that is.
    private static func verify(_ list: [OpaquePointer], _ path: String, at time: Int64) throws(SigningError) {
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let between = OPENSSL_sk_new_null()
        else {
            throw .openssl(stage: "no memory to check certificates")
        }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            OPENSSL_sk_free(between)
        }
        for certificate in list.dropFirst().dropLast() { OPENSSL_sk_push(between, UnsafeRawPointer(certificate)) }
        guard let last = list.last, X509_STORE_add_cert(store, last) == 1,
            X509_STORE_CTX_init(context, store, list[0], between) == 1
        else { throw .openssl(stage: "prepare to check certificates") }
        X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_PARTIAL_CHAIN) | UInt(X509_V_FLAG_X509_STRICT))
        X509_STORE_CTX_set_time(context, 0, time_t(time))
        guard X509_verify_cert(context) == 1 else {
            let code = Int(X509_STORE_CTX_get_error(context))
            let reason = X509_verify_cert_error_string(code).map { String(cString: $0) } ?? "error \(code)"
            throw .chain(path: path, .invalid(Int(X509_STORE_CTX_get_error_depth(context)) + 1, reason))
        }
    }

    private static func der(_ certificate: OpaquePointer) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509(certificate, &encoded)
        guard length > 0, let encoded else { return [] }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
    }

    private static func text(_ list: [OpaquePointer]) -> [UInt8] {
        guard let sink = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free(sink) }
        for certificate in list { PEM_write_bio_X509(sink, certificate) }
        return Array(sink.memory)
    }
}

/// Certificates as OpenSSL has them, freed with their owner.
private struct OwnedChain: ~Copyable {
    private(set) var certificates: [OpaquePointer] = []

    init(_ pem: [UInt8], _ path: String) throws(SigningError) {
        guard let source = BIO_new_mem_buf(pem, Int32(pem.count)) else {
            throw .openssl(stage: "no memory to read certificates")
        }
        defer { BIO_free(source) }
        while let certificate = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
            certificates.append(certificate)
        }
        // At the end of the text there is no further start line; anything else is a block that does not read.
        let reason = ERR_peek_last_error() & UInt(ERR_REASON_MASK)
        ERR_clear_error()
        guard reason == UInt(PEM_R_NO_START_LINE) else { throw .chain(path: path, .unreadable(certificates.count + 1)) }
    }

    deinit { for certificate in certificates { X509_free(certificate) } }
}
