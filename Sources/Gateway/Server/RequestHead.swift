internal import NIOHTTP1

/// The header of a request, checked: what it says can be read in one way only.
struct RequestHead: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    let headers: HTTPHeaders
    /// The one Host field.
    let host: String
    /// Bytes that the body is said to have; nil when that is not said.
    let contentLength: UInt64?
    let hasBody: Bool
    let expectsContinue: Bool

    init(_ head: HTTPRequestHead) throws(GatewayError) {
        guard head.version == .http1_1 else { throw .unsupportedVersion }
        for name in ["host", "authorization", "content-type", "content-length", "transfer-encoding", "expect"]
        where head.headers[name].count > 1 {
            throw .malformed("\(name) was sent more than once", remedy: "send it once")
        }
        guard let host = head.headers.first(name: "host"), RequestHead.isAuthority(host) else {
            throw .malformed("the Host field is missing or is not a name and a port", remedy: "send Host")
        }
        self.host = host
        target = try RequestTarget(head.uri)
        contentLength = try RequestHead.contentLength(head.headers)
        let coding = head.headers.first(name: "transfer-encoding")
        guard coding.map({ $0.lowercased() == "chunked" }) ?? true else {
            throw .malformed("the transfer coding is not chunked", remedy: "send Content-Length, or chunked alone")
        }
        guard coding == nil || contentLength == nil else {
            throw .malformed("the body's length is said in two ways", remedy: "send Content-Length or chunked")
        }
        hasBody = coding != nil || (contentLength ?? 0) > 0
        let expectation = head.headers.first(name: "expect")
        guard expectation.map({ $0.lowercased() == "100-continue" }) ?? true else {
            throw .malformed("the expectation is not known", remedy: "send Expect: 100-continue, or leave it out")
        }
        expectsContinue = expectation != nil
        method = head.method
        headers = head.headers
    }

    private static func contentLength(_ headers: HTTPHeaders) throws(GatewayError) -> UInt64? {
        guard let text = headers.first(name: "content-length") else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = UInt64(text) else {
            throw .malformed("Content-Length is not a number", remedy: "send the body's length in bytes")
        }
        return length
    }

    /// A host and perhaps a port, of the characters that those are made of: it becomes part of links that we hand out.
    static func isAuthority(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-_:[]".utf8.contains(byte)
            }
        }
    }
}
