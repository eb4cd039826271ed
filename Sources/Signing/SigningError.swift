package import Keys
package import Linux

/// Why there is no key, no signature or no signer.
package enum SigningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with a key file.
    package enum KeyFault: Equatable, Sendable {
        case missing
        case symbolicLink
        case notRegular
        case owner(UInt32)
        case mode(UInt16)
        case notPEM
        case encrypted
        /// Of a kind that is not among those that the role takes.
        case kind(accepted: [KeyAlgorithm])
        case exists
        /// Of the text that should say where the key is.
        case reference(String)
        /// What a token or its library says against it.
        case token(String)
        /// Of a file that should hold a PIN.
        case pin
        /// Of a key that is a number of bytes and no PEM.
        case length(Int)
    }

    /// What is wrong with a chain of certificates; they are counted from 1, the signing key's own first.
    package enum ChainFault: Equatable, Sendable {
        case none
        case tooLong(Int)
        case unreadable(Int)
        case otherKey(String)
        case usage
        case order(Int)
        case invalid(Int, String)
    }

    case key(path: String, KeyFault)
    case chain(path: String, ChainFault)
    case publicKey(PublicKeyError)
    case openssl(stage: String)
    case system(LinuxError)
    case signerRefused(String)
    case signerFailed(String)
    case signerEnded(stage: String)
    case signerKeyChanged
    /// What the TPM did not do, or answered.
    case tpm(String)

    package var description: String {
        switch self {
        case .chain(let path, let fault): "certificates \(path): \(fault.description)"
        case .key(let path, let fault): "key \(path): \(fault.description(path: path))"
        case .publicKey(let error): error.description
        case .openssl(let stage): "openssl: \(stage)"
        case .system(let error): error.description
        case .signerRefused(let reason): "signer refused: \(reason)"
        case .signerFailed(let reason): "signer could not start: \(reason)"
        case .signerEnded(let stage): "signer ended: \(stage); its last words, if any, are on standard error"
        case .signerKeyChanged: "signer: a new signer has another key; restart the supervisor"
        case .tpm(let reason): "tpm: \(reason)"
        }
    }
}

extension SigningError.ChainFault {
    fileprivate var description: String {
        switch self {
        case .none: "holds no certificate; write them in PEM, the signing key's own first"
        case .tooLong(let count): "holds \(count) certificates; the limit is 10"
        case .unreadable(let number): "certificate \(number) does not read; leave nothing but PEM certificates in it"
        case .otherKey(let id): "the first is of another key than the one that signs, \(id); put that key's first"
        case .usage: "the first is not for digital signatures; have one issued that is"
        case .order(let number):
            "certificate \(number) was not issued by certificate \(number + 1); order them from the signing key's to the authority's"
        case .invalid(let number, let reason): "certificate \(number): \(reason); have it issued anew"
        }
    }
}

extension SigningError.KeyFault {
    fileprivate func description(path: String) -> String {
        switch self {
        case .missing: "not there; make one with 'aibom keys generate'"
        case .symbolicLink: "a symbolic link; name the file itself"
        case .notRegular: "not a regular file"
        case .owner(let owner): "belongs to user \(owner); 'chown root \(path)' or run as its owner"
        case .mode(let mode):
            "mode \(String(mode, radix: 8)) lets others use it; 'chmod 600 \(path)', and consider the key known"
        case .notPEM: "holds no PEM private key; make one with 'aibom keys generate'"
        case .encrypted: "is encrypted, and nobody is there to type its passphrase; store it with 'openssl pkey'"
        case .kind([.ed25519]): "not an Ed25519 key; restore the key that the log was begun with"
        case .kind(let accepted):
            "of no kind that signs here (\(accepted.map(\.name).joined(separator: ", "))); make one with 'aibom keys generate'"
        case .length(let count):
            "has \(count) bytes and must have 32; take it away, and the next start makes a new one (links given out end)"
        case .reference(let reason): reason
        case .token(let reason): reason
        case .pin: "holds no PIN of at most 255 bytes in its first line; write it there and nothing else"
        case .exists: "exists already and is never overwritten; move it away first"
        }
    }
}

/// Calls `body`, with what a public key has against it as ours.
func publicKey<Answer>(_ body: () throws(PublicKeyError) -> Answer) throws(SigningError) -> Answer {
    do throws(PublicKeyError) { return try body() } catch { throw .publicKey(error) }
}

/// Calls `body`, with the kernel's errors as ours.
func system<Answer: ~Copyable>(_ body: () throws(LinuxError) -> Answer) throws(SigningError) -> Answer {
    do throws(LinuxError) { return try body() } catch { throw .system(error) }
}
