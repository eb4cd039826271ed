import API
import HTTPTypes
import HummingbirdTesting
import JSON
import Jobs
import ServiceTesting
import Testing

@Suite("a trace context")
struct TraceContextTests {
    static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    static let parent = "00f067aa0ba902b7"

    @Test(
        "is read",
        arguments: [
            ("00-\(trace)-\(parent)-01", true), ("00-\(trace)-\(parent)-00", false), ("00-\(trace)-\(parent)-ff", true),
            ("00-\(trace)-\(parent)-02", false), ("cc-\(trace)-\(parent)-01-what-the-future-will-be-like", true),
            ("cc-\(trace)-\(parent)-01", true), ("01-\(trace)-\(parent)-01-", true),
        ])
    func read(field: String, isSampled: Bool) throws {
        let context = try #require(TraceContext(field))
        #expect((context.traceID, context.parentID, context.isSampled) == (Self.trace, Self.parent, isSampled))
        let child = context.child()
        #expect(child.traceID == Self.trace)
        #expect(child.parentID != Self.parent)
        #expect("\(child)".hasPrefix("00-\(Self.trace)-"))
        #expect("\(child)".hasSuffix(isSampled ? "-01" : "-00"))
        #expect(TraceContext("\(child)") == child)
    }

    @Test(
        "is begun anew for what is none",
        arguments: [
            nil, "", "00", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-1", "00-\(trace)-\(parent)-01-",
            "00-\(trace)-\(parent)-01-more", "ff-\(trace)-\(parent)-01", "cc-\(trace)-\(parent)-01.more",
            "0x-\(trace)-\(parent)-01",
            "00-\(String(repeating: "0", count: 32))-\(parent)-01",
            "00-\(trace)-\(String(repeating: "0", count: 16))-01",
            "00-\(trace.uppercased())-\(parent)-01", "00_\(trace)-\(parent)-01", " 00-\(trace)-\(parent)-01",
            "00-\(trace)-\(parent)-0g",
            "00-\(trace)-\(parent)-01, 00-\(trace)-\(parent)-01",
            "cc-\(trace)-\(parent)-01-\(String(repeating: "x", count: 600))",
        ])
    func ignored(field: String?) { #expect(TraceContext(field) == nil) }

    @Test("has ids of its own when it is fresh")
    func fresh() throws {
        let contexts = (0..<64).map { _ in TraceContext.fresh() }
        #expect(Set(contexts.map(\.traceID)).count == 64)
        for context in contexts { #expect(TraceContext("\(context)") == context) }
    }

    @Test("goes with the job that a request made")
    func jobs() async throws {
        let name = try #require(HTTPField.Name("traceparent"))
        try await withRoutes(of: FakeService()) { client in
            let headers: HTTPFields = [.contentType: "application/json", name: "00-\(Self.trace)-\(Self.parent)-01"]
            let job = try await client.execute(uri: "/v1/jobs", method: .post, headers: headers, body: requestBody())
                .json
            #expect(TraceContext(job["traceparent"]?.stringValue)?.traceID == Self.trace)
        }
    }

    @Test("goes with every answer, also with an error's")
    func answers() async throws {
        let name = try #require(HTTPField.Name("traceparent"))
        try await withRoutes(of: FakeService()) { client in
            for path in ["/healthz", "/nowhere", "/v1/jobs"] {
                let given: HTTPFields = [name: "00-\(Self.trace)-\(Self.parent)-01"]
                let answer = try await client.execute(uri: path, method: .get, headers: given).headers[name]
                #expect(TraceContext(answer)?.traceID == Self.trace)
                #expect(TraceContext(answer)?.parentID != Self.parent)
                let unasked = try await client.execute(uri: path, method: .get, headers: [name: "nonsense"]).headers[
                    name]
                #expect(TraceContext(unasked)?.isSampled == false)
            }
        }
    }
}
