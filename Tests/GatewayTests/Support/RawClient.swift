import Foundation

/// A client that sends exactly the bytes that it is given: what no HTTP library would send is what has to be tried.
final class RawClient: Sendable {
    struct NoConnection: Error {}

    private let descriptor: Int32

    init(_ port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw NoConnection() }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// - Returns: false when the other end has closed.
    @discardableResult
    func send(_ text: String) async -> Bool { await send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) async -> Bool {
        await blocking { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(
                        descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Reads until `text` is in what came, the other end closes, or nothing comes for ten seconds.
    func read(until text: String) async -> String { await read { $0.contains(text) } }

    /// Reads to the end of the connection.
    func readAll() async -> String { await read { _ in false } }

    /// Reads until the other end closes; false when it does not within ten seconds.
    func waitForEnd() async -> Bool {
        await blocking { [descriptor] in
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = recv(descriptor, &piece, piece.count, 0)
                if count <= 0 { return count == 0 || errno == ECONNRESET }
            }
        }
    }

    private func read(_ isEnough: @escaping @Sendable (String) -> Bool) async -> String {
        await blocking { [descriptor] in
            var all: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = recv(descriptor, &piece, piece.count, 0)
                guard count > 0 else { break }
                all += piece[..<count]
                if isEnough(String(decoding: all, as: UTF8.self)) { break }
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    private func blocking<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}

extension RawClient {
    /// One request on a connection of its own; the whole answer.
    static func ask(_ port: UInt16, _ request: String) async throws -> RawAnswer {
        let client = try RawClient(port)
        await client.send(request)
        return RawAnswer(await client.readAll())
    }
}

/// An answer as text.
struct RawAnswer: Sendable, CustomStringConvertible {
    let text: String

    init(_ text: String) { self.text = text }

    var status: Int? { text.hasPrefix("HTTP/1.1 ") ? Int(text.dropFirst(9).prefix(3)) : nil }
    var body: String { text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? "" }
    var description: String { text }

    func header(_ name: String) -> String? {
        let line = text.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("\(name.lowercased()): ") }
        return line.map { String($0.dropFirst(name.count + 2)) }
    }
}
