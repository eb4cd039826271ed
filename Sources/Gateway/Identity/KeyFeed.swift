internal import Foundation
internal import Isolation
internal import Linux

/// The process that fetches an identity provider's keys, and the channel on which they come: the gateway itself has no network out.
package final class KeyFeed: Sendable {
    private let child: Child
    private let channel: OwnedDescriptor

    private init(child: consuming Child, channel: consuming OwnedDescriptor) {
        self.child = child
        self.channel = channel
    }

    /// Starts the process: this program in another mode, with nothing but the channel.
    ///
    /// - Parameters:
    ///   - url: of the keys.
    ///   - seconds: between two fetches.
    ///   - user: uid and gid for it.
    /// - Returns: the channel; the process ends with its owner.
    /// - Throws: `StartError`.
    package static func start(
        fetching url: String, everySeconds seconds: Int, as user: UInt32
    ) throws(StartError) -> KeyFeed {
        guard KeyFetcher.isFetchable(url) else {
            throw .refused("\(url) is not an https URL", remedy: "name the provider's jwks_uri, or a JWKS file")
        }
        do throws(LinuxError) {
            let pair = try SocketPair()
            let child = try Child.spawn(
                OwnProcess.neighbour("aibom-gateway"),
                arguments: ["aibom-gateway", "--fetch-keys", url, "--every", String(seconds), "--uid", String(user)],
                third: pair.theirs, fourth: pair.theirs)
            return KeyFeed(child: child, channel: try pair.ours.duplicate())
        } catch {
            throw .system(error, remedy: "see that aibom-gateway is installed, or name a JWKS file")
        }
    }

    /// What must stay open.
    package var descriptors: [Int32] { [channel.raw, child.pidfd] }

    /// Reads on a thread of its own, which waits most of the time.
    func follow(_ arrived: @escaping @Sendable ([UInt8]) -> Void, ended: @escaping @Sendable () -> Void) {
        Thread.detachNewThread {
            while let bytes = self.next() { arrived(bytes) }
            ended()
        }
    }

    private func next() -> [UInt8]? {
        guard let head = try? channel.receive(exactly: 4) else { return nil }
        let length = head.reduce(0) { $0 << 8 | Int($1) }
        guard length <= ProviderKeys.maximumBytes else { return nil }
        return try? channel.receive(exactly: length)
    }
}
