import ArgumentParser
import JSON
import Jobs
import Operations
import Settings

/// The settings of the services.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check a file of settings, and explain what can be set.",
        subcommands: [Check.self, Explain.self])
}

extension ConfigCommand {
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a file of settings; exit 1 if it has errors.",
            discussion: "What the services' environment and command line say is not looked at.")

        @OptionGroup var format: FormatOptions

        @Argument(help: "The file; left out, it is \(SettingsFile.standard).") var file = SettingsFile.standard

        func run() throws {
            var reading = SettingsReading()
            SettingsFile.read(file, into: &reading)
            reading.crossCheck()
            if format.json {
                Console.show([
                    "file": .string(file), "ok": .bool(!reading.hasErrors),
                    "findings": .array(reading.findings.map(\.json)), "settings": reading.json,
                ])
            } else {
                for finding in reading.findings { Console.show(finding.description) }
                let count = reading.findings.count { $0.severity == .error }
                Console.say(count == 0 ? "\(file) sets \(reading.sources.count) settings" : "\(count) errors")
            }
            guard !reading.hasErrors else { throw ExitCode(ExitStatus.failed.rawValue) }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what can be set, where, and what holds when nothing is.")

        @OptionGroup var format: FormatOptions

        @Argument(help: "A setting such as log.level, or a group such as log; left out, all of them.") var key: String?

        func run() throws {
            let settings = Setting.table.filter { key == nil || $0.key == key || $0.key.hasPrefix("\(key ?? "").") }
            if settings.isEmpty, let key {
                let unknown = Violation.unknown(key, in: "", known: Setting.table.map(\.key))
                throw CommandError.local("the setting \(unknown.field) \(unknown.reason)", remedy: unknown.remedy)
            }
            if format.json { return Console.show(["settings": .array(settings.map(\.json))]) }
            for line in settings.flatMap(SettingsPage.lines) { Console.show(line) }
        }
    }
}

extension SettingsReading {
    /// Every setting, with where it was given; null is the default.
    fileprivate var json: JSON {
        var object = JSONObject()
        for setting in Setting.table {
            object[setting.key] = [
                "value": setting.value(in: settings),
                "source": sources[setting.key].map { .string($0.description) } ?? .null,
            ]
        }
        return .object(object)
    }
}
