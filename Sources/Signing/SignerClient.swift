package import Keys
package import Linux
internal import Synchronization
internal import SystemPackage

/// The supervisor's end of the signer: one child process, one question at a time.
///
/// A signer that ends is reaped and one new one is started for the next question; should that end as well before it has
/// answered anything, something is wrong that a third would not mend.
package final class SignerClient: Sendable {
    /// The key that signs; the same for as long as this client lives.
    package let publicKey: PublicKey

    private let executable: String
    private let role: SignerRole
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let key: OwnedDescriptor
        var signer: Signer?
        var mayStartAnother = true
    }

    /// Starts a signer and learns its public key.
    ///
    /// - Parameters:
    ///   - executable: absolute path of `aibom-signer`.
    ///   - key: the open key file, from `KeyFile.open`; kept, for a new signer should this one end.
    ///   - role: what the key is for.
    /// - Throws: `SigningError`; `signerFailed` carries the signer's own reason.
    /// - Returns: a client whose signer is locked down and ready.
    package static func spawn(
        executable: String, key: consuming OwnedDescriptor, role: SignerRole = .documents
    ) throws(SigningError) -> SignerClient {
        let signer = try Signer.start(executable, key: key, role)
        let publicKey = try signer.introduce(role.algorithm)
        return SignerClient(executable, role, publicKey, State(key: key, signer: signer))
    }

    private init(
        _ executable: String, _ role: SignerRole, _ publicKey: PublicKey, _ state: consuming State
    ) {
        self.executable = executable
        self.role = role
        self.publicKey = publicKey
        self.state = Mutex(state)
    }

    /// Has an AIBoM signed. Blocks the calling thread: milliseconds for a document of the usual size.
    ///
    /// - Parameter statement: the document's exact bytes, at most 8 MiB.
    /// - Throws: `signerRefused` when it is no AIBoM, `signerEnded` when the signer died over it.
    /// - Returns: the signature in DER, verified against `publicKey`.
    package func sign(statement: [UInt8]) throws(SigningError) -> [UInt8] {
        guard statement.count <= Frame.payloadLimit else {
            throw .signerRefused("statement has \(statement.count) bytes; the limit is \(Frame.payloadLimit)")
        }
        return try sign(statement, by: .signStatement, over: statement)
    }

    /// Asks for a signature.
    ///
    /// - Parameters:
    ///   - payload: what the verb takes.
    ///   - verb: that of the role.
    ///   - message: what the signature is over.
    /// - Throws: `SigningError`.
    /// - Returns: the signature, verified against `publicKey`.
    func sign(_ payload: [UInt8], by verb: Verb, over message: [UInt8]) throws(SigningError) -> [UInt8] {
        try state.withLock { state throws(SigningError) in
            try ensureSigner(&state)
            let signature: [UInt8]
            do throws(SigningError) {
                guard let answer = try state.signer?.ask(verb, payload) else {
                    throw .signerEnded(stage: "not running")
                }
                signature = answer
            } catch {
                if case .signerRefused = error { throw error }
                state.signer = nil
                throw error
            }
            // What is published must verify; that it does costs less than explaining why it does not.
            guard publicKey.verify(signature: signature, over: message) else {
                state.signer = nil
                throw .signerEnded(stage: "its signature does not verify")
            }
            state.mayStartAnother = true
            return signature
        }
    }

    /// The signer's process id, for those who look after processes; nil while none runs.
    package var processID: Int32? {
        state.withLock { state in
            state.signer?.pid
        }
    }

    private func ensureSigner(_ state: inout State) throws(SigningError) {
        guard state.signer == nil else { return }
        guard state.mayStartAnother else { throw .signerEnded(stage: "twice in a row; restart the supervisor") }
        state.mayStartAnother = false
        let signer = try Signer.start(executable, key: state.key, role)
        guard try signer.introduce(role.algorithm) == publicKey else { throw .signerKeyChanged }
        state.signer = consume signer
    }
}

/// One signer process and the socket to it; killed and reaped when the owner goes.
private struct Signer: ~Copyable {
    let child: Child
    let socket: OwnedDescriptor

    /// Long enough for 8 MiB on a machine that swaps, short enough that a stuck signer does not stop the service for good.
    private static let patience = 60

    static func start(
        _ executable: String, key: borrowing OwnedDescriptor, _ role: SignerRole
    ) throws(SigningError) -> Signer {
        do throws(LinuxError) {
            let pair = try SocketPair()
            try pair.ours.setTimeout(seconds: Signer.patience)
            let socket = try pair.ours.duplicate()
            let child = try Child.spawn(
                executable, arguments: ["aibom-signer", role.rawValue], third: pair.theirs, fourth: key)
            return Signer(child: child, socket: socket)
        } catch { throw .system(error) }
    }

    var pid: Int32 { child.pid }

    borrowing func introduce(_ algorithm: KeyAlgorithm) throws(SigningError) -> PublicKey {
        let der = try ask(.publicKey, [])
        return try Signing.publicKey { () throws(PublicKeyError) in try PublicKey(der: der, algorithm) }
    }

    borrowing func ask(_ verb: Verb, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        let reply: Frame?
        do throws(LinuxError) {
            // A signer that failed to start has spoken before it was asked, so a send that fails is not the whole story.
            try? socket.send(Frame(kind: verb.rawValue, payload: payload).bytes)
            reply = try Frame.read(from: socket) { _ in Signer.replyLimit }
        } catch {
            throw .signerEnded(stage: error.description)
        }
        guard let reply else { throw .signerEnded(stage: "socket closed") }
        switch Reply(rawValue: reply.kind) {
        case .done: return reply.payload
        case .refused: throw .signerRefused(String(decoding: reply.payload, as: UTF8.self))
        case .failed: throw .signerFailed(String(decoding: reply.payload, as: UTF8.self))
        case nil: throw .signerEnded(stage: "unknown reply \(reply.kind)")
        }
    }

    private static let replyLimit = 64 << 10
}
