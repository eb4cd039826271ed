package import AuditLog
package import Keys
package import Linux
internal import Synchronization

/// The key of a log or of a witness, in a signer process of its own.
package final class LogSigner: NoteSigner {
    package let key: VerifierKey
    private let client: SignerClient
    private let role: SignerRole
    private let newest = Mutex<SignedNote?>(nil)

    /// Starts a signer.
    ///
    /// - Parameters:
    ///   - executable: absolute path of `aibom-signer`.
    ///   - file: the open key file.
    ///   - role: of a log, or of a witness.
    ///   - name: under which the key signs; for a log its origin. Nil gives one that follows from the key: `aibom/` and 16 digits.
    /// - Throws: `SigningError`.
    package init(
        executable: String, key file: consuming OwnedDescriptor, role: SignerRole, name: String? = nil
    ) throws(SigningError) {
        precondition(role != .documents, "documents have a signer of their own")
        self.role = role
        client = try SignerClient.spawn(executable: executable, key: file, role: role)
        let name = name ?? "aibom/\(client.publicKey.keyID.prefix(16))"
        do throws(LogError) {
            key = try VerifierKey(
                name: ExactText(name), kind: role == .log ? .ed25519 : .cosignature,
                publicKey: client.publicKey.ed25519 ?? [])
        } catch { throw .signerFailed(error.description) }
    }

    package var publicKey: PublicKey { client.publicKey }
    package var processID: Int32? { client.processID }

    /// A witness's word; a log's key signs nothing that it was not shown the ground of.
    package func sign(_ message: [UInt8]) throws(LogError) -> [UInt8] {
        guard role == .witness else { throw .signer("a log's key signs checkpoints that it is shown the growth of") }
        return try ask(.cosign, message, over: message)
    }

    package func sign(_ claim: GrowthClaim) throws(LogError) -> [UInt8] {
        guard role == .log else { throw .signer("a witness's key cosigns") }
        let signature = try ask(.signCheckpoint, claim.bytes, over: claim.checkpoint.text)
        let line = SignedNote.Signature(name: key.name, id: key.id, bytes: signature)
        newest.withLock { $0 = SignedNote(text: claim.checkpoint.text).adding([line]) }
        return signature
    }

    package var last: SignedNote? { newest.withLock { $0 } }

    private func ask(_ verb: Verb, _ payload: [UInt8], over message: [UInt8]) throws(LogError) -> [UInt8] {
        do throws(SigningError) { return try client.sign(payload, by: verb, over: message) } catch {
            throw .signer(error.description)
        }
    }
}
