import ArgumentParser
import Catalogue
import JSON
import Sandbox

/// What this kernel and user can enforce.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what this host can enforce, line by line; exit 1 if jobs can't run.")

    @OptionGroup var format: FormatOptions

    func run() throws {
        let policy = try PolicyCatalogue.policy("strict")
        let findings = HostProbe.examine(runtime: RuntimeFolder.path, policy: policy) + [environments]
        if format.json {
            Console.show(["findings": .array(findings.map(\.json))])
        } else {
            for finding in findings { Console.show("\(finding.mark) \(finding.name): \(finding.detail)") }
        }
        guard findings.allSatisfy({ $0.isFine || !$0.isNeeded }) else { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private var environments: HostProbe.Finding {
        let catalogue = RootfsCatalogue()
        let names = (try? catalogue.names()) ?? []
        return HostProbe.Finding(
            name: "rootfs", isFine: !names.isEmpty, isNeeded: false,
            detail: names.isEmpty
                ? "none is built in \(catalogue.folder); build one: aibom rootfs build keras"
                : "built: \(names.joined(separator: ", "))")
    }
}

extension HostProbe.Finding {
    fileprivate var mark: String { isFine ? "ok  " : isNeeded ? "FAIL" : "note" }

    fileprivate var json: JSON {
        [
            "name": .string(name), "ok": .bool(isFine), "needed": .bool(isNeeded), "detail": .string(detail),
        ]
    }
}
