import AuditLog
import CLinux
import Keys
import Linux
import Settings
import Supervisor
import SystemPackage

/// The audit log, as far as its newest checkpoint and the hashes under it tell; `aibom audit verify` derives all of it.
struct LogChecks {
    private let state: String

    init(_ settings: Settings) { state = settings.state }

    var lines: [DoctorLine] {
        let path = "\(state)/\(LogPlace.folder)"
        guard OwnedDescriptor.exists(path) else { return [DoctorLine("audit log", .ok, "not begun yet")] }
        guard OwnProcess.effectiveUser == 0 else {
            return [DoctorLine("audit log", .warning, "only root can look at \(path)", remedy: "ask as root")]
        }
        do throws(LogError) { return [try examine(path)] } catch {
            return [
                DoctorLine(
                    "audit log", .broken, error.description,
                    remedy:
                        "aibom audit verify --log \(path) says more; restore the state folder as a whole, never the log alone"
                )
            ]
        }
    }

    private func examine(_ path: String) throws(LogError) -> DoctorLine {
        let reader = try TileReader(path: path)
        let note: [UInt8]
        do throws(LogError) { note = try reader.checkpoint() } catch .missing {
            return DoctorLine("audit log", .ok, "nothing is published of it yet")
        }
        let key = try key(of: note)
        let published = try SignedCheckpoint(note, log: key).checkpoint
        var tree = MerkleTree(reader, size: published.size)
        guard try tree.root() == published.root else {
            throw .damaged("the hashes in \(path) are not those of its checkpoint")
        }
        let head: OwnedDescriptor
        do throws(LinuxError) { head = try OwnedDescriptor.open(state, flags: O_RDONLY | O_DIRECTORY) } catch {
            throw .system(error)
        }
        if let newest = try HeadFile(LogPlace.head, in: head).read(by: key)?.checkpoint, newest.size > published.size {
            // The head is written first, so a supervisor may be between the two, or have died there.
            return DoctorLine(
                "audit log", .warning,
                "\(published.size) entries are published and \(newest.size) were signed",
                remedy:
                    "the next start publishes them, or refuses a log that went backwards: then restore the whole state folder"
            )
        }
        return DoctorLine("audit log", .ok, "\(published.size) entries of \(published.origin), under a good signature")
    }

    /// The log's own key, under the name that the checkpoint has: whose log it is, is not in question here.
    private func key(of note: [UInt8]) throws(LogError) -> VerifierKey {
        let path = "\(state)/keys/log.pub.pem"
        let origin = try Checkpoint(text: SignedNote(note).text).origin
        guard let pem = try? OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: 64 << 10),
            let key = try? PublicKey(pem: pem, .ed25519).ed25519
        else { throw .malformed(path, "is not the PEM of an Ed25519 key") }
        return try VerifierKey(name: origin, kind: .ed25519, publicKey: key)
    }
}
