import ArgumentParser
import Catalogue
import Foundation
import JSON
import Jobs
import Operations
import Sandbox
import Settings

/// What this host can enforce, and whether the set-up on it is sound.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Tell what this host can enforce and what is wrong with the set-up, line by line; exit 1 if jobs can't run.",
        discussion: "Looks where the settings say: the file, the environment, --set. Changes nothing.")

    @OptionGroup var format: FormatOptions
    @Option(help: "File of settings (AIBOM_CONFIG; \(SettingsFile.standard) when it is there).") var config: String?
    @Option(help: "Any setting: --set state=/srv/aibom.") var set: [String] = []

    func run() throws {
        let reading = SettingsFile.load(config, assignments: set)
        let settings = reading.settings
        // What others left first: the probe of the host sweeps it away, as every start does.
        let leftovers = LeftoverChecks(settings).lines
        let policy = try PolicyCatalogue.policy("strict")
        var lines = SettingsChecks(reading).lines
        lines += HostProbe.examine(runtime: settings.runtime, policy: policy).map(DoctorLine.init)
        lines +=
            StateChecks(settings).lines + KeyChecks(settings).lines + LogChecks(settings).lines
            + RootfsChecks(settings).lines
        lines += ServiceChecks(settings).lines + GatewayChecks(reading).lines + ClockChecks(settings).lines + leftovers
        show(lines)
        guard lines.allSatisfy({ $0.status != .broken }) else { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func show(_ lines: [DoctorLine]) {
        guard !format.json else {
            return Console.show([
                "ok": .bool(lines.allSatisfy { $0.status != .broken }), "findings": .array(lines.map(\.json)),
            ])
        }
        for line in lines {
            Console.show("\(line.status.mark) \(line.name): \(line.why)")
            if let remedy = line.remedy { Console.show("             \(remedy)") }
        }
    }
}

/// One line of a doctor's report.
struct DoctorLine: Equatable {
    enum Status: String {
        case ok
        /// Jobs run, or will once the set-up goes on.
        case warning
        /// Jobs can't run, or must not.
        case broken

        var mark: String { rawValue.padding(toLength: 8, withPad: " ", startingAt: 0) }
    }

    let name: String
    let status: Status
    let why: String
    /// What to do; nil when all is well.
    let remedy: String?

    init(_ name: String, _ status: Status, _ why: String, remedy: String? = nil) {
        self.name = name
        self.status = status
        self.why = why
        self.remedy = status == .ok ? nil : remedy
    }

    init(_ finding: HostProbe.Finding) {
        self.init(
            finding.name, finding.isFine ? .ok : finding.isNeeded ? .broken : .warning, finding.detail,
            remedy: finding.remedy)
    }

    var json: JSON {
        [
            "name": .string(name), "status": .string(status.rawValue), "why": .string(why),
            "remedy": remedy.map(JSON.string) ?? .null,
        ]
    }
}

/// Whether the settings can be taken.
struct SettingsChecks {
    let lines: [DoctorLine]

    init(_ reading: SettingsReading) {
        guard !reading.findings.isEmpty else {
            let places = Set(
                reading.sources.values.compactMap { source in
                    if case .file(let path, _) = source { path } else { nil }
                })
            let place = places.first.map { "\($0) is valid" } ?? "no file sets anything"
            lines = [DoctorLine("settings", .ok, "\(place); \(reading.sources.count) differ from the defaults")]
            return
        }
        lines = reading.findings.map {
            DoctorLine(
                "settings", $0.severity == .error ? .broken : .warning,
                "\($0.source): \($0.violation.field) \($0.violation.reason)", remedy: $0.violation.remedy)
        }
    }
}
