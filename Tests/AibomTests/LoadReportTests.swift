import JSON
import Measure
import NIOCore
import Testing

@testable import aibom

@Suite("the figures of a load")
struct LoadReportTests {
    private func read(_ text: String) -> WrkFigures? {
        WrkFigures(json: try? JSON.parse(Array(text.utf8), limits: .report))
    }

    private let run = """
        {"statuses": {"200": 3000, "202": 1000, "429": 7, "503": 2}, "broken": 1, "late": 0, "microseconds": 2000000,
         "median": 1500, "p99": 9000}
        """

    @Test("count what was accepted and nothing else")
    func accepted() throws {
        let figures = try #require(read(run))
        #expect(figures.accepted == 4000)
        #expect(figures.perSecond == 2000)
        #expect(figures.refused == ["429": 7, "503": 2])
        #expect(figures.json["refused"] == ["429": 7, "503": 2])
        #expect(figures.json["accepted_per_second"]?.doubleValue == 2000)
    }

    @Test(
        "are not read from what is no figure",
        arguments: [
            "", "{}", "[]",
            #"{"statuses": {"200": "many"}, "broken": 0, "late": 0, "microseconds": 1, "median": 1, "p99": 1}"#,
            #"{"statuses": {}, "broken": 0, "late": 0, "microseconds": 0, "median": 1, "p99": 1}"#,
            #"{"statuses": {}, "broken": 0, "late": 0, "microseconds": 1, "median": 1}"#,
        ])
    func unreadable(_ text: String) { #expect(read(text) == nil) }

    @Test("set the best rate beside the disk's, and name what was refused")
    func report() throws {
        var report = LoadReport()
        for time in [100.0, 500, 900] { report.floor.add(microseconds: time) }
        var status = Figures("status")
        for time in 1...100 { status.add(microseconds: Double(time) * 100) }
        report.rows.append(
            .init(connections: 64, submit: try #require(read(run)), status: status, processor: 8_000_000))
        #expect(report.ratio == 1)
        #expect(report.json["ratios"]?["fdatasync"]?.doubleValue == 1)
        #expect(report.json["connections"]?["64"]?["status"]?["p99_microseconds"]?.doubleValue == 9900)
        #expect(report.rows[0].processorEach == 2000)
        let line = try #require(report.lines.first { $0.contains("64 connections") })
        #expect(line.contains("64 connections: 2000") && line.contains("7 answered 429, 2 answered 503, 1 broken"))
    }

    @Test("say how often each byte of an upload was written, and the most memory of all rounds")
    func upload() {
        var report = UploadReport(bytes: 1000)
        report.add([.init(name: "gateway", growth: 5, written: 0), .init(name: "aibomd", growth: 9, written: 1000)])
        report.add([.init(name: "gateway", growth: 7, written: 0), .init(name: "aibomd", growth: 2, written: 999)])
        #expect(report.writes == 1)
        #expect(report.parts.map(\.growth) == [7, 9])
        #expect(report.json["processes"]?["gateway"]?["written_bytes"] == 0)
    }

    @Test("are right at the ends and for one sample")
    func percentiles() {
        var figures = Figures("any")
        #expect(figures.percentile(0.5).isNaN)
        figures.add(microseconds: 4)
        #expect(figures.percentile(0) == 4 && figures.percentile(0.99) == 4)
        for time in [3.0, 1, 2, 0] { figures.add(microseconds: time) }
        #expect(figures.percentile(0) == 0 && figures.percentile(0.5) == 2 && figures.percentile(1) == 4)
    }

    @Test("of a process are read by their whole name")
    func processFacts() throws {
        let text = "VmPeak:\t 99 kB\nVmHWM:\t   12 kB\nPss:   7 kB\nPss_Dirty: 8 kB\nwrite_bytes: 4096\n"
        #expect(try ProcessFacts.kibibytes("VmHWM", in: text) == 12288)
        #expect(try ProcessFacts.kibibytes("Pss", in: text) == 7168)
        #expect(try ProcessFacts.number("write_bytes", in: text) == 4096)
        #expect(throws: CommandError.self) { try ProcessFacts.number("Hwm", in: text) }
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 9 9 9"
        #expect(try ProcessFacts.processorTime(in: stat) == 2_000_000)
        #expect(throws: CommandError.self) { try ProcessFacts.processorTime(in: "7 (a) S 1") }
    }

    @Test("of an upload are those of one file: the same bytes each time, no piece twice")
    func largeFile() {
        let file = LargeFile(bytes: 4 * LargeFile.pieceSize)
        var digests: [[Digest]] = []
        for _ in 0..<2 {
            var pieces = file.makeAsyncIterator()
            var round: [Digest] = []
            while let piece = pieces.next() { round.append(Digest.of(Array(piece.readableBytesView))) }
            digests.append(round)
        }
        #expect(digests[0] == digests[1])
        #expect(Set(digests[0]).count == 4)
    }
}
