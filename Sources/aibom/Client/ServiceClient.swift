import AsyncHTTPClient
import Foundation
import JSON
import Jobs
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks the service, over its socket or a gateway's URL, and reads its answers: values, or a `CommandError`.
struct ServiceClient: Sendable {
    private let place: ServicePlace
    private let http: HTTPClient

    /// Runs `body` with a client of the place and takes its connections down afterwards.
    static func with<Answer: Sendable>(
        _ options: ServiceOptions, _ body: (ServiceClient) async throws -> Answer
    ) async throws -> Answer {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        // A socket that is not there is not there: no use in asking again for ten seconds.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        let answer: Result<Answer, any Error>
        do {
            answer = .success(try await body(ServiceClient(place: options.place, http: http)))
        } catch {
            answer = .failure(error)
        }
        try? await http.shutdown()
        return try answer.get()
    }

    /// A document; `path` begins with a slash.
    func get(_ path: String) async throws(CommandError) -> JSON { try await json(of: send(.GET, path), to: path) }

    func delete(_ path: String) async throws(CommandError) -> JSON {
        try await json(of: send(.DELETE, path), to: path)
    }

    func post(_ json: JSON, to path: String) async throws(CommandError) -> JSON {
        let body = HTTPClientRequest.Body.bytes(ByteBuffer(bytes: json.compactBytes()))
        return try await self.json(of: send(.POST, path, [("content-type", "application/json")], body), to: path)
    }

    func post(_ body: HTTPClientRequest.Body, to path: String) async throws(CommandError) -> JSON {
        try await json(of: send(.POST, path, [], body), to: path)
    }

    /// A body of any length, as it comes.
    func stream(_ path: String, headers: [(String, String)] = []) async throws(CommandError) -> HTTPClientResponse.Body
    {
        try await send(.GET, path, headers).body
    }

    /// The error of a body that stopped in the middle.
    func interrupted(_ error: any Error) -> CommandError { .unreachable(place.name, detail: "\(error)") }

    private func send(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)] = [], _ body: HTTPClientRequest.Body? = nil
    ) async throws(CommandError) -> HTTPClientResponse {
        var request = HTTPClientRequest(url: place.base + path)
        request.method = method
        request.headers.add(contentsOf: HTTPHeaders(headers))
        if let token = place.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        request.body = body
        let response: HTTPClientResponse
        do {
            // No deadline over all: a dataset is as large as it is. Connecting has its own.
            response = try await http.execute(request, deadline: .distantFuture)
        } catch {
            throw .unreachable(place.name, detail: "\(error)")
        }
        guard (200..<300).contains(response.status.code) else { throw await refusal(response, to: path) }
        return response
    }

    private func refusal(_ response: HTTPClientResponse, to path: String) async -> CommandError {
        guard let json = try? await json(of: response, to: path), let problem = Problem(json: json) else {
            return .refused(
                Problem(
                    "status", "The service answered \(response.status.code)", detail: response.status.reasonPhrase,
                    remedy: "check that the address is that of an AIBoMGen service"))
        }
        return .refused(problem)
    }

    private func json(of response: HTTPClientResponse, to path: String) async throws(CommandError) -> JSON {
        let bytes: ByteBuffer
        do { bytes = try await response.body.collect(upTo: JSON.Limits.document.bytes) } catch {
            throw interrupted(error)
        }
        do { return try JSON.parse(Array(bytes.readableBytesView), limits: .document) } catch {
            throw .unintelligible(path)
        }
    }
}
