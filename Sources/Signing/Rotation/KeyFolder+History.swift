internal import Glibc
package import Keys
internal import Linux
internal import SystemPackage

extension KeyFolder {
    /// The signed history of the documents' key; an empty one when no key was ever rotated or revoked.
    ///
    /// - Throws: `KeyRotationError.history` for one that can't be believed.
    /// - Returns: the history, every signature of it verified.
    package func history() throws(KeyRotationError) -> KeyHistory {
        let bytes = try historyBytes()
        do throws(KeyHistoryError) { return try KeyHistory(bytes) } catch { throw .history(error) }
    }

    /// The same as it is signed, unread; no byte when there is none.
    package func historyBytes() throws(KeyRotationError) -> [UInt8] {
        guard OwnedDescriptor.exists(folder) else { return [] }
        let keys: OwnedDescriptor
        do throws(LinuxError) {
            keys = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY, stage: "open keys")
        } catch { throw .system(error) }
        return try Self.historyBytes(in: keys)
    }

    /// That the key that is about to sign is the one in use by the history. A supervisor asks before its first job: after an
    /// interrupted rotation it would sign by a key that has handed over.
    ///
    /// - Throws: `KeyRotationError.otherKey` with what to do about it.
    package func requireCurrent(_ key: PublicKey) throws(KeyRotationError) {
        guard let current = try history().current, current != key else { return }
        throw .otherKey(found: key.keyID, current: current.keyID)
    }

    static func history(in keys: borrowing OwnedDescriptor) throws(KeyRotationError) -> KeyHistory {
        let bytes = try historyBytes(in: keys)
        do throws(KeyHistoryError) { return try KeyHistory(bytes) } catch { throw .history(error) }
    }

    static func historyBytes(in keys: borrowing OwnedDescriptor) throws(KeyRotationError) -> [UInt8] {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(
                Array(KeyHistory.name.utf8), in: keys, flags: O_RDONLY | O_NOFOLLOW, stage: "read key history"
            ).readAll(limit: KeyHistory.sizeLimit)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw .system(error)
        }
    }
}
