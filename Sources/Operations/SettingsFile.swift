internal import Foundation
internal import Jobs
internal import Linux
package import Settings
internal import SystemPackage

/// The files and variables that settings come from.
package enum SettingsFile {
    /// Read when nothing else is named and it is there.
    package static let standard = "/etc/aibom/config.json"

    /// Brings a program's settings together: the file, then the environment, then the command line.
    ///
    /// - Parameters:
    ///   - path: `--config`; nil is `AIBOM_CONFIG`, else the standard place if there is a file.
    ///   - environment: every variable of the process.
    ///   - options: what the command line says, in its order: a setting's key and the value.
    ///   - assignments: each `KEY=VALUE` of `--set`.
    /// - Returns: the settings with all that is wrong about them.
    package static func load(
        _ path: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        options: [(key: String, value: String?)] = [], assignments: [String] = []
    ) -> SettingsReading {
        var reading = SettingsReading()
        let named = path ?? environment["AIBOM_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        if let place = named ?? (OwnedDescriptor.exists(standard) ? standard : nil) { read(place, into: &reading) }
        reading.read(environment: environment, contents: contents)
        for option in options {
            guard let value = option.value, let setting = Setting.named(option.key) else { continue }
            reading.read(value, for: setting, from: .option("--\(option.key)"))
        }
        for assignment in assignments { reading.read(assignment: assignment) }
        reading.crossCheck()
        return reading
    }

    /// Takes a file's values, if nobody but root and we could have written it.
    package static func read(_ path: String, into reading: inout SettingsReading) {
        do throws(Violation) {
            reading.read(file: try ownBytes(of: path), named: path)
        } catch {
            reading.report(.error, .file(path, line: 1), error)
        }
    }

    /// The bytes of a file that root or this process's user owns and nobody else may write to: who can change a root
    /// process's settings can have it run anything.
    private static func ownBytes(of path: String) throws(Violation) -> [UInt8] {
        let file = try reading { () throws(LinuxError) in
            try OwnedDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK, stage: "open settings")
        }
        let status = try reading { () throws(LinuxError) in try file.status() }
        guard status.kind == .regular else {
            throw Violation("the file", "is no regular file", remedy: "name the file itself with --config")
        }
        guard status.owner == 0 || status.owner == OwnProcess.effectiveUser else {
            throw Violation("the file", "belongs to user \(status.owner)", remedy: "chown root \(path)")
        }
        guard status.mode & 0o022 == 0 else {
            throw Violation("the file", "can be written by others", remedy: "chmod go-w \(path)")
        }
        return try reading { () throws(LinuxError) in try file.readAll(limit: 1 << 20) }
    }

    private static func reading<Answer: ~Copyable>(
        _ body: () throws(LinuxError) -> Answer
    ) throws(Violation) -> Answer {
        do throws(LinuxError) { return try body() } catch {
            throw Violation("the file", "can't be read: \(error)", remedy: "name a file of settings that is there")
        }
    }

    /// What a `NAME_FILE` variable's file says.
    private static func contents(_ path: String) -> Result<String, Violation> {
        do throws(LinuxError) {
            let bytes = try OwnedDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK).readAll(limit: 64 << 10)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw LinuxError(stage: "read text", errno: .illegalByteSequence, path: path)
            }
            return .success(text)
        } catch {
            return .failure(Violation("the file", "can't be read: \(error)", remedy: "name a file that is there"))
        }
    }
}
