internal import Glibc
internal import Hummingbird
package import NIOCore
internal import Synchronization

/// Asks the kernel who is at the other end of a connection.
package struct PeerIdentity: Sendable {
    /// The user id; nil when it can't be told.
    let uid: @Sendable (any Channel) async -> UInt32?

    package init(uid: @escaping @Sendable (any Channel) async -> UInt32?) { self.uid = uid }

    /// SO_PEERCRED, unix(7): the credentials of the process that called connect(2), at that moment. A peer can't choose
    /// them, and can't change them by giving the connected socket away.
    package static let socket = PeerIdentity { channel in
        if let uid = known.uid(of: channel) { return uid }
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let credentials: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        guard let uid = try? await credentials.get().uid else { return nil }
        known.remember(uid, of: channel)
        return uid
    }

    private static let known = KnownPeers()

    /// `struct ucred`, which Glibc does not show to Swift.
    private struct Credentials: Sendable {
        var pid: pid_t
        var uid: uid_t
        var gid: gid_t
    }
}

/// Who is at the other end of each open connection: the answer is that of the moment of connect(2), so one question is enough.
private final class KnownPeers: Sendable {
    private let uids = Mutex<[ObjectIdentifier: UInt32]>([:])

    func uid(of channel: any Channel) -> UInt32? { uids.withLock { $0[ObjectIdentifier(channel)] } }

    func remember(_ uid: UInt32, of channel: any Channel) {
        uids.withLock { $0[ObjectIdentifier(channel)] = uid }
        // The closure has the channel for as long as its identity stands here, so no other channel can have that identity.
        channel.closeFuture.whenComplete { [self, channel] _ in
            uids.withLock { $0[ObjectIdentifier(channel)] = nil }
        }
    }
}

/// The process at the other end of the socket.
enum Peer: Equatable {
    case user(UInt32)
    /// Speaks for others and never for itself.
    case gateway(Gateway)
}

/// Lets in whom the operator listed, and nobody whom the kernel does not know.
struct PeerMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let identity: PeerIdentity
    let admitted: Set<UInt32>
    let gateway: Gateway?

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.peer = try peer(await identity.uid(context.channel))
        return try await next(request, context)
    }

    /// The gateway comes first: listed among the local users as well, it would act for itself.
    private func peer(_ uid: UInt32?) throws(ServiceError) -> Peer {
        guard let uid else { throw .forbidden }
        if let gateway, gateway.uid == uid { return .gateway(gateway) }
        guard admitted.contains(uid) else { throw .forbidden }
        return .user(uid)
    }
}
