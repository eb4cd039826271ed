import Foundation

/// A form as a browser would send it.
struct Form {
    private var body: [UInt8] = []
    private static let boundary = "aibom-test-boundary"

    mutating func add(_ name: String, _ text: String) { part(name, "", Array(text.utf8)) }

    mutating func add(_ name: String, file: String, _ bytes: [UInt8]) {
        part(name, "; filename=\"\(file)\"", bytes)
    }

    private mutating func part(_ name: String, _ more: String, _ bytes: [UInt8]) {
        let head = "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n"
        body += Array(head.utf8) + bytes + Array("\r\n".utf8)
    }

    /// The whole request.
    func request(to path: String, fields: String = "") -> [UInt8] {
        let content = body + Array("--\(Self.boundary)--\r\n".utf8)
        let head =
            "POST \(path) HTTP/1.1\r\nHost: gateway.example:8443\r\nContent-Type: multipart/form-data; boundary=\(Self.boundary)"
            + "\r\nContent-Length: \(content.count)\r\n\(fields)connection: close\r\n\r\n"
        return Array(head.utf8) + content
    }

    func send(to path: String, _ port: UInt16, fields: String = "") async throws -> RawAnswer {
        let client = try RawClient(port)
        let request = request(to: path, fields: fields)
        async let sent = client.send(request)
        let answer = RawAnswer(await client.readAll())
        _ = await sent
        return answer
    }
}

/// The sample that the repository ships: a real model, dataset and definition.
enum Sample {
    static func bytes(_ name: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: "sample/\(name)")))
    }
}
