import JSON

/// How a large upload went.
struct UploadReport {
    /// What it cost one process of ours.
    struct Part {
        let name: String
        private let pid: Int32
        /// Bytes of memory above what it had before, at most; bytes written to disks.
        private(set) var growth: Int64
        private(set) var written: Int64

        init(name: String, watching pid: Int32) throws {
            self.name = name
            self.pid = pid
            try ProcessFacts.forgetPeak(of: pid)
            growth = -(try ProcessFacts.memory(of: pid))
            written = -(try ProcessFacts.bytesWritten(by: pid))
        }

        init(name: String, growth: Int64, written: Int64) {
            (self.name, self.pid, self.growth, self.written) = (name, 0, growth, written)
        }

        mutating func finish() throws {
            growth += try ProcessFacts.peakMemory(of: pid)
            written += try ProcessFacts.bytesWritten(by: pid)
        }
    }

    let bytes: Int64
    var upload = Figures("aibom")
    /// The same bytes hashed, written and synced by one process.
    var floor = Figures("floor")
    /// The most of all rounds.
    private(set) var parts: [Part] = []

    init(bytes: Int64) { self.bytes = bytes }

    mutating func add(_ round: [Part]) {
        guard !parts.isEmpty else { return parts = round }
        parts = zip(parts, round).map { known, new in
            Part(name: known.name, growth: max(known.growth, new.growth), written: max(known.written, new.written))
        }
    }

    /// How often each byte was written.
    var writes: Double { Double(parts.map(\.written).reduce(0, +)) / Double(bytes) }

    var json: JSON {
        var processes = JSONObject()
        for part in parts {
            processes[part.name] = [
                "memory_growth_bytes": .integer(part.growth), "written_bytes": .integer(part.written),
            ]
        }
        return [
            "benchmark": "upload", "bytes": .integer(bytes), "figures": ["aibom": upload.json, "floor": floor.json],
            "processes": .object(processes), "writes_of_each_byte": .rounded(writes),
            "ratios": ["floor": .rounded(upload.ratio(to: floor))],
        ]
    }

    var lines: [String] {
        [
            "upload of \(bytes >> 30) GiB: \(rate(upload)) MB/s through the gateway; hashed, written and synced by one "
                + "process \(rate(floor)) MB/s; time ours / theirs, paired \(JSON.rounded(upload.ratio(to: floor)))",
            "  each byte was written \(JSON.rounded(writes)) times",
        ] + parts.map { "  \($0.name): memory grew by \(JSON.rounded(Double($0.growth) / 1_048_576)) MiB at most" }
    }

    func print(asDocument: Bool) {
        if asDocument { return Console.show(json) }
        for line in lines { Console.show(line) }
    }

    /// Bytes a microsecond are megabytes a second.
    private func rate(_ figures: Figures) -> JSON { .rounded(Double(bytes) / figures.percentile(0.5)) }
}
