internal import COpenSSL
internal import Glibc
internal import Measure

/// A time-stamp response (RFC 3161, section 2.4.2), owned.
struct TimestampToken: ~Copyable {
    private let response: OpaquePointer
    private let info: OpaquePointer
    /// As the authority says it, to the second.
    let time: Instant

    /// Reads a response that was granted.
    ///
    /// - Parameter der: of the response, with nothing after it.
    /// - Throws: `VerifyError.evidence` with `timestamp-malformed`.
    init(_ der: [UInt8]) throws(VerifyError) {
        let response = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            guard let response = d2i_TS_RESP(nil, &position, bytes.count) else { return nil }
            guard position == bytes.baseAddress.map({ $0 + bytes.count }) else {
                TS_RESP_free(response)
                return nil
            }
            return response
        }
        ERR_clear_error()
        guard let response else { throw Self.malformed("not one response in DER") }
        guard let info = TS_RESP_get_tst_info(response) else {
            TS_RESP_free(response)
            throw Self.malformed("the authority gave no token")
        }
        var moment = tm()
        guard let stated = TS_TST_INFO_get_time(info), ASN1_TIME_to_tm(stated, &moment) == 1 else {
            TS_RESP_free(response)
            throw Self.malformed("it states no time")
        }
        time = Instant(milliseconds: Int64(timegm(&moment)) * 1000)
        self.response = response
        self.info = info
    }

    deinit { TS_RESP_free(response) }

    private static func malformed(_ fault: String) -> VerifyError { .evidence(.timestampMalformed, fault) }

    /// Whether it is about `bytes`, by a digest that nobody makes two of.
    borrowing func isOver(_ bytes: [UInt8]) throws(VerifyError) -> Bool {
        guard let imprint = TS_TST_INFO_get_msg_imprint(info), let algorithm = TS_MSG_IMPRINT_get_algo(imprint),
            let message = TS_MSG_IMPRINT_get_msg(imprint)
        else { throw Self.malformed("it has no imprint") }
        let kind = OBJ_obj2nid(algorithm.pointee.algorithm)
        guard [NID_sha256, NID_sha384, NID_sha512].contains(kind), let hash = EVP_get_digestbyname(OBJ_nid2sn(kind))
        else { throw .evidence(.timestampUntrusted, "its imprint is of another digest than SHA-256, -384 or -512") }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, hash, nil) == 1 else { return false }
        let stated = UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(message), count: Int(ASN1_STRING_length(message)))
        return stated.elementsEqual(digest[..<Int(length)])
    }

    /// Verifies the authority's signature and its chain, as they stood at the stated time.
    ///
    /// - Parameters:
    ///   - authorities: trusted certificates in DER: the authority's own, or one above it.
    ///   - bytes: what it is over.
    /// - Returns: the fault; nil when there is none.
    borrowing func fault(by authorities: [[UInt8]], over bytes: [UInt8]) -> String? {
        guard let store = X509Store(authorities, at: time) else {
            return "the trust's certificates do not read"
        }
        guard let context = TS_VERIFY_CTX_new() else { return "no memory" }
        defer {
            TS_VERIFY_CTX_free(context)  // and what it was given
            ERR_clear_error()
        }
        let flags = TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_DATA
        TS_VERIFY_CTX_set_flags(context, Int32(bitPattern: flags))
        TS_VERIFY_CTX_set_store(context, store.shared())
        // The memory is read while it is there: verification ends before `bytes` do.
        return bytes.withUnsafeBytes { memory -> String? in
            guard let data = BIO_new_mem_buf(memory.baseAddress, Int32(clamping: memory.count)) else {
                return "no memory"
            }
            TS_VERIFY_CTX_set_data(context, data)
            if TS_RESP_verify_response(context, response) == 1 { return nil }
            let code = ERR_peek_last_error()
            return ERR_reason_error_string(code).map { String(cString: $0) } ?? "refused by OpenSSL"
        }
    }

    /// Whoever the token's own certificates say has signed.
    borrowing func authority() -> String {
        guard let signed = TS_RESP_get_token(response), let signers = PKCS7_get0_signers(signed, nil, 0) else {
            ERR_clear_error()
            return "?"
        }
        defer { OPENSSL_sk_free(signers) }
        guard let first = OPENSSL_sk_value(signers, 0), X509_up_ref(OpaquePointer(first)) == 1 else { return "?" }
        return X509Certificate(owning: OpaquePointer(first)).subject
    }
}
