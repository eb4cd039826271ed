import JSON

/// Rates, latencies and memory of a service under load, beside what the disk allows.
struct LoadReport {
    struct Row {
        let connections: Int
        let submit: WrkFigures
        /// Reads of a job's status meanwhile, by another client, a hundred a second.
        let status: Figures
        /// Microseconds on a CPU that all processes of ours took meanwhile.
        let processor: Int64

        /// Of each job that was accepted: it says less of what else the machine does than the clock.
        var processorEach: Double { Double(processor) / Double(max(submit.accepted, 1)) }

        var json: JSON {
            [
                "submit": submit.json, "status": status.json,
                "processor_microseconds_each": .rounded(processorEach),
            ]
        }
    }

    /// What one synced write took before and after the load.
    var floor = Figures("fdatasync")
    /// Bytes of all processes of ours together: before, at most during, and after the load.
    var idle: Int64 = 0
    var loaded: Int64 = 0
    var settled: Int64 = 0
    /// Of the host, when it began: others that run beside disturb.
    var loadAverage = 0.0
    var rows: [Row] = []

    /// Submissions of the best row in the time of one synced write: above 1, several shared one.
    var ratio: Double { (rows.map(\.submit.perSecond).max() ?? .nan) * floor.percentile(0.5) / 1_000_000 }

    var json: JSON {
        var connections = JSONObject()
        for row in rows { connections["\(row.connections)"] = row.json }
        return [
            "benchmark": "submit", "connections": .object(connections), "figures": ["fdatasync": floor.json],
            "memory_bytes": ["idle": .integer(idle), "loaded": .integer(loaded), "settled": .integer(settled)],
            "load_average": .rounded(loadAverage), "ratios": ["fdatasync": .rounded(ratio)],
        ]
    }

    var lines: [String] {
        ["submit: jobs accepted a second, each a form of three files, through the gateway; median, p99 in milliseconds"]
            + rows.map { row in
                "  \(row.connections) connections: \(JSON.rounded(row.submit.perSecond)) a second; "
                    + "\(milliseconds(Double(row.submit.median))), \(milliseconds(Double(row.submit.p99)))\(others(row.submit)); "
                    + "\(milliseconds(row.processorEach)) on a CPU each; "
                    + "a status meanwhile \(milliseconds(row.status.percentile(0.5))), \(milliseconds(row.status.percentile(0.99)))"
            } + [
                "  the floor, a synced write: \(JSON.rounded(1_000_000 / floor.percentile(0.5))) a second; "
                    + "\(milliseconds(floor.percentile(0.5))), \(milliseconds(floor.percentile(0.99))); "
                    + "jobs in the time of one: \(JSON.rounded(ratio))",
                "  memory of all processes of ours: \(mebibytes(idle)) MiB idle, \(mebibytes(loaded)) under load, \(mebibytes(settled)) after it",
                "  load average at its start: \(JSON.rounded(loadAverage))",
            ]
    }

    func print(asDocument: Bool) {
        if asDocument { return Console.show(json) }
        for line in lines { Console.show(line) }
    }

    private func others(_ figures: WrkFigures) -> String {
        var words = figures.refused.sorted { $0.key < $1.key }.map { "\($0.value) answered \($0.key)" }
        if figures.broken > 0 { words.append("\(figures.broken) broken") }
        if figures.late > 0 { words.append("\(figures.late) late") }
        return words.isEmpty ? "" : " (besides: \(words.joined(separator: ", ")))"
    }

    private func milliseconds(_ microseconds: Double) -> JSON { .rounded(microseconds / 1000) }
    private func mebibytes(_ bytes: Int64) -> JSON { .rounded(Double(bytes) / 1_048_576) }
}
