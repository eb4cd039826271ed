internal import Linux

/// Where a supervisor keeps the key that signs documents, below its state folder.
package struct KeyFolder: Sendable {
    private static let privateName = "documents.pem"
    private static let publicName = "documents.pub.pem"

    let folder: String

    package init(state: String) { folder = "\(state)/keys" }

    package var privateKey: String { "\(folder)/\(Self.privateName)" }
    package var publicKey: String { "\(folder)/\(Self.publicName)" }

    /// Makes the folder, a new key in it, and the public half beside it.
    ///
    /// - Returns: the public key.
    /// - Throws: `SigningError`; a key that is there is never overwritten.
    package func generate() throws(SigningError) -> PublicKey {
        let keys: OwnedDescriptor
        do throws(LinuxError) { keys = try OwnedDescriptor.directory(folder) } catch { throw .system(error) }
        let key = try SigningKey.generate(at: privateKey)
        do throws(LinuxError) {
            try DurableFile.publish(Array(key.pem.utf8), as: Self.publicName, in: keys, mode: 0o644)
        } catch {
            throw .system(error)
        }
        return key
    }
}
