internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs

extension Routes {
    /// One page of jobs, and where the next one is. A submitter's list has its own jobs whatever it asks for.
    @Sendable func listJobs(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        let filter = try Routes.filter(request)
        var asked = filter
        // One more than the page holds tells whether there is another page.
        asked.limit += 1
        if !caller.role.seesEverything {
            if let owner = filter.owner, owner != caller.owner { asked.limit = 0 }
            asked.owner = caller.owner
        }
        let jobs = asked.limit == 0 ? [] : try await service.jobs(asked)
        let page = jobs.prefix(filter.limit)
        let next = jobs.count > filter.limit ? page.last?.id : nil
        var headers = HTTPFields()
        if let next { headers[.link] = "<\(Routes.path(of: filter, after: next))>; rel=\"next\"" }
        return Response(
            json: [
                "jobs": .array(page.map(\.json)), "next": next.map { .string($0.description) } ?? .null,
            ], headers: headers)
    }

    private static func filter(_ request: Request) throws(ServiceError) -> JobFilter {
        let query = request.uri.queryParameters
        var filter = JobFilter()
        if let limit = try number(request, "limit", in: 1...1000) { filter.limit = Int(limit) }
        if let text = query["after"] {
            guard let id = JobID(String(text)) else {
                throw .malformedField(
                    Violation("after", "is not a job id", remedy: "send the last job_id of the page before"))
            }
            filter.after = id
        }
        if let owner = query["owner"] {
            guard (1...128).contains(owner.utf8.count), owner.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw .malformedField(
                    Violation(
                        "owner", "is not a name", limit: 128, remedy: "send an owner as the jobs have it, such as uid:0"
                    ))
            }
            filter.owner = String(owner)
        }
        if let states = query["state"] {
            filter.states = try states.split(separator: ",", omittingEmptySubsequences: false).set(state)
        }
        return filter
    }

    private static func state(_ name: Substring) throws(ServiceError) -> JobState {
        guard let state = JobState(rawValue: String(name)) else {
            let states = JobState.allCases.map(\.rawValue)
            let unknown = Violation.unknown(String(name), in: "", known: states)
            throw .malformedField(
                Violation(
                    "state", "\(unknown.field) is not known", limit: .array(states.map(JSON.string)),
                    remedy: unknown.remedy))
        }
        return state
    }

    /// The request for the same list, from another place on.
    private static func path(of filter: JobFilter, after: JobID) -> String {
        var query = ["after=\(after)", "limit=\(filter.limit)"]
        let plain = CharacterSet(charactersIn: "a"..."z").union(.init(charactersIn: "A"..."Z")).union(
            .init(charactersIn: "0"..."9"))
        if let owner = filter.owner?.addingPercentEncoding(withAllowedCharacters: plain) {
            query.append("owner=\(owner)")
        }
        let states = JobState.allCases.filter(filter.states.contains).map(\.rawValue)
        if !states.isEmpty { query.append("state=\(states.joined(separator: ","))") }
        return "/v1/jobs?\(query.joined(separator: "&"))"
    }
}

extension Sequence {
    fileprivate func set<Value: Hashable>(
        _ transform: (Element) throws(ServiceError) -> Value
    ) throws(ServiceError) -> Set<Value> {
        var values: Set<Value> = []
        for element in self { values.insert(try transform(element)) }
        return values
    }
}

extension HTTPField.Name {
    fileprivate static let link = known("Link")
}
