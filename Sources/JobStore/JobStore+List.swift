internal import GRDB
package import Jobs

extension JobStore {
    /// One page of jobs, from the newest down.
    package func jobs(_ filter: JobFilter) throws(StoreError) -> [Job] {
        try read("list jobs") { database in
            var ids: [String] = []
            for state in JobStore.places(filter.states) { ids += try page(database, filter, in: state) }
            return try jobs(database, Array(ids.sorted(by: >).prefix(filter.limit)))
        }
    }

    /// How many jobs are in each state in which there are any.
    package func tally() throws(StoreError) -> [JobState: Int] {
        try read("count jobs") { database in
            let rows = try Row.fetchAll(database, sql: "SELECT state, jobs FROM tallies WHERE jobs > 0")
            return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.state(), $0["jobs"]) })
        }
    }

    /// The states that are asked for one by one, so that each page is read from the end of an index, however many jobs have
    /// ended; nil stands for any.
    private static func places(_ states: Set<JobState>) -> [JobState?] {
        states.isEmpty || states.count == JobState.allCases.count ? [nil] : Array(states)
    }

    /// The ids of one page in one state. Each shape of the question is a statement of its own: one that asks "or is it null"
    /// has no index.
    private func page(_ database: Database, _ filter: JobFilter, in state: JobState?) throws -> [String] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        for (column, value) in [
            ("owner =", filter.owner), ("state =", state?.rawValue), ("id <", filter.after?.description),
        ] {
            guard let value else { continue }
            conditions.append("\(column) ?")
            arguments += [value]
        }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        return try String.fetchAll(
            database, sql: "SELECT id FROM jobs \(condition) ORDER BY id DESC LIMIT ?",
            arguments: arguments + [filter.limit])
    }
}
