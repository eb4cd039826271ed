internal import Keys

/// What the TPM says of the platform's registers, over a nonce.
package struct PlatformQuote: Sendable, Equatable {
    /// TPMS_ATTEST.
    package let attested: [UInt8]
    /// TPMT_SIGNATURE over it.
    package let signature: [UInt8]
    /// Values in the order of `PlatformRegisters.selected`.
    package let registers: [[UInt8]]

    init(attested: [UInt8], signature: [UInt8], registers: [[UInt8]]) {
        self.attested = attested
        self.signature = signature
        self.registers = registers
    }
}

/// As it goes over the socket: the registers, the attestation with its length in front, the signature.
extension PlatformQuote {
    var bytes: [UInt8] { registers.flatMap(\.self) + TPMCommand.sized(attested) + signature }

    init(_ bytes: [UInt8]) throws(TPMError) {
        var reader = TPMReader(bytes, "platform quote")
        var registers: [[UInt8]] = []
        for _ in PlatformRegisters.selected { registers.append(try reader.take(PlatformRegisters.length)) }
        self.init(attested: try reader.sized(), signature: try reader.rest(), registers: registers)
    }
}
