internal import Linux

extension KeyFolder {
    private static let linkName = "links.key"
    private static let linkLength = 32

    /// The secret that links are signed with, made when there is none.
    ///
    /// Unlike the documents' key it may be replaced at any time: what it signed is good for an hour. So to change it is to take
    /// the file away and start again. It is published whole: a power cut leaves no half of it.
    package func linkSecret() throws(SigningError) -> [UInt8] {
        let path = "\(folder)/\(Self.linkName)"
        if !OwnedDescriptor.exists(path) {
            try system { () throws(LinuxError) in
                let keys = try OwnedDescriptor.directory(folder)
                try DurableFile.publish(try Random.bytes(Self.linkLength), as: Self.linkName, in: keys, mode: 0o600)
            }
        }
        let file = try KeyFile.open(path)
        let secret = try system { () throws(LinuxError) in try file.readAll(limit: 4096) }
        guard secret.count == Self.linkLength else { throw .key(path: path, .length(secret.count)) }
        return secret
    }
}
