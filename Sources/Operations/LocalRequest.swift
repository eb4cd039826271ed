package import JSON
package import Linux

/// One GET over a Unix socket, by a thread that waits: for a watchdog and for a doctor, who must not depend on the machinery
/// that they look at.
package enum LocalRequest {
    package struct Answer: Sendable, Equatable {
        package let status: Int
        package let body: [UInt8]

        /// The body's document; nil when it is none.
        package var json: JSON? { try? JSON.parse(body, limits: .report) }
    }

    /// Asks for `path`.
    ///
    /// - Parameters:
    ///   - path: of the URL.
    ///   - socket: where the service listens.
    ///   - seconds: without a byte before it gives up.
    /// - Returns: the answer; nil when what came is no HTTP.
    /// - Throws: `LinuxError`: ENOENT or ECONNREFUSED when nobody listens, EACCES when we may not ask, EAGAIN after the time.
    package static func get(
        _ path: String, at socket: String, within seconds: Int
    ) throws(LinuxError) -> Answer? {
        let connection = try OwnedDescriptor.connected(to: UnixAddress(socket))
        try connection.setTimeout(seconds: seconds)
        // HTTP/1.0 and close: the end of the connection is the end of the body, in no pieces.
        try connection.send(Array("GET \(path) HTTP/1.0\r\nhost: localhost\r\nconnection: close\r\n\r\n".utf8))
        return parse(try connection.readAll(limit: 1 << 20))
    }

    static func parse(_ bytes: [UInt8]) -> Answer? {
        let end = Array("\r\n\r\n".utf8)
        guard let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        return Answer(status: status, body: Array(bytes[(head + end.count)...]))
    }
}
