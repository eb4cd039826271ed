package import Hummingbird
internal import NIOCore

/// What a request carries beside itself: its connection, and who is at the other end.
package struct ServiceContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Known once the request has passed `PeerMiddleware`.
    var peer: Peer?
    /// Known once it has passed `CallerMiddleware`, but not on the routes that are for anyone.
    var caller: Caller?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    func requireCaller() throws(ServiceError) -> Caller {
        guard let caller else { throw .forbidden }
        return caller
    }
}
