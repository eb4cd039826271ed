package import API
internal import AuditLog
internal import CLinux
internal import Linux
internal import Logging
internal import Signing

/// This node as a witness of others' logs.
struct Witnessing: Sendable {
    static let folder = "witness"

    let signer: LogSigner
    let witness: Witness

    /// - Parameters:
    ///   - path: of the file that names the logs that are watched.
    ///   - state: the state folder.
    ///   - configuration: names the signer.
    /// - Throws: `SupervisorError` when the file does not read, or the key is not there.
    init(
        _ path: String, in state: borrowing OwnedDescriptor, _ configuration: Configuration
    ) throws(SupervisorError) {
        let keys = KeyFolder(state: configuration.state)
        do throws(SigningError) {
            if !OwnedDescriptor.exists(keys.privateKey(of: .witness)),
                !OwnedDescriptor.exists("\(configuration.state)/\(Self.folder)")
            {
                _ = try keys.generate(.witness)
            }
            signer = try LogSigner(
                executable: configuration.signer, key: try KeyFile.open(keys.privateKey(of: .witness)), role: .witness)
        } catch {
            throw .signing(error)
        }
        let logs: [VerifierKey]
        do {
            let file = try OwnedDescriptor.open(path, flags: O_RDONLY, stage: "read watched logs")
            logs = try TlogPolicy(try file.readAll(limit: 256 << 10)).logs
        } catch { throw .trail("audit.watched_logs: \(error)") }
        do throws(LinuxError) {
            witness = Witness(in: try state.directory(Self.folder), logs: logs, signer: signer)
        } catch { throw .state(error) }
    }
}

extension Supervisor {
    package func addCheckpoint(_ body: [UInt8]) async throws(ServiceError) -> WitnessReply {
        guard let witness = installation.witnessing?.witness else { throw .notFound(kind: "witness") }
        do throws(LogError) {
            let answer = try witness.addCheckpoint(body)
            return WitnessReply(status: answer.status, contentType: answer.contentType, body: answer.body)
        } catch { throw fault(error) }
    }
}
