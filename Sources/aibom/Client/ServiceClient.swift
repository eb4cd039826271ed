import AsyncHTTPClient
import Foundation
import JSON
import Jobs
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks the service, over its socket or a gateway's URL, and reads its answers: values, or a `CommandError`.
struct ServiceClient: Sendable {
    typealias Headers = [(String, String)]

    let place: ServicePlace
    private let http: HTTPClient

    /// Runs `body` with a client of the place and takes its connections down afterwards.
    static func with<Answer: Sendable>(
        _ options: ServiceOptions, _ body: (ServiceClient) async throws -> Answer
    ) async throws -> Answer {
        try await with(try options.place(), body)
    }

    static func with<Answer: Sendable>(
        _ place: ServicePlace, _ body: (ServiceClient) async throws -> Answer
    ) async throws -> Answer {
        let http = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: try configuration(for: place))
        let answer: Result<Answer, any Error>
        do {
            answer = .success(try await body(ServiceClient(place: place, http: http)))
        } catch {
            answer = .failure(error)
        }
        try? await http.shutdown()
        return try answer.get()
    }

    private static func configuration(for place: ServicePlace) throws(CommandError) -> HTTPClient.Configuration {
        // A redirect would take the token to another place.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        // A socket that is not there is not there: no use in asking again for ten seconds.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let path = place.authority {
            var security = TLSConfiguration.makeClientConfiguration()
            security.trustRoots = .certificates(try certificates(in: path))
            configuration.tlsConfiguration = security
        }
        return configuration
    }

    private static func certificates(in path: String) throws(CommandError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .local("\(path) holds no certificate", remedy: "name a PEM file of certificate authorities with --ca")
        }
        return certificates
    }

    /// A document; `path` begins with a slash.
    func get(_ path: String) async throws(CommandError) -> JSON { try await json(of: send(.GET, path), to: path) }

    func delete(_ path: String) async throws(CommandError) -> JSON {
        try await json(of: send(.DELETE, path), to: path)
    }

    /// Sent again only when the service wants that and `key` tells it that both are one.
    func post(_ json: JSON, to path: String, key: String? = nil) async throws(CommandError) -> JSON {
        let headers = [("content-type", "application/json")] + (key.map { [("idempotency-key", "\"\($0)\"")] } ?? [])
        let body = HTTPClientRequest.Body.bytes(ByteBuffer(bytes: json.compactBytes()))
        return try await self.json(of: send(.POST, path, headers, isRepeatable: key != nil) { body }, to: path)
    }

    /// Sends a body that the service knows by its digest, so that sending it twice does no harm; `body` makes it anew.
    func post(
        to path: String, _ body: () throws(CommandError) -> HTTPClientRequest.Body
    ) async throws(CommandError) -> JSON {
        try await json(of: send(.POST, path, [], isRepeatable: true, body), to: path)
    }

    /// An answer of any length, as it comes.
    func stream(_ path: String, headers: Headers = []) async throws(CommandError) -> HTTPClientResponse {
        try await send(.GET, path, headers)
    }

    /// The error of a body that stopped in the middle.
    func interrupted(_ error: any Error) -> CommandError {
        .unreachable(place.name, ConnectionTrouble(error, at: place))
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ headers: Headers = [], isRepeatable: Bool = true,
        _ body: () throws(CommandError) -> HTTPClientRequest.Body? = { () throws(CommandError) in nil }
    ) async throws(CommandError) -> HTTPClientResponse {
        var patience = Patience()
        while true {
            var request = HTTPClientRequest(url: place.base + path)
            request.method = method
            request.headers.add(contentsOf: HTTPHeaders(headers))
            if let token = place.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
            request.body = try body()
            let response = try await execute(request)
            guard !(200..<300).contains(response.status.code) else { return response }
            let refusal = await refusal(response, to: path)
            guard isRepeatable, let seconds = patience.wait(after: response.status, response.headers) else {
                throw refusal
            }
            Console.say("\(refusal.message); asking again in \(seconds) s")
            do { try await Task.sleep(for: .seconds(seconds)) } catch { throw refusal }
        }
    }

    private func execute(_ request: HTTPClientRequest) async throws(CommandError) -> HTTPClientResponse {
        do {
            // No deadline over all: a dataset is as large as it is. Connecting has its own.
            return try await http.execute(request, deadline: .distantFuture)
        } catch let error as CommandError {
            throw error
        } catch {
            throw interrupted(error)
        }
    }

    private func refusal(_ response: HTTPClientResponse, to path: String) async -> CommandError {
        guard let json = try? await json(of: response, to: path), let problem = Problem(json: json) else {
            return .refused(
                Problem(
                    "status", "The service answered \(response.status.code)", detail: response.status.reasonPhrase,
                    remedy: "check that the address is that of an AIBoMGen service"))
        }
        return .refused(response.status == .unauthorized ? place.explained(problem) : problem)
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

extension ServicePlace {
    /// The service says which header it wants; here nobody writes headers.
    fileprivate func explained(_ problem: Problem) -> Problem {
        let remedy =
            token == nil
            ? "set AIBOM_TOKEN to a token; the operator makes them: aibom token create"
            : "check that AIBOM_TOKEN holds all of the token, or ask the operator for another"
        return Problem(
            "unauthenticated", problem.title, status: problem.status, detail: problem.detail, field: "AIBOM_TOKEN",
            remedy: isSocket ? problem.remedy : remedy)
    }
}
