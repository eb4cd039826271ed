import ArgumentParser
import AuditLog
import CSandbox
import Linux
import Verify

/// Whose log it must be: a key, or a policy with witnesses.
struct LogTrustOptions: ParsableArguments {
    @Option(
        name: .customLong("log-key"),
        help: "The audit log's public key, from a source you trust: name+id+key, as aibom keys show --log prints it.")
    var key: String?

    @Option(
        name: .customLong("log-policy"),
        help: "File of logs, witnesses and how many of them you want (C2SP tlog-policy), instead of --log-key.",
        completion: .file())
    var policy: String?

    func validate() throws {
        guard key == nil || policy == nil else { throw ValidationError("give --log-key or --log-policy, not both") }
    }

    /// - Throws: `CommandError` when what was given does not read.
    func trust() throws(CommandError) -> LogTrust? {
        if let key = try verifierKey() { return LogTrust(key) }
        return try policyFile().map { LogTrust($0) }
    }

    func verifierKey() throws(CommandError) -> VerifierKey? {
        guard let key else { return nil }
        do throws(LogError) { return try VerifierKey(key) } catch {
            throw .local("--log-key: \(error)", remedy: "give what aibom keys show --log prints, all of it")
        }
    }

    func policyFile() throws(CommandError) -> TlogPolicy? {
        guard let policy else { return nil }
        let bytes: [UInt8]
        do throws(LinuxError) {
            bytes = try OwnedDescriptor.open(policy, flags: O_RDONLY, stage: "open policy").readAll(limit: 256 << 10)
        } catch {
            throw .local("couldn't read the policy: \(error)", remedy: "give a file with log, witness and quorum lines")
        }
        do throws(LogError) { return try TlogPolicy(bytes) } catch {
            throw .local("\(policy): \(error)", remedy: "see C2SP tlog-policy; docs/auditing.md has an example")
        }
    }
}
