package import JSON

/// A place to listen at: a host and a port, as `HOST:PORT` writes them.
package struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
    package let host: String
    package let port: Int

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; nil for anything else: a confined process can look up no name.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        let allowed = isBracketed ? "0123456789abcdefABCDEF:." : "0123456789."
        // Without brackets it could not be told which colon is the port's.
        guard !host.isEmpty, host == "localhost" || host.allSatisfy(allowed.contains) else { return nil }
        self.host = String(host)
        self.port = Int(port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Nobody beyond this machine can reach it.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

extension SocketAddress: SettingValue {
    package init?(setting json: JSON) {
        guard let text = json.stringValue else { return nil }
        self.init(text)
    }
    package var setting: JSON { .string(description) }
}
