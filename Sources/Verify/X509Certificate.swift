internal import COpenSSL
internal import Glibc
internal import Keys
internal import Measure

/// One X.509 certificate, owned.
final class X509Certificate {
    let raw: OpaquePointer

    init(owning raw: OpaquePointer) { self.raw = raw }

    /// Reads one certificate in DER with nothing after it.
    convenience init?(der: [UInt8]) {
        let raw = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            guard let raw = d2i_X509(nil, &position, bytes.count) else { return nil }
            guard position == bytes.baseAddress.map({ $0 + bytes.count }) else {
                X509_free(raw)
                return nil
            }
            return raw
        }
        ERR_clear_error()
        guard let raw else { return nil }
        self.init(owning: raw)
    }

    deinit { X509_free(raw) }

    /// Reads the certificates of a PEM text, in their order; text between them is passed over (RFC 7468, section 2).
    static func read(pem: [UInt8]) -> [X509Certificate] {
        guard let source = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return [] }
        defer {
            BIO_free(source)
            ERR_clear_error()
        }
        var certificates: [X509Certificate] = []
        while certificates.count < limit, let raw = PEM_read_bio_X509(source, nil, { _, _, _, _ in -1 }, nil) {
            certificates.append(X509Certificate(owning: raw))
        }
        return certificates
    }

    static let limit = 16

    var der: [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509(raw, &encoded)
        guard length > 0, let encoded else { return [] }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
    }

    /// Nil for a key of a kind that signs no documents here.
    var key: PublicKey? {
        guard let key = X509_get0_pubkey(raw) else { return nil }
        return try? PublicKey(of: key)
    }

    /// The subject as one line.
    var subject: String {
        var line = [CChar](repeating: 0, count: 256)
        guard X509_NAME_oneline(X509_get_subject_name(raw), &line, Int32(line.count)) != nil else { return "" }
        return String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether it may sign documents (RFC 5280, section 4.2.1.3); one that says nothing of it may.
    var maySign: Bool { X509_get_key_usage(raw) & UInt32(X509v3_KU_DIGITAL_SIGNATURE) != 0 }
}

/// Certificates that a verifier trusts, to be judged at one moment.
struct X509Store: ~Copyable {
    private let store: OpaquePointer

    /// A certificate of the trust is an end of a chain wherever it stands in one: who names an intermediate trusts no more than that.
    ///
    /// - Returns: nil when a certificate does not read.
    init?(_ trusted: [[UInt8]], at time: Instant) {
        guard let store = X509_STORE_new() else { return nil }
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), time_t(time.milliseconds / 1000))
        for der in trusted {
            guard let certificate = X509Certificate(der: der), X509_STORE_add_cert(store, certificate.raw) == 1 else {
                X509_STORE_free(store)
                return nil
            }
        }
        self.store = store
    }

    deinit { X509_STORE_free(store) }

    /// A reference of its own, for OpenSSL's structures that free what they are given.
    borrowing func shared() -> OpaquePointer {
        X509_STORE_up_ref(store)
        return store
    }

    /// Builds the chain from `leaf` over `others` to a trusted certificate (RFC 5280, section 6).
    ///
    /// - Returns: the fault; nil when there is none.
    borrowing func fault(of leaf: X509Certificate, through others: [X509Certificate]) -> String? {
        guard let context = X509_STORE_CTX_new(), let stack = OPENSSL_sk_new_null() else { return "no memory" }
        defer {
            X509_STORE_CTX_free(context)
            OPENSSL_sk_free(stack)
            ERR_clear_error()
        }
        for other in others { OPENSSL_sk_push(stack, UnsafeRawPointer(other.raw)) }
        guard X509_STORE_CTX_init(context, store, leaf.raw, stack) == 1 else { return "no memory" }
        if X509_verify_cert(context) == 1 { return nil }
        return String(cString: X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context))))
    }
}
