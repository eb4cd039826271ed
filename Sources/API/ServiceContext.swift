package import Hummingbird
internal import NIOCore
internal import Synchronization

/// What a request carries beside itself: its connection, and who is at the other end.
package struct ServiceContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Known once the request has passed `PeerMiddleware`.
    var peer: Peer?
    /// Known once it has passed `CallerMiddleware`, but not on the routes that are for anyone.
    var caller: Caller? { didSet { record.note(caller) } }
    /// For whoever logs the request when it is done.
    let record = RequestRecord()

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The template that led here, such as `/v1/jobs/{id}`; nil when none did.
    var route: String? { endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil } }

    func requireCaller() throws(ServiceError) -> Caller {
        guard let caller else { throw .forbidden }
        return caller
    }
}

/// What is learnt of a request on its way in and wanted on its way out. A context is a value: what is noted in an inner one is
/// not in the outer.
final class RequestRecord: Sendable {
    private let caller = Mutex<Caller?>(nil)

    var owner: String? { caller.withLock { $0?.owner } }

    func note(_ caller: Caller?) { self.caller.withLock { $0 = caller } }
}
