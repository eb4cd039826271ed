package import Keys
package import Linux

/// Why a key was not rotated or revoked.
package enum KeyRotationError: Error, Equatable, Sendable, CustomStringConvertible {
    case signing(SigningError)
    case system(LinuxError)
    case history(KeyHistoryError)
    case record(KeyHistoryFault)
    /// A supervisor works in the state folder, or another command on its keys.
    case inUse(String)
    /// Seals were begun in the name of the key in use, and not finished.
    case unfinishedSeals(Int)
    /// The file of the key is not of the key that the history says is in use.
    case otherKey(found: String, current: String)

    package var description: String {
        switch self {
        case .signing(let error): error.description
        case .system(let error): error.description
        case .history(let error): error.description
        case .record(let fault): "the record that was to be added \(fault)"
        case .inUse(let path):
            "\(path) is in use; stop aibomd first: what it seals meanwhile would be signed by a retired key"
        case .unfinishedSeals(let count):
            "\(count) jobs are being sealed in the name of the key in use; start aibomd, let it finish them, and stop it again"
        case .otherKey(let found, let current):
            "documents.pem is key \(found), and the history says that key \(current) is in use; an interrupted rotation is "
                + "completed by 'aibom keys rotate', else restore the key"
        }
    }
}
