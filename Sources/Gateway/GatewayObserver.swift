internal import Dispatch
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// Is told how a gateway is.
package struct GatewayObserver: Sendable {
    /// Users can come in: at which port, and a way to ask whether the gateway still works, within so many seconds.
    package let ready: @Sendable (_ port: UInt16, _ answers: @escaping @Sendable (Double) -> Bool) -> Void
    /// It has begun to stop.
    package let stopping: @Sendable () -> Void

    package init(
        ready: @escaping @Sendable (UInt16, @escaping @Sendable (Double) -> Bool) -> Void,
        stopping: @escaping @Sendable () -> Void
    ) {
        self.ready = ready
        self.stopping = stopping
    }
}

/// Tells of a graceful shutdown; the last service of a group is the first that hears of it.
struct StopNotice: Service {
    private let tell: @Sendable () -> Void

    init(_ tell: @escaping @Sendable () -> Void) { self.tell = tell }

    func run() async throws {
        try? await gracefulShutdown()
        tell()
    }
}

extension MultiThreadedEventLoopGroup {
    /// Whether every loop takes a turn within so many seconds; waits for it.
    func answers(within seconds: Double) -> Bool {
        let turns = DispatchGroup()
        for loop in makeIterator() {
            turns.enter()
            loop.execute { turns.leave() }
        }
        return turns.wait(timeout: .now() + seconds) == .success
    }
}
