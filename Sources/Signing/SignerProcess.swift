internal import AuditLog
internal import Glibc
internal import Isolation
internal import Keys
internal import Linux

/// The whole life of `aibom-signer`: load the key, lock down, serve until the supervisor is gone.
package enum SignerProcess {
    private static let socketNumber: Int32 = 3
    private static let keyNumber: Int32 = 4

    /// - Returns: the exit status: 0 when the supervisor closed the socket, 1 when it broke the protocol or the key is unfit.
    package static func run(arguments: [String]) -> Int32 {
        guard [2, 3].contains(arguments.count), let role = SignerRole(rawValue: arguments[1]), isSocket(socketNumber),
            fcntl(keyNumber, F_GETFD) >= 0
        else {
            say("aibom-signer: started by aibomd only, which gives it its socket and its key")
            return 2
        }
        let socket = OwnedDescriptor(owning: socketNumber)
        do throws(SigningError) {
            var desk = try prepare(OwnedDescriptor(owning: keyNumber), role, arguments.dropFirst(2).first)
            return serve(socket, limit: { Verb(rawValue: $0)?.payloadLimit }, { try desk.answer($0) })
        } catch {
            // The supervisor learns why; that it is gone itself is the only other thing that can be the matter.
            try? socket.write(Frame(kind: Reply.failed.rawValue, payload: Array(error.description.utf8)).bytes)
            return 1
        }
    }

    /// Loads the key, closes its file, and gives up all that a desk does not need.
    private static func prepare(
        _ file: consuming OwnedDescriptor, _ role: SignerRole, _ reference: String?
    ) throws(SigningError) -> SigningDesk {
        // First, so that neither key nor PIN is ever in memory that somebody else may read.
        try system(OwnProcess.forbidDumps)
        var profile = SignerFilter.Profile.strict
        let key: SigningKey
        if let reference, let scheme = TokenURI.scheme(of: reference) {
            let uri = try TokenURI(reference, scheme)
            key = try TokenKey.load(uri, pin: file, role.algorithms)
            profile = .token(files: uri.files)
        } else {
            key = try SigningKey.load(file, path: "of the supervisor", role.algorithms)
        }
        _ = consume file
        try warmUp(key, role)
        try Lockdown.enter(profile)
        return SigningDesk(key: key, role: role)
    }

    /// Signs and verifies once: a self-test, and it makes OpenSSL open now whatever it will ever open.
    private static func warmUp(_ key: borrowing SigningKey, _ role: SignerRole) throws(SigningError) {
        let probe = Array("aibom-signer self-test".utf8)
        let signature = try key.sign(probe)
        guard key.publicKey.verify(signature: signature, over: probe) else {
            throw .signerFailed("the key does not verify what it signs")
        }
        if role == .log { try warmUpClaims(key) }
    }

    /// Signs a first checkpoint, under a name that no log has, and checks a claim that shows it.
    private static func warmUpClaims(_ key: borrowing SigningKey) throws(SigningError) {
        let publicKey = key.publicKey.ed25519 ?? []
        let first = Checkpoint.empty("aibom-signer/self-test")
        do {
            let verifier = try VerifierKey(name: first.origin, kind: .ed25519, publicKey: publicKey)
            let line = SignedNote.Signature(
                name: verifier.name, id: verifier.id, bytes: try key.sign(first.text))
            let note = SignedNote(text: first.text).adding([line])
            let claim = try GrowthClaim(GrowthClaim(first, after: note, proof: []).bytes)
            try claim.check(publicKey: publicKey, remembered: nil)
        } catch { throw .signerFailed("self-test: \(error)") }
    }

    /// Answers requests, one after the other.
    ///
    /// - Parameters:
    ///   - socket: to the supervisor.
    ///   - limit: the largest payload of a verb; nil for what is none.
    ///   - answer: to one request; what it throws ends the conversation.
    /// - Returns: the exit status.
    static func serve(
        _ socket: borrowing OwnedDescriptor, limit: (UInt8) -> Int?, _ answer: (Frame) throws -> Frame
    ) -> Int32 {
        while true {
            do {
                guard let request = try Frame.read(from: socket, limit: limit) else { return 0 }
                try socket.write(try answer(request).bytes)
            } catch {
                say("aibom-signer: \(error)")
                return 1
            }
        }
    }

    static func isSocket(_ descriptor: Int32) -> Bool {
        var type: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0
            && type == Int32(SOCK_STREAM.rawValue)
    }

    /// By write(2): nothing buffered, nothing opened.
    static func say(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }
}
