package import Linux
internal import SystemPackage

/// The newest checkpoint that was signed, kept in another folder than the log: it tells when somebody puts back an older copy of the
/// log. Written before the checkpoint is published.
package final class HeadFile: Sendable {
    private let folder: OwnedDescriptor
    private let name: String

    package init(_ name: String, in folder: consuming OwnedDescriptor) {
        self.name = name
        self.folder = folder
    }

    /// The checkpoint that was recorded last; nil before the first.
    package func read(by key: VerifierKey) throws(LogError) -> SignedCheckpoint? {
        let bytes: [UInt8]
        do throws(LinuxError) {
            bytes = try folder.open(beneath: name).readAll(limit: SignedNote.sizeLimit)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw .system(error)
        }
        return try SignedCheckpoint(bytes, log: key)
    }

    func record(_ signed: SignedCheckpoint) throws(LogError) {
        try system { () throws(LinuxError) in try DurableFile.publish(signed.note.bytes, as: name, in: folder) }
    }
}
