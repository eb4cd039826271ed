internal import COpenSSL
internal import Measure

/// A TPM's attestation key as its public area (TPMT_PUBLIC, TPM 2.0 Part 2, section 12.2.4) describes it.
///
/// Only a *restricted* signing key is one: such a key signs what its TPM composed and never bytes of a requester's that look like it.
package struct AttestationKey: Sendable, Equatable {
    private enum Kind: Sendable { case p256, rsa }

    /// TPMT_PUBLIC, as the TPM gave it.
    package let area: [UInt8]
    /// SubjectPublicKeyInfo in DER.
    package let der: [UInt8]
    private let kind: Kind

    /// The key's Name: the hash algorithm's number and the hash of the area.
    package var name: String { "000b\(Digest.of(area).hex)" }

    /// - Parameter area: with nothing after it.
    /// - Throws: `TPMError`; for a key that may sign what others compose, is not on P-256 or RSA, or has no scheme of its own.
    package init(area: [UInt8]) throws(TPMError) {
        var reader = TPMReader(area, "public area")
        let type = try reader.word()
        guard try reader.word() == TPMConstant.sha256 else { throw .field("nameAlg", "is not SHA-256") }
        let attributes = try reader.long()
        guard attributes & Self.consulted == Self.needed else {
            throw .field(
                "objectAttributes",
                "are not those of an attestation key: restricted, sign, fixedTPM, fixedParent and sensitiveDataOrigin, without decrypt"
            )
        }
        _ = try reader.sized()  // authPolicy
        guard try reader.word() == TPMConstant.null else { throw .field("symmetric", "is not none") }
        let (scheme, hash) = (try reader.word(), try reader.word())
        guard hash == TPMConstant.sha256 else { throw .field("scheme", "does not hash with SHA-256") }
        switch (type, scheme) {
        case (TPMConstant.ecc, TPMConstant.ecdsa):
            kind = .p256
            der = try Self.p256(&reader)
        case (TPMConstant.rsa, TPMConstant.rsassa):
            kind = .rsa
            der = try Self.rsa(&reader)
        default: throw .field("scheme", "is neither ECDSA nor RSASSA, or not one of the key's type")
        }
        try reader.end()
        self.area = area
    }

    private static let needed: UInt32 = 0x0005_0032
    /// The needed ones, and decrypt.
    private static let consulted: UInt32 = needed | 0x0002_0000

    private static func p256(_ reader: inout TPMReader) throws(TPMError) -> [UInt8] {
        guard try reader.word() == TPMConstant.p256 else { throw .field("curveID", "is not P-256") }
        guard try reader.word() == TPMConstant.null else { throw .field("kdf", "is not none") }
        let (x, y) = (try reader.sized(), try reader.sized())
        guard x.count == 32, y.count == 32 else { throw .field("unique", "has no coordinates of 32 bytes") }
        let der = p256Prefix + x + y
        do throws(PublicKeyError) { _ = try PublicKey(der: der, .p256) } catch {
            throw .field("unique", "is no point of P-256")
        }
        return der
    }

    private static func rsa(_ reader: inout TPMReader) throws(TPMError) -> [UInt8] {
        let bits = Int(try reader.word())
        let exponent = try reader.long()
        guard (2048...4096).contains(bits), bits % 8 == 0 else { throw .field("keyBits", "are not 2048 to 4096") }
        guard exponent == 0 || exponent == 65537 else { throw .field("exponent", "is not 65537") }
        let modulus = try reader.sized()
        guard modulus.count == bits / 8, modulus[0] >= 0x80 else { throw .field("unique", "has not \(bits) bits") }
        let key = DEREncoding.sequence(DEREncoding.integer(modulus), DEREncoding.integer([1, 0, 1]))
        return DEREncoding.sequence(rsaAlgorithm, DEREncoding.bitString(key))
    }

    /// SubjectPublicKeyInfo of an uncompressed point of P-256 (RFC 5480) up to its coordinates.
    private static let p256Prefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce,
        0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ]
    /// AlgorithmIdentifier rsaEncryption with NULL (RFC 3279, section 2.3.1).
    private static let rsaAlgorithm: [UInt8] = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
}

extension AttestationKey {
    /// Whether `signature` was made over `bytes` by this key, with the key's own scheme and SHA-256 and no other.
    ///
    /// - Parameters:
    ///   - signature: TPMT_SIGNATURE (TPM 2.0 Part 2, section 11.3.4).
    ///   - bytes: what the TPM attested.
    /// - Throws: `TPMError` for a signature of another algorithm than the key's.
    /// - Returns: whether it is.
    package func verify(signature: [UInt8], over bytes: [UInt8]) throws(TPMError) -> Bool {
        // RSA pads as PKCS #1 v1.5 (RSASSA) unless told otherwise.
        SubjectPublicKeyInfo.verify(try encoding(of: signature), over: bytes, by: der, hashing: EVP_sha256())
    }

    /// The signature as OpenSSL takes it.
    private func encoding(of signature: [UInt8]) throws(TPMError) -> [UInt8] {
        var reader = TPMReader(signature, "signature")
        let (scheme, hash) = (try reader.word(), try reader.word())
        guard scheme == (kind == .p256 ? TPMConstant.ecdsa : TPMConstant.rsassa) else {
            throw .field("sigAlg", "is not that of the attestation key")
        }
        guard hash == TPMConstant.sha256 else { throw .field("signature's hash", "is not SHA-256") }
        let encoded: [UInt8]
        switch kind {
        case .p256:
            let (r, s) = (try reader.sized(), try reader.sized())
            encoded = DEREncoding.sequence(DEREncoding.integer(r), DEREncoding.integer(s))
        case .rsa: encoded = try reader.sized()
        }
        try reader.end()
        return encoded
    }
}
