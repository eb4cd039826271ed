package import Catalogue
package import JobStore
package import Linux
package import Sandbox
package import Signing

/// Why a supervisor does not start.
package enum SupervisorError: Error, Equatable, Sendable, CustomStringConvertible {
    case state(LinuxError)
    /// The state folder's file system can't keep a file without a name, as an overlay of an older kernel can't.
    case filesystem(String)
    /// Another supervisor works in the state folder.
    case stateInUse(String)
    case newerState(String, found: Int, known: Int)
    case unreadableState(String)
    case store(StoreError)
    case sandbox(SandboxError)
    case catalogue(CatalogueError)
    case signing(SigningError)
    /// The audit log can't be opened, or is not the one that was seen.
    case trail(String)
    /// What the supervisor runs on can't be measured, or its TPM can't vouch for it.
    case platform(String)
    /// The documents' key is not the one that its history says is in use, or the history does not verify.
    case keyHistory(String)

    package var description: String {
        switch self {
        case .state(let error): "couldn't use the state folder: \(error)"
        case .filesystem(let path):
            "the file system of \(path) has no files without a name (O_TMPFILE), as a container's root may; "
                + "put the state on ext4, xfs, btrfs or tmpfs: --state DIR"
        case .stateInUse(let path):
            "another aibomd works in \(path); stop it, or give this one a state folder of its own: --state DIR"
        case .newerState(let path, let found, let known):
            "\(path) has layout \(found), and this version knows none later than \(known); start the later version of aibomd, "
                + "or restore a backup from before it"
        case .unreadableState(let file): "\(file) holds no number; restore it from a backup"
        case .store(let error): "couldn't open the job store: \(error)"
        case .sandbox(let error): error.description
        case .catalogue(let error): error.description
        case .trail(let error): "couldn't open the audit log: \(error)"
        case .keyHistory(let reason): "couldn't take the documents' key: \(reason)"
        case .platform(let reason): "couldn't measure the platform: \(reason)"
        case .signing(let error): "couldn't start the signer: \(error)"
        }
    }
}
