import ArgumentParser
import Coverage
import JSON

/// How much of what a regulator, a list or a scorer asks for an AIBoM has.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Compare an AIBoM with what others ask for, element by element; exit 1 below --min.")

    @Argument(help: "The AIBoM: aibom.json.") var file: String
    @Option(help: "What to compare with: \(CoverageProfile.names.joined(separator: ", ")).") var profile: String
    @Option(help: "The least score that is a success, from 0 to 100.") var min: Double?
    @OptionGroup var format: FormatOptions

    func validate() throws {
        guard CoverageProfile.names.contains(profile) else {
            throw ValidationError("no profile \(profile); use one of: \(CoverageProfile.names.joined(separator: ", "))")
        }
        if let min, !(0...100).contains(min) { throw ValidationError("--min is a percentage, from 0 to 100") }
    }

    func run() throws {
        let document = try BillFile.read(file)
        let coverage: Coverage
        do throws(CoverageError) {
            coverage = try Coverage(of: document.json, by: try CoverageProfile.named(profile))
        } catch {
            throw CommandError.local("\(file): \(error)", remedy: "give an aibom.json")
        }
        if format.json { Console.show(coverage.json) } else { show(coverage) }
        guard coverage.score >= min ?? 0 else {
            Console.say("below the \(min ?? 0) that were asked for")
            throw ExitCode(ExitStatus.failed.rawValue)
        }
    }

    private func show(_ coverage: Coverage) {
        for finding in coverage.findings {
            let line =
                "\(finding.standing.word.padding(to: 9))\(finding.element.id.padding(to: 22)) \(finding.element.name)"
            switch finding.standing {
            case .present(let pointer, let by):
                Console.show("\(line)\n         \(pointer) (\(by ?? "nobody says who vouches"))")
            case .unknown(let pointer), .withheld(let pointer): Console.show("\(line)\n         \(pointer)")
            case .missing: Console.show("\(line)\n         asked of the \(finding.element.source)")
            }
        }
        let counts = coverage.counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
        Console.say("\(coverage.profile.title): \(coverage.score) of 100 (\(counts))")
        Console.say("source: \(coverage.profile.source["title"]?.stringValue ?? "")")
    }
}
