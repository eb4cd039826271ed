internal import Foundation
internal import Jobs
package import Logging
package import Settings

/// What every service does first: its settings, and with them its log.
package enum ServiceStart {
    /// The exit status of a service whose settings have a mistake: another start would not mend it (RestartPreventExitStatus= in
    /// the units).
    package static let badSettings: Int32 = 2

    /// Brings the settings together and opens the log.
    ///
    /// - Parameters:
    ///   - program: its name, in the log and before what it says without one.
    ///   - config: `--config`.
    ///   - options: what the command line says: a setting's key and the value.
    ///   - assignments: each `KEY=VALUE` of `--set`.
    /// - Returns: nil when they have mistakes, all of which have been said.
    package static func read(
        _ program: SettingReader, config: String?, options: [(key: String, value: String?)], assignments: [String]
    ) -> (Settings, Logger)? {
        let reading = SettingsFile.load(
            config, options: options.map { (key: $0.key, value: absolute($0.value, for: $0.key)) },
            assignments: assignments)
        guard let settings = reading.checked else {
            for finding in reading.findings { StandardError.write(Array("\(program.rawValue): \(finding)\n".utf8)) }
            return nil
        }
        let log = Logger(label: program.rawValue, settings.log)
        for finding in reading.findings {
            let violation = finding.violation
            log.warning("\(violation.field) \(violation.reason); \(violation.remedy)")
        }
        return (settings, log)
    }

    /// A path on a command line may begin at the working directory; in a file it may not.
    private static func absolute(_ text: String?, for key: String) -> String? {
        guard let text, !text.isEmpty, !text.hasPrefix("/"), Setting.named(key)?.kind.isPath(text) == true else {
            return text
        }
        return "\(FileManager.default.currentDirectoryPath)/\(text)"
    }
}
