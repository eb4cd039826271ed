internal import Glibc
package import Linux

/// Where a private key comes from, open: what a signer process gets as its fourth descriptor, and the reference that goes with it.
package struct KeySource: ~Copyable, Sendable {
    /// The key file, or the file with the token's PIN, or /dev/null for a token without one.
    let file: OwnedDescriptor
    /// Nil for a key file.
    let token: TokenURI?

    /// Opens a key by reference.
    ///
    /// - Parameter reference: an absolute path, the same after `file:`, or the URI of a key in a token.
    /// - Throws: `SigningError.key`; files that others could read are refused, the PIN's as the key's.
    package init(_ reference: String) throws(SigningError) {
        guard let scheme = TokenURI.scheme(of: reference) else {
            file = try KeyFile.open(reference.hasPrefix("file:") ? String(reference.dropFirst(5)) : reference)
            token = nil
            return
        }
        let token = try TokenURI(reference, scheme)
        if let pin = token.pin {
            file = try KeyFile.open(pin)
        } else {
            file = try system { () throws(LinuxError) in try OwnedDescriptor.open("/dev/null", flags: O_RDONLY) }
        }
        self.token = token
    }

    /// The open file of a key.
    package init(file: consuming OwnedDescriptor) {
        self.file = file
        token = nil
    }

    /// Whether the reference is of a token and not of a file.
    package static func isToken(_ reference: String) -> Bool { TokenURI.scheme(of: reference) != nil }
}
