import Foundation
import Linux
import Testing

/// A daemon that dies again and again, those who send it work meanwhile, and the books about both.
struct Trial {
    let daemon: Daemon
    let workload: Workload
    var ledger: Ledger
    var traces: Traces

    /// Runs `body` and ends its daemon in good order, of which nothing may be left either.
    static func run(_ body: (inout Trial) async throws -> Void) async throws {
        let daemon = try await Daemon(cache: try #require(EndToEnd.cache).path)
        var trial = try Trial(daemon)
        let result: Result<Void, any Error>
        do { result = .success(try await body(&trial)) } catch { result = .failure(error) }
        if let pid = await daemon.pid {
            #expect(await daemon.terminate() == 0)
            trial.check(try await trial.traces.afterDeath(of: pid))
        }
        try result.get()
    }

    private init(_ daemon: Daemon) throws {
        self.daemon = daemon
        workload = try Workload(against: daemon)
        ledger = Ledger(daemon, workload)
        traces = Traces(of: daemon)
    }

    /// Starts it and opens the books before anybody asks it for anything.
    mutating func start(by launcher: [String] = []) async throws {
        try await daemon.start(by: ["setsid"] + launcher)
        check(try await traces.afterStart())
        check(try await ledger.standing())
    }

    /// Starts it with a step to die at, and sends it work until it does.
    ///
    /// - Returns: its exit status.
    mutating func die(at step: CrashPoint) async throws -> Int32? {
        try await daemon.launch(environment: ["AIBOM_CRASH_AT": step.rawValue], by: ["setsid"])
        let pid = try #require(await daemon.pid)
        async let sending: Void = workload.run(placing: 1000)
        let status = await daemon.died(within: .seconds(20))
        await workload.stop()
        try await sending
        check(try await traces.afterDeath(of: pid))
        return status
    }

    /// Sends work to the daemon, which runs or has just been launched, and kills it after a while.
    mutating func die(after time: Duration, placing orders: Int) async throws {
        let pid = try #require(await daemon.pid)
        async let sending: Void = workload.run(placing: orders)
        try await Task.sleep(for: time)
        #expect(await daemon.kill() == 128 + SIGKILL)
        await workload.stop()
        try await sending
        check(try await traces.afterDeath(of: pid))
    }

    /// Has every order carried out and closes the books.
    mutating func close() async throws {
        try await workload.run(placing: 0)
        check(try await ledger.closing())
    }

    func check(_ findings: Set<Finding>, location: SourceLocation = #_sourceLocation) {
        #expect(findings.isEmpty, "\(findings)\n\(daemon.log.suffix(8000))", sourceLocation: location)
    }
}
