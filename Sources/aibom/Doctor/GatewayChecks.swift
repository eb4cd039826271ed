import AsyncHTTPClient
import CLinux
import Dispatch
import Linux
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Settings
import Synchronization

/// The gateway, as far as this host can see it: asked at the address that it listens at.
struct GatewayChecks {
    private let settings: Settings
    /// Whether an operator said anything about a gateway; else there need not be one.
    private let isWanted: Bool
    private static let patience = 5

    init(_ reading: SettingsReading) {
        settings = reading.settings
        isWanted = reading.sources.keys.contains { $0.hasPrefix("gateway.") }
    }

    var lines: [DoctorLine] { keyFile + [answer] }

    /// The gateway reads it as root; nobody else has to.
    private var keyFile: [DoctorLine] {
        guard let path = settings.gateway.tlsKey else { return [] }
        do throws(LinuxError) {
            let status = try OwnedDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK).status()
            guard status.mode & 0o007 == 0 else {
                let mode = String(status.mode, radix: 8)
                return [
                    DoctorLine(
                        "gateway key", .warning, "\(path) has mode \(mode): others can read it",
                        remedy: "chmod 600 \(path), and consider the key known")
                ]
            }
            return [DoctorLine("gateway key", .ok, path)]
        } catch {
            return [
                DoctorLine(
                    "gateway key", OwnProcess.effectiveUser == 0 ? .broken : .warning, "\(error)",
                    remedy: "name the file of the certificate's key by gateway.tls_key")
            ]
        }
    }

    private var answer: DoctorLine {
        let url = url
        switch Self.wait({ await Self.ask(url) }) {
        case .success(200): return DoctorLine("gateway", .ok, "answers at \(url)")
        case .success(503):
            return DoctorLine(
                "gateway", .warning, "answers at \(url), and does not reach the supervisor",
                remedy: "start aibomd; give both the same setting socket")
        case .success(let status):
            return DoctorLine(
                "gateway", .warning, "what answers at \(url) answers with status \(status)",
                remedy: "find out what listens there, or give the gateway another address by gateway.listen")
        case .failure(let trouble):
            guard isWanted else { return DoctorLine("gateway", .ok, "none answers at \(url), and none is set up") }
            return DoctorLine(
                "gateway", .warning, "nobody answers at \(url): \(trouble)",
                remedy: "start it: systemctl start aibom-gateway.socket aibom-gateway, or: aibom-gateway")
        }
    }

    /// Who listens at every address listens at loopback's.
    private var url: String {
        let address = SocketAddress(settings.gateway.listen)
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][address?.host ?? ""] ?? address?.host ?? "127.0.0.1"
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(settings.gateway.tlsCertificate == nil ? "http" : "https")://\(name):\(address?.port ?? 0)"
    }

    private struct Trouble: Error, CustomStringConvertible { let description: String }

    /// Nothing secret is sent and nothing that comes is believed, so whose certificate it is does not matter: by loopback's address
    /// it would never be right.
    private static func ask(_ url: String) async -> Result<Int, Trouble> {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(Int64(patience))
        configuration.connectionPool.retryConnectionEstablishment = false
        var security = TLSConfiguration.makeClientConfiguration()
        security.certificateVerification = .none
        configuration.tlsConfiguration = security
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        let answer: Result<Int, Trouble>
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: "\(url)/readyz"), timeout: .seconds(Int64(patience)))
            answer = .success(Int(response.status.code))
        } catch {
            let place = try? ServicePlace(url: url, token: nil, authority: nil, insecure: true)
            answer = .failure(Trouble(description: place.map { ConnectionTrouble(error, at: $0).detail } ?? "\(error)"))
        }
        try? await client.shutdown()
        return answer
    }

    /// The doctor's thread waits: it may not be one of Swift's own until the host's mounts were left.
    private static func wait<Answer: Sendable>(_ body: @escaping @Sendable () async -> Answer) -> Answer {
        let box = Box<Answer>()
        let done = DispatchSemaphore(value: 0)
        Task {
            let answer = await body()
            box.value.withLock { $0 = answer }
            done.signal()
        }
        while true {
            done.wait()
            if let answer = box.value.withLock({ $0 }) { return answer }
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
