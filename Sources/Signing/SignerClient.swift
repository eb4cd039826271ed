package import Keys
package import Linux
internal import Synchronization

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
        let key: KeySource
        var signer: Signer?
        var mayStartAnother = true
    }

    /// Starts a signer and learns its public key.
    ///
    /// - Parameters:
    ///   - executable: absolute path of `aibom-signer`.
    ///   - key: opened; kept, for a new signer should this one end.
    ///   - role: what the key is for.
    /// - Throws: `SigningError`; `signerFailed` carries the signer's own reason.
    /// - Returns: a client whose signer is locked down and ready.
    package static func spawn(
        executable: String, key: consuming KeySource, role: SignerRole = .documents
    ) throws(SigningError) -> SignerClient {
        let signer = try Signer.start(executable, key: key, role)
        let publicKey = try signer.introduce(role)
        return SignerClient(executable, role, publicKey, State(key: key, signer: signer))
    }

    /// Starts a signer for a key file that is open already, from `KeyFile.open`.
    package static func spawn(
        executable: String, key: consuming OwnedDescriptor, role: SignerRole = .documents
    ) throws(SigningError) -> SignerClient {
        try spawn(executable: executable, key: KeySource(file: key), role: role)
    }

    private init(
        _ executable: String, _ role: SignerRole, _ publicKey: PublicKey, _ state: consuming State
    ) {
        self.executable = executable
        self.role = role
        self.publicKey = publicKey
        self.state = Mutex(state)
    }

    /// Asks for a signature.
    ///
    /// - Parameters:
    ///   - payload: what the verb takes.
    ///   - verb: one of the role.
    ///   - message: what the signature is over.
    /// - Throws: `SigningError`.
    /// - Returns: the signature, verified against `publicKey`.
    func sign(_ payload: [UInt8], by verb: Verb, over message: [UInt8]) throws(SigningError) -> [UInt8] {
        try converse { signer throws(SigningError) in
            try signer.ask(verb, payload, over: message, publicKey)
        }
    }

    /// Has a conversation that nobody else's question comes between. A signer that breaks off is given up.
    func converse<Answer: Sendable>(
        _ body: (borrowing Signer) throws(SigningError) -> Answer
    ) throws(SigningError) -> Answer {
        try state.withLock { state throws(SigningError) in
            try ensureSigner(&state)
            do throws(SigningError) {
                guard let answer = try state.signer?.hear(body) else { throw .signerEnded(stage: "not running") }
                state.mayStartAnother = true
                return answer
            } catch {
                if case .signerRefused = error { throw error }
                state.signer = nil
                throw error
            }
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
        guard try signer.introduce(role) == publicKey else { throw .signerKeyChanged }
        state.signer = consume signer
    }
}
