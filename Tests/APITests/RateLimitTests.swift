import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import NIOCore
import ServiceTesting
import Synchronization
import Testing

@testable import API

/// A clock that a test turns.
private final class Hand: Sendable {
    private let seconds = Mutex(0.0)

    func turn(_ time: Double) { seconds.withLock { $0 += time } }

    var clock: @Sendable () -> Double { { [self] in seconds.withLock { $0 } } }
}

private func limits(_ change: (inout RateLimits) -> Void) -> RateLimits {
    var limits = RateLimits.off
    change(&limits)
    return limits
}

private let alice = Caller(owner: "alice", role: .submitter, credential: .statement)
private let bob = Caller(owner: "bob", role: .operator, credential: .statement)
private let root = Caller(uid: 0)

@Suite("rate limits")
struct RateLimitTests {
    private func refusal(_ body: () throws -> Void) -> ServiceError? {
        do {
            try body()
            return nil
        } catch { return error as? ServiceError }
    }

    @Test("let a burst in, then the rate, each owner by itself")
    func requests() throws {
        let hand = Hand()
        let limiter = RateLimiter(limits { ($0.requestsPerSecond, $0.requestBurst) = (2, 3) }, clock: hand.clock)
        for _ in 0..<3 { try limiter.admitRequest(of: alice) }
        #expect(
            refusal { try limiter.admitRequest(of: alice) } == .tooManyRequests(.requests, bound: 2, seconds: 1))
        try limiter.admitRequest(of: bob)
        hand.turn(0.5)
        try limiter.admitRequest(of: alice)
        #expect(refusal { try limiter.admitRequest(of: alice) } != nil)
        // Time that passed unused fills the bucket and no more.
        hand.turn(1000)
        for _ in 0..<3 { try limiter.admitRequest(of: alice) }
        #expect(refusal { try limiter.admitRequest(of: alice) } != nil)
    }

    @Test("say in whole seconds, rounded up, when there is room again")
    func retryAfter() throws {
        let hand = Hand()
        let limiter = RateLimiter(limits { $0.submissionsPerMinute = 4 }, clock: hand.clock)
        for _ in 0..<4 { try limiter.admitSubmission(of: alice) }
        for (turn, seconds) in [(0.0, 15), (0.5, 15), (0.6, 14), (13.8, 1)] {
            hand.turn(turn)
            #expect(
                refusal { try limiter.admitSubmission(of: alice) }
                    == .tooManyRequests(.submissions, bound: 4, seconds: seconds))
        }
        hand.turn(0.2)
        try limiter.admitSubmission(of: alice)
    }

    @Test("bound uploads by number while they last, and by bytes, of which the last upload may owe some")
    func uploads() throws {
        let hand = Hand()
        let limiter = RateLimiter(
            limits { ($0.openUploads, $0.uploadBytesPerDay) = (2, 86_400) }, clock: hand.clock)
        try limiter.beginUpload(of: alice)
        try limiter.beginUpload(of: alice)
        #expect(
            refusal { try limiter.beginUpload(of: alice) } == .tooManyRequests(.openUploads, bound: 2, seconds: 5))
        limiter.endUpload(of: alice)
        try limiter.beginUpload(of: alice)
        limiter.endUpload(of: alice)
        // 100 bytes more than there are; at one a second, and one is needed to begin.
        limiter.charge(86_500, to: alice)
        limiter.endUpload(of: alice)
        #expect(
            refusal { try limiter.beginUpload(of: alice) }
                == .tooManyRequests(.uploadBytes, bound: 86_400, seconds: 101))
        hand.turn(101)
        try limiter.beginUpload(of: alice)
    }

    @Test("that are off, and those of root, bound nothing")
    func unlimited() throws {
        let strict = limits {
            ($0.requestsPerSecond, $0.requestBurst, $0.submissionsPerMinute, $0.openUploads) = (1, 1, 1, 1)
        }
        for (limiter, caller) in [(RateLimiter(.off), alice), (RateLimiter(strict), root)] {
            for _ in 0..<10_000 {
                try limiter.admitRequest(of: caller)
                try limiter.admitSubmission(of: caller)
                try limiter.beginUpload(of: caller)
            }
        }
    }

    @Test("remember who asked lately, and no more of them than there is room for")
    func bounded() throws {
        let hand = Hand()
        let limiter = RateLimiter(RateLimits(), clock: hand.clock)
        func caller(_ number: Int) -> Caller {
            Caller(owner: "oidc:\(number)", role: .submitter, credential: .statement)
        }
        for number in 0..<RateLimiter.maximumOwners { try limiter.admitRequest(of: caller(number)) }
        let refused = refusal { try limiter.admitRequest(of: caller(-1)) }
        #expect(refused == .tooManyRequests(.owners, bound: UInt64(RateLimiter.maximumOwners), seconds: 1))
        // Who is known goes on, and who has an open upload is not forgotten.
        try limiter.beginUpload(of: caller(0))
        hand.turn(60)
        try limiter.admitRequest(of: caller(-1))
        #expect(limiter.count == 2)
    }

    @Test("answer 429 with field, limit, remedy and Retry-After, to a submitter's jobs as to its requests")
    func response() async throws {
        let limiter = RateLimiter(limits { $0.submissionsPerMinute = 1 })
        try await withRoutes(of: FakeService(), as: Peer(7), limiter: limiter) { client in
            _ = try await submit(client)
            let response = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: jsonType, body: requestBody())
            let problem = try response.problem()
            #expect(problem.status == 429)
            #expect(problem.field == "submissions_per_minute")
            #expect(problem.limit == 1)
            let seconds = response.headers[.retryAfter].flatMap(Int.init)
            #expect(seconds.map { (1...60).contains($0) } == true)
            #expect(try await client.execute(uri: "/v1/jobs", method: .get).status == .ok)
        }
    }

    @Test("turn a flood of wrong tokens from 401 to 429, and hold up no right one")
    func failures() async throws {
        let service = FakeService()
        let request = TokenRequest(owner: "ci", role: .submitter, expires: nil)
        let good = try await service.createToken(request, by: "test").text.revealed
        let limiter = RateLimiter(.off, clock: Hand().clock)
        try await withRoutes(of: service, as: Peer(gatewayUser), limiter: limiter) { client in
            var statuses: [Int: Int] = [:]
            for _ in 0..<150 {
                let response = try await client.execute(
                    uri: "/v1/jobs", method: .get, headers: [.authorization: "Bearer aibom_wrong"])
                statuses[response.status.code, default: 0] += 1
            }
            #expect(statuses == [401: 100, 429: 50])
            let headers: HTTPFields = [.authorization: "Bearer \(good)"]
            #expect(try await client.execute(uri: "/v1/jobs", method: .get, headers: headers).status == .ok)
        }
    }

    @Test("end an upload's count also when it fails")
    func failedUpload() async throws {
        let service = FakeService()
        let limiter = RateLimiter(limits { $0.openUploads = 1 })
        try await withRoutes(of: service, as: Peer(7), limiter: limiter) { client in
            for _ in 0..<3 {
                let large = ByteBuffer(repeating: 1, count: Int(FakeService.uploadLimit) + 1)
                let refused = try await client.execute(uri: "/v1/blobs", method: .post, body: large)
                #expect(try refused.problem().status == 413)
                let taken = try await client.execute(uri: "/v1/blobs", method: .post, body: ByteBuffer(string: "x"))
                #expect(taken.status == .created)
            }
        }
    }
}
