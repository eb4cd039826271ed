/// What a signature on an in-toto statement is over: DSSE 1.0.2, protocol.md, "PAE".
///
/// The signer composes it around each statement itself, so nobody can have a text of this form signed with another type in it.
/// Nor is an AIBoM ever taken for one, or one for an AIBoM: this begins with `DSSEv1 `, and no strict JSON does.
enum PreAuthentication {
    static let payloadType = "application/vnd.in-toto+json"

    static func encoding(of payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }
}
