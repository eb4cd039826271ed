import Isolation
import JSON
import Linux

/// What a run of wrk(1) came to.
struct WrkFigures: Equatable {
    /// Answers by their status, as text.
    let statuses: [String: Int64]
    /// Connections that could not be made, read from or written to, and answers that took over ten seconds.
    let broken: Int64
    let late: Int64
    let microseconds: Int64
    /// Of the answers, whatever they say; wrk corrects for requests that it would have sent while it waited.
    let median: Int64
    let p99: Int64

    /// Reads the document that our script writes; nil for any other.
    init?(json: JSON?) {
        guard let json, let members = json["statuses"]?.objectValue?.members,
            let broken = json["broken"]?.integerValue, let late = json["late"]?.integerValue,
            let microseconds = json["microseconds"]?.integerValue, microseconds > 0,
            let median = json["median"]?.integerValue, let p99 = json["p99"]?.integerValue
        else { return nil }
        var statuses: [String: Int64] = [:]
        for member in members {
            guard let count = member.value.integerValue else { return nil }
            statuses[member.key] = count
        }
        self.statuses = statuses
        (self.broken, self.late, self.microseconds, self.median, self.p99) = (broken, late, microseconds, median, p99)
    }

    /// What was accepted; nothing else counts.
    var accepted: Int64 { statuses.filter { $0.key.hasPrefix("2") }.values.reduce(0, +) }
    var perSecond: Double { Double(accepted) * 1_000_000 / Double(microseconds) }
    var refused: [String: Int64] { statuses.filter { !$0.key.hasPrefix("2") } }

    var json: JSON {
        var others = JSONObject()
        for (status, count) in refused.sorted(by: { $0.key < $1.key }) { others[status] = .integer(count) }
        return [
            "accepted": .integer(accepted), "accepted_per_second": .rounded(perSecond), "refused": .object(others),
            "broken": .integer(broken), "late": .integer(late), "median_microseconds": .integer(median),
            "p99_microseconds": .integer(p99),
        ]
    }
}

/// wrk(1), run to its end.
enum Wrk {
    static let path = "/usr/bin/wrk"

    static func requireInstalled() throws(CommandError) {
        guard OwnedDescriptor.exists(path) else {
            throw .local("wrk is not installed", remedy: "install it: apt-get install wrk")
        }
    }

    /// Blocks until it has ended.
    ///
    /// - Parameters:
    ///   - script: a file; it writes its figures to descriptor 3.
    ///   - url: of the gateway.
    ///   - connections: at a time, each with one request under way.
    ///   - seconds: how long.
    /// - Returns: the figures.
    /// - Throws: `CommandError` when there are none.
    static func run(script: String, url: String, connections: Int, seconds: Int) throws -> WrkFigures {
        let pipe = try Pipe()
        let child = try Child.spawn(
            path,
            arguments: [
                "wrk", "-t", "1", "-c", "\(connections)", "-d", "\(seconds)s", "--timeout", "10s", "-s", script, url,
            ], third: pipe.writer, fourth: pipe.writer)
        let output = try pipe.takeReader().readAll(limit: 1 << 16)
        guard try child.wait().status == .exited(0),
            let figures = WrkFigures(json: try? JSON.parse(output, limits: .report))
        else { throw CommandError.local("wrk failed", remedy: "look at what it printed above") }
        return figures
    }
}
