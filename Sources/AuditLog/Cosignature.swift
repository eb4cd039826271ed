/// What a witness says about a checkpoint, and when: a signature of type 4 (C2SP tlog-cosignature).
package struct Cosignature: Sendable, Equatable {
    /// Seconds since 1970.
    package let time: UInt64
    private let signature: [UInt8]

    /// Reads the eight bytes of the time, big-endian, and the Ed25519 signature; nil for any other length.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 8 + Ed25519.signatureLength else { return nil }
        time = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        guard time <= UInt64(Int64.max) else { return nil }
        signature = Array(bytes.dropFirst(8))
    }

    func verify(over text: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: Self.message(text: text, time: time), by: publicKey)
    }

    /// Cosigns a checkpoint.
    ///
    /// - Parameters:
    ///   - text: of the checkpoint, with its extension lines.
    ///   - time: seconds since 1970.
    ///   - signer: with a key of the cosigning kind.
    /// - Throws: what the signer throws.
    /// - Returns: a line to add to the note.
    package static func make(
        over text: [UInt8], at time: UInt64, by signer: some NoteSigner
    ) throws(LogError) -> SignedNote.Signature {
        precondition(signer.key.kind == .cosignature, "a witness's key is of the cosigning kind")
        let signature = try signer.sign(message(text: text, time: time))
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) }
        return SignedNote.Signature(name: signer.key.name, id: signer.key.id, bytes: stamp + signature)
    }

    /// The first line keeps the message apart from everything else that an Ed25519 key may sign.
    private static func message(text: [UInt8], time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }
}
