package import JSON

/// Bytes with signatures over them (DSSE 1.0.2).
///
/// A signature covers the payload's bytes as they are and the name of their type, so nobody has to render anything again to
/// check it, and no signature of ours holds for a document of another type.
package struct Envelope: Sendable, Equatable {
    package struct Signature: Sendable, Equatable {
        /// Which key is said to have signed: a hint, covered by no signature.
        package let keyID: String
        /// ECDSA in ASN.1 DER, as every tool but the specification's own example has it.
        package let bytes: [UInt8]

        package init(keyID: String, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// The type of an in-toto statement (in-toto attestation framework, envelope layer).
    package static let statementType = "application/vnd.in-toto+json"

    package let payloadType: String
    package let payload: [UInt8]
    package let signatures: [Signature]

    package init(payloadType: String = Envelope.statementType, payload: [UInt8], signatures: [Signature]) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// What is signed (DSSE protocol, "PAE"): `DSSEv1`, then type and payload, each after its length in bytes.
    package static func preAuthentication(type: String, payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    /// What each signature must be over.
    package var signedBytes: [UInt8] { Self.preAuthentication(type: payloadType, payload: payload) }

    /// One line without its end, in the alphabet of RFC 4648, section 4.
    package var line: [UInt8] { json.compactBytes() }

    package var json: JSON {
        [
            "payload": .string(Base64.encode(payload)), "payloadType": .string(payloadType),
            "signatures": .array(
                signatures.map { ["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.bytes))] }),
        ]
    }

    /// JSON Lines: each envelope a line, each line with its end.
    package static func lines(_ envelopes: [Envelope]) -> [UInt8] { envelopes.flatMap { $0.line + [0x0a] } }
}
