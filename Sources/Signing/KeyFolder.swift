package import Keys
internal import Linux

/// Where a supervisor keeps its keys, below its state folder.
package struct KeyFolder: Sendable {

    let folder: String

    package init(state: String) { folder = "\(state)/keys" }

    package var privateKey: String { privateKey(of: .documents) }
    package var publicKey: String { "\(folder)/documents.pub.pem" }

    package func privateKey(of role: SignerRole) -> String { "\(folder)/\(role.rawValue).pem" }

    /// Makes the folder, a new key in it, and the public half beside it.
    ///
    /// - Parameters:
    ///   - role: what the key is for.
    ///   - algorithm: one that the role takes; nil for its first.
    /// - Returns: the public key.
    /// - Throws: `SigningError`; a key that is there is never overwritten.
    package func generate(
        _ role: SignerRole = .documents, _ algorithm: KeyAlgorithm? = nil
    ) throws(SigningError) -> PublicKey {
        let algorithm = algorithm ?? role.algorithms[0]
        guard role.algorithms.contains(algorithm) else {
            throw .key(path: privateKey(of: role), .kind(accepted: role.algorithms))
        }
        let keys: OwnedDescriptor
        do throws(LinuxError) { keys = try OwnedDescriptor.directory(folder) } catch { throw .system(error) }
        let key = try SigningKey.generate(at: privateKey(of: role), algorithm)
        do throws(LinuxError) {
            try DurableFile.publish(Array(key.pem.utf8), as: "\(role.rawValue).pub.pem", in: keys, mode: 0o644)
        } catch {
            throw .system(error)
        }
        return key
    }
}
