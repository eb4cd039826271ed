import ArgumentParser
import AuditLog
import CLinux
import Foundation
import Linux
import VerifyCommandLine

/// Which log is looked at: the service's, or a copy.
struct LogOptions: ParsableArguments {
    @OptionGroup var service: ServiceOptions
    @OptionGroup var trust: LogTrustOptions

    @Option(help: "Folder of a log, or of a copy; nobody is asked.", completion: .directory)
    var log: String?

    @Option(
        help:
            "Folder in which to keep a copy, so that only new entries are fetched, and a log that shows another past is noticed.",
        completion: .directory)
    var copy: String?

    func validate() throws {
        guard log == nil || copy == nil else { throw ValidationError("give --log or --copy, not both") }
    }

    /// Calls `body` with the log, verified as far as its own key goes.
    func with<Answer: Sendable>(_ body: (LogView, LogMirror?) async throws -> Answer) async throws -> Answer {
        if let log { return try await body(try LogView(log, key: try localKey(log)), nil) }
        return try await ServiceClient.with(service) { client in
            let key = try await LogMirror.key(try trusted(), client)
            let temporary = copy == nil ? try TemporaryFolder() : nil
            defer { withExtendedLifetime(temporary) {} }
            let path = copy ?? temporary?.path ?? ""
            let mirror = LogMirror(client, path, key)
            try await mirror.update()
            return try await body(try LogView(path, key: key), mirror)
        }
    }

    /// The key that was given, of a policy the first.
    private func trusted() throws(CommandError) -> VerifierKey? {
        do throws(VerifyTrouble) {
            if let key = try trust.verifierKey() { return key }
            return try trust.policyFile()?.logs.first
        } catch {
            throw .local(error.message, remedy: error.remedy)
        }
    }

    private func localKey(_ folder: String) throws(CommandError) -> VerifierKey {
        if let key = try trusted() { return key }
        do {
            let text = try String(contentsOfFile: "\(folder)/\(LogMirror.keyName)", encoding: .utf8)
            return try VerifierKey(text.trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            throw .local("it is not said whose log \(folder) is", remedy: "give its key with --log-key")
        }
    }
}

/// A folder that is gone with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "aibom-audit-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
