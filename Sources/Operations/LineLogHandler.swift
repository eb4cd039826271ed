internal import Linux
package import Logging
internal import Measure

/// Writes each event as one line by one write(2), so that lines of two threads or processes never mix (pipe(7): up to 4096
/// bytes; the journal's sockets: any length).
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogLine.Format
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - format: text or JSON.
    ///   - level: the least level that is written.
    ///   - write: takes a line; standard error unless a test says otherwise.
    package init(
        _ format: LogLine.Format, level: Logger.Level,
        write: @escaping @Sendable ([UInt8]) -> Void = StandardError.write
    ) {
        self.format = format
        logLevel = level
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members = metadata
        if let provided = metadataProvider?.get() { members.merge(provided) { $1 } }
        if let own = event.metadata { members.merge(own) { $1 } }
        if let error = event.error { members["error"] = "\(error)" }
        let line = LogLine(time: .now(), level: event.level, message: event.message.description, metadata: members)
        write(line.bytes(as: format))
    }
}

/// Where a log goes.
package enum StandardError {
    /// A log that can't be written is no reason to stop what it tells about.
    package static func write(_ bytes: [UInt8]) { OwnProcess.writeError(bytes) }
}
