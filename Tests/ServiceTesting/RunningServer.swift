package import API
internal import Foundation
internal import Linux
package import Logging
internal import ServiceLifecycle

/// The service on a socket of its own, for as long as a test talks to it.
package enum RunningServer {
    package struct NeverOpened: Error {}

    package static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` with the socket's path, then shuts the server down gracefully and waits until it is.
    package static func with(
        _ service: any JobService, admitting admitted: Set<UInt32> = [], gateway: Gateway? = nil,
        limits: RateLimits = .off, _ body: (_ path: String) async throws -> Void
    ) async throws {
        let folder = "/tmp/aibom-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/aibomd.sock"
        let application = try Server.application(
            serving: service, at: ClaimedSocket(path: path), admitting: admitted, gateway: gateway, limits: limits,
            logger: quiet)
        let group = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        let server = Task { try await group.run() }
        let result: Result<Void, any Error>
        do {
            try await waitUntilOpen(path)
            result = .success(try await body(path))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await server.value
        try result.get()
    }

    /// The socket is made closed (umask) and opened when the server listens: that is the sign.
    private static func waitUntilOpen(_ path: String) async throws {
        for _ in 0..<3000 {
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & 0o100 == 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NeverOpened()
    }
}
