internal import NIOCore
internal import Synchronization

/// The connections that wait for a request, so that they can be closed when the gateway stops; the others end by themselves.
final class OpenConnections: Sendable {
    private let state = Mutex((isStopping: false, resting: [ObjectIdentifier: any Channel]()))

    var isStopping: Bool { state.withLock(\.isStopping) }

    /// The connection waits for its next request; false when it should not.
    func rest(_ channel: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.resting[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    /// The connection has a request, or is gone.
    func wake(_ channel: any Channel) {
        state.withLock { _ = $0.resting.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    func stop() {
        let resting = state.withLock { state in
            state.isStopping = true
            defer { state.resting = [:] }
            return Array(state.resting.values)
        }
        for channel in resting { channel.close(promise: nil) }
    }
}
