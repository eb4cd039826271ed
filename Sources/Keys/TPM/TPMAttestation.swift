package import Measure

/// TPMS_ATTEST of a quote (TPM 2.0 Part 2, section 10.12): what the TPM says and its attestation key signs.
package struct TPMAttestation: Sendable, Equatable {
    /// What the requester gave: qualifyingData.
    package let nonce: [UInt8]
    /// Over the selected registers' values, one after the other.
    package let registerDigest: [UInt8]
    /// How often the TPM has started, as of its last clearing.
    package let resetCount: UInt32

    /// Reads a quote of exactly our registers.
    ///
    /// - Throws: `TPMError` that names the field; also for a statement of a TPM about anything else than registers.
    package init(_ bytes: [UInt8]) throws(TPMError) {
        var reader = TPMReader(bytes, "attested structure")
        guard try reader.long() == TPMConstant.generated else {
            throw .field("magic", "is not TPM_GENERATED_VALUE: no TPM made this")
        }
        guard try reader.word() == TPMConstant.attestedQuote else {
            throw .field("type", "is not TPM_ST_ATTEST_QUOTE: it is about something else than registers")
        }
        _ = try reader.sized()  // qualifiedSigner: a hash that only those who know the key's parents can form
        nonce = try reader.sized()
        _ = try reader.take(8)  // clock
        resetCount = try reader.long()
        _ = try reader.long()  // restartCount
        guard try reader.byte() <= 1 else { throw .field("clockInfo.safe", "is neither yes nor no") }
        _ = try reader.take(8)  // firmwareVersion
        let selection = PlatformRegisters.selection(PlatformRegisters.selected)
        guard try reader.take(selection.count) == selection else {
            throw .field("pcrSelect", "is not SHA-256 registers 0 to 7 and \(PlatformRegisters.own)")
        }
        registerDigest = try reader.sized()
        guard registerDigest.count == Digest.length else { throw .field("pcrDigest", "is no SHA-256") }
        try reader.end()
    }

    /// What `registerDigest` is when the registers hold these values.
    package static func digest(of registers: [[UInt8]]) -> [UInt8] { Digest.of(registers.flatMap(\.self)).bytes }

    /// What a register holds after `digests` were entered in it, one after the other (TPM 2.0 Part 1, section 17.3).
    package static func replay(_ digests: [Digest]) -> [UInt8] {
        digests.reduce(PlatformRegisters.initial) { Digest.of($0 + $1.bytes).bytes }
    }
}
