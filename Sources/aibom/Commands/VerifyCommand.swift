import ArgumentParser
import AuditLog
import CSandbox
import Keys
import Linux
import Signing
import Verify

/// Checks a folder of evidence, without the service and without a network.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify the evidence of a job offline; exit 4 unless all of it holds.")

    @Argument(help: "The folder that aibom fetch filled.") var folder: String
    @Option(help: "The public key as PEM, from a source you trust.") var key: String
    @Option(name: .customLong("input"), help: "An input file of the job, to compare as well. May be repeated.")
    var inputs: [String] = []
    @OptionGroup var trust: LogTrustOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let publicKey: PublicKey
        do {
            publicKey = try PublicKey(
                pem: OwnedDescriptor.open(key, flags: O_RDONLY, stage: "open key").readAll(limit: 1 << 16))
        } catch {
            throw CommandError.local(
                "couldn't read the public key \(key): \(error)",
                remedy: "give the PEM file that aibom keys show printed")
        }
        let verdict = Verifier.verify(directory: folder, publicKey: publicKey, inputs: inputs, log: try trust.trust())
        if format.json {
            Console.show(verdict.json)
        } else {
            for check in verdict.checks {
                Console.show("\(check.ok ? "ok  " : "FAIL") \(check.name.rawValue) \(check.subject): \(check.detail)")
            }
            Console.say(
                verdict.holds ? "verified" : "NOT verified: \(verdict.failures.map(\.subject).joined(separator: ", "))")
        }
        guard verdict.holds else { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
    }
}
