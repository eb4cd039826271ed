internal import JSON

/// `platform.quote.json`: what a TPM attests of the platform for one job, and all that it takes to check it but the authority.
///
/// Byte strings of the TPM are in base64 (RFC 4648, section 4), registers and digests in hex.
package struct QuoteDocument: Sendable, Equatable {
    package static let name = "platform.quote.json"
    package static let format = "aibom-quote/1"
    /// Sixty-odd kilobytes of certificates, and room for the rest.
    package static let sizeLimit = 256 << 10

    /// The attestation key's certificate and those up to its authority, PEM (RFC 7468); nil when the operator has none.
    package var certificates: String?
    /// TPMT_PUBLIC of the attestation key.
    package var publicArea: String
    /// TPMS_ATTEST.
    package var attested: String
    /// TPMT_SIGNATURE over it.
    package var signature: String
    /// Values by the register's number.
    package var registers: [String: String]
    /// Digests of `platform.json` of every start since the machine's, oldest first; the last is the one that sealed the job.
    package var starts: [String]

    package init(
        certificates: String?, publicArea: String, attested: String, signature: String, registers: [String: String],
        starts: [String]
    ) {
        self.certificates = certificates
        self.publicArea = publicArea
        self.attested = attested
        self.signature = signature
        self.registers = registers
        self.starts = starts
    }

    /// The document's only bytes: RFC 8785.
    ///
    /// - Throws: `AttestError.json`, for which these values give no reason.
    /// - Returns: no final newline.
    package func bytes() throws(AttestError) -> [UInt8] {
        let value: JSON = [
            "format": .string(Self.format), "certificates": certificates.map(JSON.string) ?? .null,
            "public": .string(publicArea), "attested": .string(attested), "signature": .string(signature),
            "registers": .texts(registers), "starts": .array(starts.map(JSON.string)),
        ]
        do throws(JSONError) { return try value.canonicalBytes() } catch { throw .json(error) }
    }

    /// Reads a document, and takes no other bytes for it than those that `bytes()` gives.
    ///
    /// - Throws: `AttestError` that names the member.
    package init(_ bytes: [UInt8]) throws(AttestError) {
        guard bytes.count <= Self.sizeLimit else {
            throw .document("platform quote: larger than \(Self.sizeLimit) bytes")
        }
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(bytes, limits: .report) } catch { throw .json(error) }
        let fields = RecordFields("platform quote", value)
        guard value["format"] == .string(Self.format) else { throw fields.fault("format", "is not \(Self.format)") }
        self.init(
            certificates: try fields.known("certificates", fields.text), publicArea: try fields.text("public"),
            attested: try fields.text("attested"), signature: try fields.text("signature"),
            registers: try fields.texts("registers"), starts: try fields.textList("starts"))
        guard try self.bytes() == bytes else {
            throw .document("platform quote: not in its one form: a member too many, out of order, or spaced")
        }
    }
}
