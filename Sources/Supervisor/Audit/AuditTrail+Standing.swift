internal import AuditLog
internal import JSON
internal import JobStore
internal import Measure
internal import Synchronization

/// Things that stand for long and matter when they change: keys, policies, environments, settings.
extension AuditTrail {
    /// Enters what has changed since the log last spoke of it.
    ///
    /// - Parameters:
    ///   - event: the kind of thing.
    ///   - now: each thing's name and value.
    ///   - detail: what the entry says of a thing, its value, and `new`, `changed` or `gone`.
    /// - Throws: `TrailError`.
    func noteChanges(
        _ event: LogEvent.Kind, _ now: [String: String], _ detail: (String, String, String) -> JSON
    ) throws(TrailError) {
        let prefix = "\(event.rawValue) "
        let before = try trailing { () throws(StoreError) in try jobs.logMarks(prefix) }
        for (name, value) in now.sorted(by: { $0.key < $1.key }) {
            try noteChange(event, name, value, before: before[prefix + name], detail)
        }
        for (mark, old) in before.sorted(by: { $0.key < $1.key }) {
            let name = String(mark.dropFirst(prefix.count))
            if now[name] == nil { try noteChange(event, .medium, detail(name, old, "gone"), [mark: nil]) }
        }
    }

    /// The same for one thing, and nothing of the others.
    func noteChange(
        _ event: LogEvent.Kind, of name: String, to value: String, _ detail: (String, String, String) -> JSON
    ) throws(TrailError) {
        let before = try trailing { () throws(StoreError) in try jobs.logMark("\(event.rawValue) \(name)") }
        try noteChange(event, name, value, before: before, detail)
    }

    private func noteChange(
        _ event: LogEvent.Kind, _ name: String, _ value: String, before: String?,
        _ detail: (String, String, String) -> JSON
    ) throws(TrailError) {
        guard before != value else { return }
        let (change, severity): (String, Severity) = before == nil ? ("new", .informational) : ("changed", .medium)
        try noteChange(event, severity, detail(name, value, change), ["\(event.rawValue) \(name)": value])
    }

    /// The names of the settings that are others than when the log last spoke of them, in one entry.
    func noteSettings(_ settings: [String: String]) throws(TrailError) {
        let prefix = "\(LogEvent.Kind.configurationChanged.rawValue) "
        let before = try trailing { () throws(StoreError) in try jobs.logMarks(prefix) }
        let names = Set(settings.keys).union(before.keys.map { String($0.dropFirst(prefix.count)) })
        let changed = names.filter { settings[$0] != before[prefix + $0] }.sorted()
        guard !changed.isEmpty else { return }
        let text = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        let detail: JSON = [
            "digest": .string("sha256:\(Digest.of(Array(text.utf8)))"), "settings": .array(changed.map(JSON.string)),
        ]
        var marks: [String: String?] = [:]
        for name in changed { marks[prefix + name] = .some(settings[name]) }
        try noteChange(.configurationChanged, before.isEmpty ? .informational : .medium, detail, marks)
    }

    /// Enters a change and marks it in the store, after the entry: the other way round a dead supervisor's change would never be told. Between
    /// the two a predecessor may have died, and the entry is there.
    private func noteChange(
        _ event: LogEvent.Kind, _ severity: Severity, _ detail: JSON, _ marks: [String: String?]
    ) throws(TrailError) {
        try mend()
        try entered.withLock { entered throws(TrailError) in
            let entry: LogEntry
            do throws(LogError) {
                entry = try LogEntry(event, severity: severity, actor: "supervisor", detail: detail)
            } catch { throw .log(error) }
            if entered.standing.remove(entry.saying) == nil {
                try watching { () throws(LogError) in _ = try log.append(entry) }
            }
            // Whoever enters moves holds this lock: all of them are marked, unless the store did not take it.
            let entries = entered.moves.isEmpty ? log.size : nil
            try trailing { () throws(StoreError) in try jobs.setLogMarks(marks, entries: entries) }
        }
    }
}
