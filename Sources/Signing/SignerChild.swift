internal import Isolation
internal import Keys
internal import Linux
internal import SystemPackage

/// One `aibom-signer` process, with a key or with a TPM, and the socket to it; killed and reaped when the owner goes.
struct Signer: ~Copyable {
    let child: Child
    let socket: OwnedDescriptor

    /// Long enough for 8 MiB on a machine that swaps and for a TPM that tests itself first, short enough that a stuck signer does not stop the service for good.
    private static let patience = 60

    static func start(
        _ executable: String, key: borrowing KeySource, _ role: SignerRole
    ) throws(SigningError) -> Signer {
        try start(executable, [role.rawValue] + (key.token.map { [$0.text] } ?? []), fourth: key.file)
    }

    /// - Parameters:
    ///   - executable: absolute path of `aibom-signer`.
    ///   - arguments: after its name.
    ///   - fourth: becomes its descriptor 4; the socket is its descriptor 3.
    /// - Returns: its owner; the process has not spoken yet.
    /// - Throws: `SigningError.system`.
    static func start(
        _ executable: String, _ arguments: [String], fourth: borrowing OwnedDescriptor
    ) throws(SigningError) -> Signer {
        do throws(LinuxError) {
            let pair = try SocketPair()
            try pair.ours.setTimeout(seconds: Signer.patience)
            let socket = try pair.ours.duplicate()
            let child = try Child.spawn(
                executable, arguments: ["aibom-signer"] + arguments, third: pair.theirs, fourth: fourth)
            return Signer(child: child, socket: socket)
        } catch { throw .system(error) }
    }

    var pid: Int32 { child.pid }

    borrowing func introduce(_ role: SignerRole) throws(SigningError) -> PublicKey {
        let der = try ask(.publicKey, [])
        let key = try Signing.publicKey { () throws(PublicKeyError) in try PublicKey(der: der) }
        guard role.algorithms.contains(key.algorithm) else { throw .signerEnded(stage: "it has a key of another kind") }
        return key
    }

    borrowing func ask(_ verb: Verb, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        try ask(Frame(kind: verb.rawValue, payload: payload))
    }

    borrowing func ask(_ request: Frame) throws(SigningError) -> [UInt8] {
        let reply: Frame?
        do throws(LinuxError) {
            // A signer that failed to start has spoken before it was asked, so a send that fails is not the whole story.
            try? socket.send(request.bytes)
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

    /// Asks for a signature, and takes none that does not verify: that it does costs less than explaining why it does not.
    borrowing func ask(
        _ verb: Verb, _ payload: [UInt8], over message: [UInt8], _ publicKey: PublicKey
    ) throws(SigningError) -> [UInt8] {
        guard payload.count <= verb.payloadLimit else {
            throw .signerRefused("\(verb) with \(payload.count) bytes; the limit is \(verb.payloadLimit)")
        }
        let signature = try ask(verb, payload)
        guard publicKey.verify(signature: signature, over: message) else {
            throw .signerEnded(stage: "its signature does not verify")
        }
        return signature
    }

    borrowing func hear<Answer>(
        _ body: (borrowing Signer) throws(SigningError) -> Answer
    ) throws(SigningError) -> Answer { try body(self) }

    private static let replyLimit = 64 << 10
}
