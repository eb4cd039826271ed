import ArgumentParser
import AuditLog
import Jobs
import Measure

extension Severity: ExpressibleByArgument {}

/// Which entries are wanted; all that is given must hold.
struct EntryFilter: ParsableArguments {
    @Option(help: "From then on: 7d, 12h, 30m, or 2027-01-31T00:00:00Z.") var since: PastMoment?
    @Option(help: "Until then, in the same forms.") var until: PastMoment?
    @Option(help: "Jobs of this owner, or what this owner did, such as uid:1000.") var owner: String?
    @Option(help: "This job.") var job: String?
    @Option(
        name: .customLong("event"), help: "This event, or all that begin so: job.sealed, key. May be repeated.")
    var events: [String] = []
    @Option(help: "At least so weighty: informational, low, medium, high, critical.") var severity: Severity?
    @Option(help: "With this text anywhere in the entry, in any case.") var text: String?

    func validate() throws {
        let known = LogEvent.Kind.allCases.map(\.rawValue)
        for event in events where !known.contains(where: { $0 == event || $0.hasPrefix("\(event).") }) {
            throw ValidationError("--event \(event) is none of \(known.joined(separator: ", "))")
        }
    }

    func matcher(at now: Instant) -> EntryMatcher {
        EntryMatcher(
            since: since?.instant(at: now), until: until?.instant(at: now), owner: owner, job: job, events: events,
            severity: severity, text: text?.lowercased())
    }
}

struct EntryMatcher: Sendable {
    var since: Instant?
    var until: Instant?
    var owner: String?
    var job: String?
    var events: [String] = []
    var severity: Severity?
    /// In lower case.
    var text: String?

    func matches(_ logged: LoggedEntry) -> Bool {
        let entry = logged.entry
        if let since, entry.time < since { return false }
        if let until, entry.time >= until { return false }
        if let owner, entry.owner != owner, entry.actor != owner { return false }
        if let job, entry.job != job { return false }
        if let severity, entry.severity < severity { return false }
        let name = entry.event.description
        if !events.isEmpty, !events.contains(where: { $0 == name || name.hasPrefix("\($0).") }) { return false }
        guard let text else { return true }
        return String(decoding: logged.bytes, as: UTF8.self).lowercased().contains(text)
    }
}

/// A time in the past, as people say it.
enum PastMoment: ExpressibleByArgument, Equatable {
    case ago(milliseconds: Int64)
    case at(Instant)

    private static let units: [Character: Int64] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000]

    init?(argument: String) {
        if let time = Instant.inUTC(argument) {
            self = .at(time)
        } else if let unit = argument.last.flatMap({ Self.units[$0] }), let count = Int64(argument.dropLast()),
            (0...1_000_000).contains(count)
        {
            self = .ago(milliseconds: count * unit)
        } else {
            return nil
        }
    }

    func instant(at now: Instant) -> Instant {
        switch self {
        case .ago(let milliseconds): Instant(milliseconds: now.milliseconds - milliseconds)
        case .at(let time): time
        }
    }
}
