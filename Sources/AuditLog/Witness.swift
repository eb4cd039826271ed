package import Linux
package import Measure
internal import Synchronization

/// A witness of other nodes' logs: remembers the newest checkpoint of each, and cosigns only what that one is the beginning of.
///
/// Two checkpoints of one log that do not fit together never both get its cosignature, also across a power cut: the new checkpoint is
/// on the disk before the answer goes out.
package final class Witness: Sendable {
    private let logs: [VerifierKey]
    private let signer: any NoteSigner
    /// One request at a time: to compare the old size and to store the new checkpoint is one step.
    private let folder: Mutex<OwnedDescriptor>

    /// - Parameters:
    ///   - folder: its own; holds one file for each log.
    ///   - logs: those that it watches.
    ///   - signer: has its key, of the cosigning kind.
    package init(in folder: consuming OwnedDescriptor, logs: [VerifierKey], signer: any NoteSigner) {
        self.folder = Mutex(folder)
        self.logs = logs
        self.signer = signer
    }

    /// Answers add-checkpoint.
    ///
    /// - Parameters:
    ///   - body: of the request.
    ///   - now: the time that the cosignature states.
    /// - Throws: `LogError` when the state can't be read or written, or the signer does not sign: nothing was promised.
    /// - Returns: the cosignature's line, or why there is none.
    package func addCheckpoint(_ body: [UInt8], at now: Instant = .now()) throws(LogError) -> WitnessAnswer {
        try folder.withLock { folder throws(LogError) in
            var last: [ExactText: Checkpoint] = [:]
            for log in logs { last[log.name] = try Self.last(of: log, in: folder)?.checkpoint }
            switch WitnessRule.decide(body, logs: logs, last: { last[$0] }) {
            case .refuse(let answer): return answer
            case .cosign(let signed):
                let seconds = UInt64(max(now.milliseconds, 0) / 1000)
                let line = try Cosignature.make(over: signed.note.text, at: seconds, by: signer)
                let cosigned = signed.note.adding([line])
                try system { () throws(LinuxError) in
                    try DurableFile.publish(cosigned.bytes, as: Self.file(signed.checkpoint.origin), in: folder)
                }
                return WitnessAnswer(200, line.line)
            }
        }
    }

    /// The newest cosigned checkpoint of the log whose origin has this hex SHA-256; nil for a log that is not watched or has none.
    package func checkpoint(originHash: String) throws(LogError) -> [UInt8]? {
        guard let log = logs.first(where: { Self.file($0.name) == originHash }) else { return nil }
        return try folder.withLock { folder throws(LogError) in try Self.last(of: log, in: folder)?.note.bytes }
    }

    /// What was cosigned last. A file that is not the log's own checkpoint any more stops the witness instead of starting anew.
    private static func last(of log: VerifierKey, in folder: borrowing OwnedDescriptor) throws(LogError)
        -> SignedCheckpoint?
    {
        let reader = TileReader(try system { () throws(LinuxError) in try folder.duplicate() })
        do throws(LogError) {
            return try SignedCheckpoint(reader.read(file(log.name), limit: SignedNote.sizeLimit), log: log)
        } catch {
            guard case .missing = error else { throw error }
            return nil
        }
    }

    /// The name that C2SP tlog-witness gives a log's checkpoint.
    private static func file(_ origin: ExactText) -> String { Digest.of(origin.bytes).hex }
}
