internal import Jobs
internal import NIOHTTP1

extension HTTPHeaders {
    /// Takes away what is about one connection and not about the message (RFC 9110, section 7.6.1).
    mutating func removeHopByHop() {
        for name in self[canonicalForm: "connection"] { remove(name: String(name)) }
        for name in [
            "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
            "trailer",
            "transfer-encoding", "upgrade",
        ] {
            remove(name: name)
        }
    }

    /// Takes away what a user may not say of itself, and what we say in its place.
    fileprivate mutating func removeClaims() {
        for name in ["authorization", "aibom-owner", "aibom-role", "expect", "content-length"] { remove(name: name) }
    }

    /// W3C Trace Context: tracestate says nothing without the traceparent that it came with.
    fileprivate mutating func carry(_ trace: TraceContext, stateOf request: HTTPHeaders) {
        for name in ["traceparent", "tracestate"] { remove(name: name) }
        guard let said = request.first(name: "traceparent"), TraceContext(said) == trace else {
            add(name: "traceparent", value: trace.description)
            return
        }
        add(name: "traceparent", value: said)
        for value in request["tracestate"] { add(name: "tracestate", value: value) }
    }

    fileprivate mutating func add(_ credential: Credential) {
        switch credential {
        case .none: break
        case .token(let value): add(name: "authorization", value: value)
        case .stated(let owner, let role, _):
            add(name: "aibom-owner", value: owner)
            add(name: "aibom-role", value: role)
        }
    }
}

extension Incoming {
    /// The request's own header without what is ours to say, and who asks as far as we know.
    var forwardedHeaders: HTTPHeaders {
        var headers = head.headers
        headers.removeHopByHop()
        headers.removeClaims()
        headers.add(credential)
        headers.carry(trace, stateOf: head.headers)
        headers.add(name: "forwarded", value: forwarded)
        return headers
    }

    /// For questions of ours in the name of the request.
    var ownHeaders: HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add(name: "host", value: head.host)
        headers.add(credential)
        headers.carry(trace, stateOf: head.headers)
        headers.add(name: "forwarded", value: forwarded)
        return headers
    }

    /// RFC 7239: behind whatever the sender says of the way before us.
    private var forwarded: String { "for=\(remote.text);proto=\(isSecure ? "https" : "http")" }
}
