package import Logging
package import Settings

extension Logger {
    /// The log of a service, as its settings want it.
    package init(label: String, _ settings: Settings.Log) {
        let format: LogLine.Format =
            switch settings.format {
            case .text: .text
            case .json: .json
            }
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        self.init(label: label) { _ in LineLogHandler(format, level: level) }
    }
}
