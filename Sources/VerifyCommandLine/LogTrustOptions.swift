internal import ArgumentParser
package import AuditLog
package import Verify

/// Whose log it must be: a key, or a policy with witnesses.
package struct LogTrustOptions: ParsableArguments {
    @Option(
        name: .customLong("log-key"),
        help: "The audit log's public key, from a source you trust: name+id+key, as aibom keys show --log prints it.")
    var key: String?

    @Option(
        name: .customLong("log-policy"),
        help: "File of logs, witnesses and how many of them you want (C2SP tlog-policy), instead of --log-key.",
        completion: .file())
    var policy: String?

    package init() {}

    package var hasPolicy: Bool { policy != nil }

    package func validate() throws {
        guard key == nil || policy == nil else { throw ValidationError("give --log-key or --log-policy, not both") }
    }

    /// - Throws: `VerifyTrouble` when what was given does not read.
    package func trust() throws(VerifyTrouble) -> LogTrust? {
        if let key = try verifierKey() { return LogTrust(key) }
        return try policyFile().map { LogTrust($0) }
    }

    package func verifierKey() throws(VerifyTrouble) -> VerifierKey? {
        guard let key else { return nil }
        do throws(LogError) { return try VerifierKey(key) } catch {
            throw VerifyTrouble("--log-key: \(error)", remedy: "give what aibom keys show --log prints, all of it")
        }
    }

    package func policyFile() throws(VerifyTrouble) -> TlogPolicy? {
        guard let policy else { return nil }
        let bytes = try TrustOptions.read(policy, "the policy", limit: 256 << 10)
        do throws(LogError) { return try TlogPolicy(bytes) } catch {
            throw VerifyTrouble("\(policy): \(error)", remedy: "see C2SP tlog-policy; docs/auditing.md has an example")
        }
    }
}
