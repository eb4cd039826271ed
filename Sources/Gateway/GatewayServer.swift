package import Logging
package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import ServiceLifecycle

/// The gateway on its listening socket, as a `Service` that a `ServiceGroup` runs and shuts down gracefully: no new connection,
/// requests under way are answered.
package struct GatewayServer: Service {
    private let socket: CInt
    private let tls: NIOSSLContext?
    private let group: any EventLoopGroup
    private let provider: IdentityProvider?
    private let keySet: [UInt8]?
    private let desk: Desk
    private let open = OpenConnections()
    private let admission: Admission

    /// - Parameters:
    ///   - ready: what was prepared before the process confined itself; its socket is taken over.
    ///   - configuration: the knobs.
    ///   - group: event loops; theirs are the only threads that the gateway needs.
    ///   - log: takes what users are not told.
    package init(
        _ ready: consuming GatewayMaterial, _ configuration: GatewayConfiguration, on group: any EventLoopGroup,
        log: Logger
    ) {
        tls = ready.tls
        keySet = ready.keySet
        provider = configuration.oidc.map { IdentityProvider($0, keys: nil) }
        let supervisor = SupervisorClient(
            socket: ready.supervisor, connections: configuration.limits.connections, on: group)
        desk = Desk(configuration, supervisor, Authenticator(provider: provider), log)
        admission = Admission(
            total: configuration.limits.connections, perKey: configuration.limits.connectionsPerAddress)
        self.group = group
        socket = ready.takeSocket()
    }

    /// Reads the keys of the identity provider that came as a file; to be called before `run`.
    ///
    /// - Throws: `StartError` when they are of no use.
    package func prepare() async throws(StartError) {
        guard let provider, let keySet else { return }
        do throws(KeySetError) {
            provider.replaceKeys(try await ProviderKeys(keySet, algorithms: provider.configuration.algorithms))
        } catch {
            throw .refused("the identity provider's keys can't be used: \(error)", remedy: "name a JWK set (RFC 7517)")
        }
    }

    /// Takes new keys of the identity provider as they come; what can't be used is said in the log, and the last ones stay.
    package func follow(_ feed: KeyFeed) {
        guard let provider else { return }
        feed.follow { [desk] bytes in
            Task {
                do throws(KeySetError) {
                    let keys = try await ProviderKeys(bytes, algorithms: provider.configuration.algorithms)
                    provider.replaceKeys(keys)
                    desk.log.info("the identity provider's keys are there", metadata: ["keys": "\(keys.count)"])
                } catch {
                    desk.log.warning("the identity provider's keys can't be used", metadata: ["error": "\(error)"])
                }
            }
        } ended: { [desk] in
            desk.log.error("nobody fetches the identity provider's keys any more: the last ones stay")
        }
    }

    package func run() async throws {
        let server = try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptErrorHandler(log: desk.log))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(socket) { channel in channel.eventLoop.makeCompletedFuture { try configure(channel) } }
        try await withGracefulShutdownHandler {
            try await server.executeThenClose { connections in
                await withDiscardingTaskGroup { group in
                    do {
                        for try await connection in connections { group.addTask { await connection.serve() } }
                    } catch {
                        desk.log.error("the listening socket failed", metadata: ["error": "\(error)"])
                    }
                }
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
            open.stop()
        }
        try await desk.supervisor.shutdown()
    }

    /// The way of bytes: TLS, pace, HTTP, pace again, the conversation.
    private func configure(_ channel: any Channel) throws -> Connection {
        let pipeline = channel.pipeline.syncOperations
        let sender = RemoteAddress(channel.remoteAddress).group
        let isAdmitted = admission.enter([sender]) == nil
        if isAdmitted {
            channel.closeFuture.whenComplete { _ in admission.leave([sender]) }
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
            let keeper = PaceKeeper(desk.limits)
            try pipeline.addHandler(BytePaceHandler(keeper))
            try pipeline.addHandler(HTTPResponseEncoder(configuration: .ownFraming))
            try pipeline.addHandler(
                ByteToMessageHandler(
                    HTTPRequestDecoder(
                        leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop,
                        limitConfiguration: desk.limits.decoder)))
            try pipeline.addHandler(MessagePaceHandler(keeper))
        }
        let conversation = try Connection.Channel(
            wrappingChannelSynchronously: channel,
            configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 6)))
        return Connection(channel: conversation, desk: desk, open: open, isSecure: tls != nil, isAdmitted: isAdmitted)
    }
}

extension HTTPResponseEncoder.Configuration {
    /// We know what we send; what NIO would add to an answer to HEAD would be read as the next answer.
    fileprivate static var ownFraming: HTTPResponseEncoder.Configuration {
        var configuration = HTTPResponseEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        return configuration
    }
}

extension GatewayLimits {
    fileprivate var decoder: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = headerField
        configuration.maxHeaderListSize = header
        configuration.maxHeaderFieldCount = headerFields
        return configuration
    }
}

/// One connection that can't be accepted must not end all others.
private final class AcceptErrorHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let log: Logger

    init(log: Logger) { self.log = log }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.warning("a connection was not accepted", metadata: ["error": "\(error)"])
    }
}
