internal import COpenSSL
internal import Keys
internal import Measure

/// Who is believed when he says that a key is an attestation key of a TPM: a maker of TPMs, or an operator's own authority that has
/// asked each TPM (TCG EK Credential Profile; TPM 2.0 Part 1, section 24, "credential protection").
///
/// That is all there is to the worth of a quote: a signature by a key whose certificate anybody could have got proves nothing.
package struct QuoteAuthorities: Sendable {
    private let pem: [UInt8]

    /// - Parameter pem: certificates, one or more; each is believed by itself, also one in the middle of a chain.
    /// - Throws: `QuoteError.certificates`.
    package init(pem: [UInt8]) throws(QuoteError) {
        _ = try Certificate.read(pem)
        self.pem = pem
    }

    /// - Parameters:
    ///   - key: of the quote.
    ///   - chain: PEM of its certificate, and after it of those between it and the authority.
    ///   - time: at which all of them must be valid.
    /// - Throws: `QuoteError`.
    /// - Returns: the subject of the authority that it leads to.
    func vouch(for key: AttestationKey, _ chain: String?, at time: Instant) throws(QuoteError) -> String {
        guard let chain else { throw .noCertificate }
        let certificates = try Certificate.read(Array(chain.utf8))
        guard certificates[0].publicKey == key.der else { throw .certifiedKey }
        guard certificates[0].usages.contains(Self.attestationKeyUsage) else { throw .purpose }
        return try Self.path(from: certificates, to: try Certificate.read(pem), at: time)
    }

    /// tcg-kp-AIKCertificate of the TCG's Infrastructure Work Group. Without it, every server whose certificate is by the same authority
    /// could pass for a TPM.
    private static let attestationKeyUsage = "2.23.133.8.3"

    private static func path(
        from chain: [Certificate], to authorities: [Certificate], at time: Instant
    ) throws(QuoteError) -> String {
        defer { ERR_clear_error() }
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let others = OPENSSL_sk_new_null()
        else { throw .certificates("no memory") }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            OPENSSL_sk_free(others)
        }
        for authority in authorities { X509_STORE_add_cert(store, authority.pointer) }
        for certificate in chain.dropFirst() { OPENSSL_sk_push(others, UnsafeRawPointer(certificate.pointer)) }
        guard X509_STORE_CTX_init(context, store, chain[0].pointer, others) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw .certificates("no memory") }
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT))
        X509_VERIFY_PARAM_set_time(parameters, time_t(time.milliseconds / 1000))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)  // 112 bits
        guard X509_verify_cert(context) == 1 else {
            let reason = X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context)))
            throw .untrusted(reason.map { String(cString: $0) } ?? "unknown")
        }
        guard let path = X509_STORE_CTX_get0_chain(context) else { throw .certificates("no memory") }
        return Certificate.subject(OpaquePointer(OPENSSL_sk_value(path, OPENSSL_sk_num(path) - 1)))
    }
}

/// An X.509 certificate (RFC 5280), freed with its owner.
private final class Certificate {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { X509_free(pointer) }

    /// Every certificate of a PEM text.
    static func read(_ pem: [UInt8]) throws(QuoteError) -> [Certificate] {
        defer { ERR_clear_error() }
        guard pem.count <= 256 << 10, let source = BIO_new_mem_buf(pem, Int32(pem.count)) else {
            throw .certificates("larger than 256 KiB")
        }
        defer { BIO_free(source) }
        var certificates: [Certificate] = []
        while let next = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
            certificates.append(Certificate(owning: next))
            guard certificates.count <= 64 else { throw .certificates("more than 64") }
        }
        // What ends a good text is that no further block begins.
        guard ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE, !certificates.isEmpty else {
            throw .certificates("not PEM certificates, or none")
        }
        return certificates
    }

    /// SubjectPublicKeyInfo in DER.
    var publicKey: [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_PUBKEY(X509_get0_pubkey(pointer), &encoded)
        guard length > 0, let encoded else { return [] }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
    }

    /// Extended key usages as dotted numbers; none when the extension is missing.
    var usages: [String] {
        guard let found = X509_get_ext_d2i(pointer, NID_ext_key_usage, nil, nil) else { return [] }
        let list = OpaquePointer(found)
        defer { EXTENDED_KEY_USAGE_free(list) }
        return (0..<OPENSSL_sk_num(list)).map { index in
            var text = [CChar](repeating: 0, count: 128)
            let count = OBJ_obj2txt(&text, Int32(text.count), OpaquePointer(OPENSSL_sk_value(list, index)), 1)
            return String(
                decoding: text.prefix(Int(max(0, min(count, 127)))).map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    static func subject(_ certificate: OpaquePointer?) -> String {
        var text = [CChar](repeating: 0, count: 512)
        guard let certificate, X509_NAME_oneline(X509_get_subject_name(certificate), &text, Int32(text.count)) != nil
        else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
