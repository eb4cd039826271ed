internal import Glibc
internal import Keys
internal import Linux

/// The life of `aibom-signer platform HANDLE`: holds the TPM's descriptor and a socket to the supervisor, and nothing else.
///
/// A process of its own because who can talk to the device can do with it whatever an empty password allows. The supervisor, which has
/// files of users in its hands, keeps no use of it; who takes this process over can quote and can't open anything.
package enum PlatformProcess {
    package static let role = "platform"
    private static let socketNumber: Int32 = 3
    private static let deviceNumber: Int32 = 4

    /// Whether these arguments ask for this process and not for one with a key.
    package static func isMeant(by arguments: [String]) -> Bool { arguments.dropFirst().first == role }

    /// - Returns: the exit status: 0 when the supervisor closed the socket, 1 when it broke the protocol.
    package static func run(arguments: [String]) -> Int32 {
        guard arguments.count == 3, let handle = UInt32(arguments[2], radix: 16),
            SignerProcess.isSocket(socketNumber), fcntl(deviceNumber, F_GETFD) >= 0
        else {
            SignerProcess.say("aibom-signer: started by aibomd only, which gives it its socket and the TPM")
            return 2
        }
        let socket = OwnedDescriptor(owning: socketNumber)
        var desk = PlatformDesk(TPMDevice(OwnedDescriptor(owning: deviceNumber)), handle: handle)
        // Makes OpenSSL open now whatever it opens at its first digest: afterwards nothing can be opened.
        _ = TPMAttestation.digest(of: [])
        do throws(SigningError) { try Lockdown.enter(.device) } catch {
            try? socket.write(Frame(kind: Reply.failed.rawValue, payload: Array(error.description.utf8)).bytes)
            return 1
        }
        return SignerProcess.serve(
            socket, limit: { PlatformVerb(rawValue: $0)?.payloadLength }, { try desk.answer($0) })
    }
}
