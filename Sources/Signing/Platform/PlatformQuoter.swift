internal import Glibc
package import Keys
package import Linux
package import Measure
internal import Synchronization
internal import SystemPackage

/// The supervisor's end of the process that holds the TPM: one question at a time.
///
/// A process that ends is reaped, and one new one is started for the next question.
package final class PlatformQuoter: Sendable {
    /// The TPM's attestation key; the same for as long as this lives.
    package let key: AttestationKey

    private let executable: String
    private let handle: UInt32
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let device: OwnedDescriptor
        var process: Signer?
        var mayStartAnother = true
    }

    /// Opens a TPM.
    ///
    /// - Parameter path: a device such as `/dev/tpmrm0`, which the kernel shares among those who have it open; or the socket of an
    ///   emulator.
    /// - Throws: `SigningError.system`.
    /// - Returns: its descriptor.
    package static func open(_ path: String) throws(SigningError) -> OwnedDescriptor {
        try system { () throws(LinuxError) in
            do throws(LinuxError) { return try OwnedDescriptor.open(path, flags: O_RDWR, stage: "open tpm") } catch {
                // What open(2) says of a socket.
                guard error.errno == .noSuchAddressOrDevice else { throw error }
                return try OwnedDescriptor.connected(to: try UnixAddress(path))
            }
        }
    }

    /// Starts a process and learns which key it quotes with.
    ///
    /// - Parameters:
    ///   - executable: absolute path of `aibom-signer`.
    ///   - device: the open TPM; kept, for a new process should this one end.
    ///   - handle: the persistent handle of the attestation key, such as 0x81010002.
    /// - Throws: `SigningError`; `tpm` when the key is no attestation key.
    package init(executable: String, device: consuming OwnedDescriptor, handle: UInt32) throws(SigningError) {
        let process = try Signer.start(executable, device, handle)
        key = try process.introduceKey()
        self.executable = executable
        self.handle = handle
        state = Mutex(State(device: device, process: process))
    }

    package var processID: Int32? { state.withLock { $0.process?.pid } }

    /// What the quoted registers hold, in the order of `PlatformRegisters.selected`.
    package func registers() throws(SigningError) -> [[UInt8]] {
        let bytes = try ask(.registers, [])
        guard bytes.count == PlatformRegisters.selected.count * PlatformRegisters.length else {
            throw .signerEnded(stage: "registers of \(bytes.count) bytes")
        }
        return stride(from: 0, to: bytes.count, by: PlatformRegisters.length)
            .map { Array(bytes[$0..<$0 + PlatformRegisters.length]) }
    }

    /// Enters the digest of a start's `platform.json` in our register; once, and before the first quote.
    package func enter(_ digest: Digest) throws(SigningError) { _ = try ask(.enter, digest.bytes) }

    /// Has the registers attested. Blocks the calling thread: a hardware TPM takes tenths of a second.
    ///
    /// - Parameter nonce: SHA-256 of the evidence that the quote is for.
    /// - Throws: `SigningError`.
    /// - Returns: a quote whose signature was verified.
    package func quote(_ nonce: Digest) throws(SigningError) -> PlatformQuote {
        let answer = try ask(.quote, nonce.bytes)
        do throws(TPMError) {
            let quote = try PlatformQuote(answer)
            // What is published must verify.
            guard try key.verify(signature: quote.signature, over: quote.attested) else {
                throw .field("signature", "does not verify")
            }
            return quote
        } catch { throw .tpm(error.description) }
    }

    private func ask(_ verb: PlatformVerb, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        try state.withLock { state throws(SigningError) in
            if state.process == nil { try replace(&state) }
            do throws(SigningError) {
                guard let answer = try state.process?.ask(verb, payload) else {
                    throw .signerEnded(stage: "not running")
                }
                state.mayStartAnother = true
                return answer
            } catch {
                if case .signerRefused = error { throw error }
                state.process = nil
                throw error
            }
        }
    }

    private func replace(_ state: inout State) throws(SigningError) {
        guard state.mayStartAnother else { throw .signerEnded(stage: "twice in a row; restart the supervisor") }
        state.mayStartAnother = false
        let process = try Signer.start(executable, state.device, handle)
        guard try process.introduceKey() == key else { throw .signerKeyChanged }
        state.process = consume process
    }
}

extension Signer {
    fileprivate static func start(
        _ executable: String, _ device: borrowing OwnedDescriptor, _ handle: UInt32
    ) throws(SigningError) -> Signer {
        try start(executable, [PlatformProcess.role, String(handle, radix: 16)], fourth: device)
    }

    fileprivate borrowing func introduceKey() throws(SigningError) -> AttestationKey {
        let area = try ask(PlatformVerb.identity, [])
        do throws(TPMError) { return try AttestationKey(area: area) } catch { throw .tpm(error.description) }
    }

    fileprivate borrowing func ask(_ verb: PlatformVerb, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        try ask(Frame(kind: verb.rawValue, payload: payload))
    }
}
