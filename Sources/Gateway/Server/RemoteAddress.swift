internal import NIOCore

/// Where a connection comes from.
struct RemoteAddress: Sendable {
    /// As `Forwarded` writes it (RFC 7239, section 6).
    let text: String
    /// What counts as one sender: an address of IPv4, or the 64 leading bits that one subscriber of IPv6 usually has.
    let group: String

    init(_ address: SocketAddress?) {
        guard let address, let text = address.ipAddress else {
            (self.text, group) = ("unknown", "unknown")
            return
        }
        let subscriber = ListenAddress.subscriber(of: text)
        self.text = subscriber == nil ? text : "\"[\(text)]\""
        group = subscriber ?? text
    }
}
