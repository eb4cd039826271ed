import Foundation
import Linux
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import ServiceTesting

@testable import Gateway

/// A gateway on a loopback port of its own, in this process and unconfined, for as long as a test talks to it.
enum RunningGateway {
    /// Runs `body` with the port, then shuts the gateway down gracefully and waits until it is.
    static func with(
        supervisor: String, _ configuration: GatewayConfiguration = GatewayConfiguration(),
        _ body: (_ port: UInt16) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.supervisor = supervisor
        configuration.listen = ListenAddress(host: "127.0.0.1", port: 0)
        let material = try GatewayMaterial.gather(configuration, passed: nil)
        let port = material.port
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let server = GatewayServer(material, configuration, on: loops, log: RunningServer.quiet)
        try await server.prepare()
        let group = ServiceGroup(configuration: .init(services: [server], logger: RunningServer.quiet))
        let running = Task { try await group.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(port)) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await running.value
        try await loops.shutdownGracefully()
        try result.get()
    }

    /// In front of the real routes over a fake service.
    static func with(
        _ service: FakeService, _ configuration: GatewayConfiguration = GatewayConfiguration(),
        _ body: (_ port: UInt16) async throws -> Void
    ) async throws {
        try await RunningServer.with(service) { try await with(supervisor: $0, configuration, body) }
    }

    /// In front of a supervisor that writes down what it is asked.
    static func with(
        _ supervisor: RecordingSupervisor, _ configuration: GatewayConfiguration = GatewayConfiguration(),
        _ body: (_ port: UInt16) async throws -> Void
    ) async throws {
        try await supervisor.serve { try await with(supervisor: $0, configuration, body) }
    }
}
