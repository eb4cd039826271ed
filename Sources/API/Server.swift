package import Hummingbird
package import Linux
package import Logging
internal import NIOCore

/// The service on its Unix socket, as a `Service` that a `ServiceGroup` runs and shuts down gracefully: no new
/// connections, event streams end, requests under way are answered.
package enum Server {
    /// - Parameters:
    ///   - service: answers.
    ///   - socket: the place that this process has claimed.
    ///   - admitted: local users beside root that may talk.
    ///   - gateway: who speaks for others.
    ///   - limits: of each owner.
    ///   - logger: says what a problem document does not.
    /// - Returns: the application; `runService()` runs it alone.
    package static func application(
        serving service: any JobService, at socket: ClaimedSocket, admitting admitted: Set<UInt32> = [],
        gateway: Gateway? = nil, limits: RateLimits = RateLimits(), logger: Logger
    ) -> some ApplicationProtocol {
        Application(
            router: Routes.router(
                for: service, admitting: admitted.union([0]), gateway: gateway, limiter: RateLimiter(limits)),
            server: .http1(configuration: .init(additionalChannelHandlers: [ContinueHandler()])),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket.path), serverName: nil),
            onServerRunning: { [logger] channel in
                do throws(LinuxError) {
                    try socket.open(toOthers: gateway != nil || !admitted.isSubset(of: [0]))
                } catch {
                    logger.critical("socket can't be opened to its users", metadata: ["error": "\(error)"])
                    try? await channel.close()
                }
            },
            logger: logger)
    }
}
