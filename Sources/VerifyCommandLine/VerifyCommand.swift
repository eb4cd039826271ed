package import ArgumentParser
internal import Linux
internal import Verify

/// Checks a folder of evidence, without the service and without a network. `aibom verify` and `aibom-verify` are both this.
package struct VerifyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify the evidence of a job offline; exit 4 unless all of it holds.")

    @Argument(help: "The folder that aibom fetch filled.", completion: .directory) var folder: String?
    @Option(help: "The same, beside --file.", completion: .directory) var bundle: String?
    @Option(
        help: "A file that is said to be an artifact or an input of the job, under whatever name.", completion: .file())
    var file: String?
    @Option(name: .customLong("input"), help: "An input file of the job, to compare as well. May be repeated.")
    var inputs: [String] = []
    @OptionGroup var trust: TrustOptions
    @Flag(help: "Print one JSON document on stdout and nothing else there.") var json = false

    package init() {}

    package func validate() throws {
        guard (folder == nil) != (bundle == nil) else {
            throw ValidationError("name the folder of evidence once: as the argument, or with --bundle")
        }
    }

    package func run() throws {
        guard let folder = folder ?? bundle else { return }
        let verdict = Verifier.verify(directory: folder, trust: try trust.trust(), inputs: inputs, file: file)
        if json {
            Output.show(verdict.json)
        } else {
            for line in VerdictTable.lines(verdict) { Output.show(line) }
            Output.say(VerdictTable.conclusion(verdict))
        }
        guard verdict.holds else { throw ExitCode(4) }
    }
}
