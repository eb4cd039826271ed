import ArgumentParser
import Foundation
import JSON
import Jobs
import Testing

@testable import aibom

@Suite("what is typed and drawn")
struct TerminalTests {
    @Test(
        "CPUs",
        arguments: [("2", 2000), ("1.5", 1500), ("500m", 500), ("0.001", 1), ("64", 64000)] as [(String, UInt64)])
    func cpus(text: String, millicores: UInt64) { #expect(CPUQuantity(argument: text)?.millicores == millicores) }

    @Test(
        "no CPUs",
        arguments: ["", "0", "m", "-1", "1.5m", "0.0001", "1e3", "2 ", "two", "1.", ".5", "99999999999999999999"])
    func noCPUs(text: String) { #expect(CPUQuantity(argument: text) == nil) }

    @Test(
        "bytes",
        arguments: [
            ("4GiB", 4 << 30), ("512MiB", 512 << 20), ("2G", 2_000_000_000), ("1.5GiB", 3 << 29), ("100", 100),
            ("1kB", 1000), ("1 KiB", 1024),
            ("3Ti", 3 << 40), ("7B", 7), ("2gib", 2 << 30),
        ] as [(String, UInt64)])
    func bytes(text: String, bytes: UInt64) { #expect(ByteQuantity(argument: text)?.bytes == bytes) }

    @Test(
        "no bytes",
        arguments: ["", "0", "GiB", "4iB", "i", "-4GiB", "4XB", "0.3KiB", "4GiB4", "9999999TiB", "1..5G", "٤GiB"])
    func noBytes(text: String) { #expect(ByteQuantity(argument: text) == nil) }

    @Test("a job's wishes stand in its request, and nothing that was not wished")
    func wishes() throws {
        let none = try ResourceOptions.parse([])
        #expect(none.ask == ResourceAsk())
        #expect(none.priority == JobPriority.usual && none.maxAttempts == JobAttempts.usual)
        #expect(try ResourceOptions.parse(["--gpus", "1"]).ask == ResourceAsk(gpus: 1))
        let all = try ResourceOptions.parse([
            "--cpus", "500m", "--memory", "1GiB", "--gpus", "0", "--priority", "0", "--max-attempts", "3",
        ])
        #expect(all.ask == ResourceAsk(cpuMillicores: 500, memoryBytes: 1 << 30, gpus: 0))
        #expect(all.priority == 0 && all.maxAttempts == 3)
        for bad in [
            ["--priority", "10"], ["--priority", "-1"], ["--max-attempts", "0"], ["--max-attempts", "4"],
            ["--cpus", "0"],
        ] {
            #expect(throws: (any Error).self) { try ResourceOptions.parse(bad) }
        }
    }

    @Test("a bar is one line, however narrow the terminal is", arguments: [1, 2, 20, 80, 300])
    func oneLine(columns: Int) {
        let line = ProgressBar.line(
            "upload 1/3 a\nb\u{1b}.keras", 1, of: 3, note: String(repeating: "n", count: 200), columns: columns)
        #expect(line.count <= max(1, columns - 1))
        #expect(!line.contains("\u{1b}"))
        #expect(ProgressBar.line("x", 5, of: 0, note: "", columns: 80) == "x [========================] 100%  ")
        #expect(ProgressBar.line("x", 9, of: 5, note: "", columns: 80).contains("100%"))
    }

    @Test("a rate is that of the last seconds")
    func pace() {
        var pace = Pace()
        let start = ContinuousClock.now
        #expect(pace.rate(0, at: start) == nil)
        #expect(pace.rate(10, at: start + .milliseconds(50)) == nil)
        let first = pace.rate(1000, at: start + .seconds(1))
        #expect(abs((first ?? 0) - 1000) < 1)
        var last: Double?
        for second in 2...20 { last = pace.rate(1000 + UInt64(second) * 50, at: start + .seconds(second)) }
        #expect(abs((last ?? 0) - 50) < 1)
        // The same file once more: from nothing, not below it.
        #expect(pace.rate(0, at: start + .seconds(21)) == nil)
        #expect(TransferBar.note(25, of: 100, rate: 1) == "25 B of 100 B  1 B/s  1:15 left")
        #expect(TransferBar.note(100, of: 100, rate: 1) == "100 B of 100 B  1 B/s")
        #expect(TransferBar.note(1, of: 2, rate: 0) == "1 B of 2 B")
        #expect([0.1, 59, 61, 3600, 1e9].map(humanTime) == ["1 s", "59 s", "1:01", "1:00:00", "days"])
    }

    @Test("each shell can read its script", arguments: [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])])
    func scripts(shell: String, check: [String]) async throws {
        let run = try await BuiltAibom.run(["completion", shell])
        #expect(run.status == 0, "\(run.err)")
        #expect(run.text.contains("submit") && run.text.contains("delete-inputs") && run.text.contains("strict"))
        let places = ["/bin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(shell)" }
        guard let program = places.first(where: FileManager.default.isExecutableFile) else { return }
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = check + [try folder.write(run.text, as: "script")]
        try await process.runToEnd()
        #expect(process.terminationStatus == 0)
    }

    @Test("a shell is given the names of jobs, and none when nobody answers")
    func completesJobs() async throws {
        let job = FollowTests.job(.running).body
        try await Door.with { _ in
            Door.Answer(body: Array(#"{"jobs":["#.utf8) + job + Array("]}".utf8))
        } _: { door, port in
            let arguments = ["---completion", "status", "--", "positional@0", "0", "0"]
            let url = ["AIBOM_URL": "http://127.0.0.1:\(port)", "SAP_SHELL": "bash", "SAP_SHELL_VERSION": "5"]
            // An answer that comes late is none: whoever presses TAB does not wait. A busy machine is asked again.
            var run = try await BuiltAibom.run(arguments, environment: url)
            for _ in 0..<20 where run.text.trimmingCharacters(in: .newlines).isEmpty {
                run = try await BuiltAibom.run(arguments, environment: url)
            }
            #expect(run.text == "\(FollowTests.id)\n", "\(run.err)")
            let none = try await BuiltAibom.run(
                arguments, environment: ["AIBOM_SOCKET": "/tmp/no such socket", "SAP_SHELL": "bash"])
            #expect(none.text.trimmingCharacters(in: .newlines).isEmpty)
        }
    }
}
