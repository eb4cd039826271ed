internal import AsyncHTTPClient
internal import Dispatch
internal import Foundation
internal import Isolation
internal import Linux
package import Logging
internal import NIOCore
internal import NIOHTTP1

/// The whole life of `aibom-gateway --fetch-keys`: fetch, hand over, sleep. It has the network and nothing to protect: no listening
/// socket, no tokens, no way to the supervisor but what its uid has.
package struct KeyFetcher: Sendable {
    /// The channel to the gateway.
    private static let channel: Int32 = 3
    /// After a failure; the gateway works on with what it has.
    private static let retrySeconds = 30

    private let url: String
    private let seconds: Int
    private let log: Logger

    /// Keys decide who is let in: whoever can change them on the way can be anybody.
    static func isFetchable(_ url: String) -> Bool {
        guard let place = URL(string: url), let host = place.host, place.user == nil else { return false }
        return place.scheme == "https"
            || (place.scheme == "http" && ["127.0.0.1", "localhost", "[::1]"].contains(host))
    }

    /// Gives up what it was started with; to be called while this process has one thread.
    ///
    /// - Parameters:
    ///   - url: of the keys.
    ///   - seconds: between two fetches.
    ///   - user: to become, when it is root.
    ///   - log: says why a fetch failed.
    /// - Throws: `StartError` at the first step that fails.
    package init(_ url: String, everySeconds seconds: Int, as user: UInt32, log: Logger) throws(StartError) {
        guard KeyFetcher.isFetchable(url), seconds > 0, user != 0 else {
            throw .refused("this mode is started by aibom-gateway only", remedy: "start aibom-gateway")
        }
        do throws(LinuxError) {
            try OwnProcess.requireOneThread()
            if OwnProcess.effectiveUser == 0 {
                try OwnProcess.dropBoundingSet()
                try OwnProcess.become(user)
            }
            try OwnProcess.dropCapabilities()
            try OwnProcess.forbidDumps()
            try OwnProcess.forbidNewPrivileges()
            try OwnProcess.dieWithParent()
        } catch {
            throw .system(error, remedy: "start aibom-gateway as root")
        }
        self.url = url
        self.seconds = seconds
        self.log = log
    }

    /// Fetches until the gateway is gone.
    package func runToEnd() {
        Thread.detachNewThread { KeyFetcher.endWithGateway() }
        let ended = DispatchSemaphore(value: 0)
        Task {
            await run()
            ended.signal()
        }
        ended.wait()
    }

    private func run() async {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        let channel = OwnedDescriptor(owning: KeyFetcher.channel)
        while true {
            var pause = seconds
            do {
                let keys = try await fetch(client)
                guard (try? channel.send(KeyFetcher.frame(keys))) != nil else { break }
            } catch {
                log.warning("the identity provider's keys could not be fetched", metadata: ["error": "\(error)"])
                pause = min(seconds, KeyFetcher.retrySeconds)
            }
            try? await Task.sleep(for: .seconds(pause))
        }
        try? await client.shutdown()
    }

    /// The kernel's word of the gateway's death does not come: it is a signal of the dying process, which its Landlock domain keeps
    /// inside. The end of the channel says the same. The gateway sends nothing on it.
    private static func endWithGateway() -> Never {
        var byte: UInt8 = 0
        var answer: Int
        repeat { answer = recv(channel, &byte, 1, 0) } while answer > 0 || (answer < 0 && errno == EINTR)
        _exit(0)
    }

    private struct Refused: Error { let status: UInt }

    private func fetch(_ client: HTTPClient) async throws -> [UInt8] {
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(20))
        guard response.status == .ok else { throw Refused(status: response.status.code) }
        return Array(try await response.body.collect(upTo: ProviderKeys.maximumBytes).readableBytesView)
    }

    private static func frame(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(bytes.count).bigEndian, Array.init) + bytes
    }
}
