package import Measure

/// What an authority is asked (RFC 3161, section 2.4.1): a time for a digest. It learns nothing of what is stamped.
package enum TimestampRequest {
    /// Version 1, SHA-256, and `certReq`, so that the answer can be verified with nothing beside it. No nonce: an older answer for the
    /// same bytes proves more, not less.
    ///
    /// - Parameter digest: of what is to be stamped.
    /// - Returns: the request in DER.
    package static func der(over digest: Digest) -> [UInt8] {
        let sha256: [UInt8] = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
        let algorithm = sequence(sha256 + [0x05, 0x00])
        let imprint = sequence(algorithm + [0x04, UInt8(Digest.length)] + digest.bytes)
        return sequence([0x02, 0x01, 0x01] + imprint + [0x01, 0x01, 0xff])
    }

    /// Shorter than 128 bytes, as all of them are here.
    private static func sequence(_ content: [UInt8]) -> [UInt8] { [0x30, UInt8(content.count)] + content }

    /// Whether an answer may be laid beside what it was asked for; that its authority is to be trusted is for the verifier to find out.
    ///
    /// - Parameters:
    ///   - response: the answer, DER.
    ///   - bytes: what was to be stamped.
    /// - Throws: `VerifyError.evidence`.
    /// - Returns: the time that it states.
    package static func check(_ response: [UInt8], over bytes: [UInt8]) throws(VerifyError) -> Instant {
        let token = try TimestampToken(response)
        guard try token.isOver(bytes) else {
            throw .evidence(.timestampMismatch, "the answer is over other bytes than were asked for")
        }
        return token.time
    }
}
