import ArgumentParser
import AuditLog
import JSON
import Measure

extension AuditCommand {
    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Summarise a period: jobs, outcomes, refusals, denied calls, keys, gaps.")

        @OptionGroup var log: LogOptions
        @OptionGroup var format: FormatOptions
        @Option(help: "From then on: 7d, 12h, 30m, or 2027-01-31T00:00:00Z.") var since: PastMoment
        @Option(help: "Until then, in the same forms; left out, now.") var until: PastMoment?

        func run() async throws {
            let now = Instant.now()
            let (from, to) = (since.instant(at: now), until?.instant(at: now) ?? now)
            let report = try await log.with { view, _ in
                var report = PeriodReport(origin: view.key.name.description, entries: view.size, from: from, to: to)
                try view.forEach { report.add($0) }
                return report
            }
            if format.json { return Console.show(report.json) }
            for line in report.lines { Console.show(line) }
        }
    }
}

/// What a period's entries say, counted.
struct PeriodReport: Sendable {
    let origin: String
    let entries: UInt64
    let from: Instant
    let to: Instant
    private(set) var counted: UInt64 = 0
    private(set) var submitted = 0
    private(set) var outcomes: [String: Int] = [:]
    private(set) var owners: [String: Int] = [:]
    private(set) var refusals: [String: Int] = [:]
    private(set) var deniedCalls: [String: Int64] = [:]
    private(set) var limits: [String: Int] = [:]
    private(set) var reads = 0
    /// Keys in use, by their use.
    private(set) var keys: [String: [String]] = [:]
    private(set) var changes: [String] = []
    /// Where nobody looked: a supervisor that did not stop in order, a clock that was set, a version that this program does not know.
    private(set) var gaps: [String] = []
    private(set) var reviews: [String] = []

    init(origin: String, entries: UInt64, from: Instant, to: Instant) {
        self.origin = origin
        self.entries = entries
        self.from = from
        self.to = to
    }

    mutating func add(_ logged: LoggedEntry) {
        let entry = logged.entry
        // A key stays in use until the next one: what was said before the period holds in it.
        if entry.event == .known(.keyChanged), entry.time < to { note(key: entry) }
        guard entry.time >= from, entry.time < to else { return }
        counted += 1
        let place = "entry \(logged.index), \(entry.time)"
        guard case .known(let kind) = entry.event else {
            return gaps.append("\(place): \(entry.event), which this version of aibom does not know")
        }
        switch kind {
        case .jobSubmitted:
            submitted += 1
            owners[entry.owner ?? "unknown", default: 0] += 1
        case .jobState:
            if let state = entry.detail["to"]?.stringValue, ["completed", "failed", "cancelled"].contains(state) {
                outcomes[state, default: 0] += 1
            }
        case .jobRefused: refusals[entry.detail["reason"]?.stringValue ?? "unknown", default: 0] += 1
        case .jobDeniedCalls:
            for member in entry.detail["calls"]?.objectValue?.members ?? [] {
                deniedCalls[member.key, default: 0] += member.value.integerValue ?? 0
            }
        case .jobLimit: limits[entry.detail["limit"]?.stringValue ?? "unknown", default: 0] += 1
        case .evidenceRead: reads += 1
        case .keyChanged, .policyChanged, .rootfsChanged, .configurationChanged, .tokenChanged:
            changes.append("\(place): \(entry.event) \(logged.summary)")
        case .supervisorStarted:
            if entry.detail["previous"] == "did not stop in order" {
                gaps.append("\(place): the supervisor before did not stop in order")
            }
        case .clockStepped:
            gaps.append("\(place): the clock was set by \(entry.detail["milliseconds"]?.integerValue ?? 0) ms")
        case .logReviewed:
            reviews.append(
                "\(place): \(entry.actor) saw \(entry.detail["through"]?.integerValue ?? 0): \(logged.summary)")
        case .jobCancelAsked, .jobSealed, .jobInputsDeleted, .supervisorStopped: break
        }
    }

    private mutating func note(key entry: LogEntry) {
        guard let use = entry.detail["use"]?.stringValue, let id = entry.detail["key_id"]?.stringValue else { return }
        if entry.time < from { keys[use] = [] }
        if entry.detail["change"] != "gone" { keys[use, default: []].append(id) }
    }

    var json: JSON {
        func counts(_ values: [String: Int]) -> JSON {
            var object = JSONObject()
            for (name, count) in values.sorted(by: { $0.key < $1.key }) { object[name] = .integer(Int64(count)) }
            return .object(object)
        }
        var used = JSONObject()
        for (use, ids) in keys.sorted(by: { $0.key < $1.key }) { used[use] = .array(ids.map(JSON.string)) }
        return [
            "log": .string(origin), "size": .integer(Int64(clamping: entries)), "from": .string(from.description),
            "to": .string(to.description), "entries": .integer(Int64(clamping: counted)),
            "jobs": [
                "submitted": .integer(Int64(submitted)), "outcomes": counts(outcomes), "by_owner": counts(owners),
            ],
            "refusals": counts(refusals), "denied_calls": counts(deniedCalls.mapValues { Int(clamping: $0) }),
            "limits": counts(limits), "evidence_reads": .integer(Int64(reads)), "keys": .object(used),
            "changes": .array(changes.map(JSON.string)), "gaps": .array(gaps.map(JSON.string)),
            "reviews": .array(reviews.map(JSON.string)),
        ]
    }

    var lines: [String] {
        func list(_ title: String, _ values: [String: Int]) -> [String] {
            let parts = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
            return ["\(title.padding(to: 16))\(parts.isEmpty ? "none" : parts.joined(separator: ", "))"]
        }
        func section(_ title: String, _ lines: [String]) -> [String] {
            lines.isEmpty ? ["\(title.padding(to: 16))none"] : ["\(title):"] + lines.map { "  \($0)" }
        }
        return [
            "\("log".padding(to: 16))\(origin), \(entries) entries", "\("period".padding(to: 16))\(from) to \(to)",
            "\("entries".padding(to: 16))\(counted)", "\("jobs submitted".padding(to: 16))\(submitted)",
        ] + list("outcomes", outcomes) + list("by owner", owners) + list("refusals", refusals)
            + list("denied calls", deniedCalls.mapValues { Int(clamping: $0) }) + list("limits", limits)
            + ["\("evidence reads".padding(to: 16))\(reads)"]
            + section("keys", keys.sorted { $0.key < $1.key }.flatMap { use, ids in ids.map { "\(use) \($0)" } })
            + section("changes", changes) + section("gaps", gaps) + section("reviews", reviews)
    }
}
