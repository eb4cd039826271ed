import Foundation
import JSON
import Linux
import Testing

extension EndToEnd {
    /// A daemon that dies at any moment, again and again: nothing that it acknowledged is lost, nothing is done twice, and
    /// nothing of it is left on the host.
    ///
    /// `AIBOM_CRASH_ROUNDS` says how often it is killed at random; hundreds take minutes, so the suite makes do with fewer.
    @Suite("killed at any moment")
    struct Crashes {
        private static let rounds =
            ProcessInfo.processInfo.environment["AIBOM_CRASH_ROUNDS"].flatMap { Int($0) } ?? 25
        /// Deaths of one daemon before it begins anew, so that its books stay short.
        private static let deaths = 25
        private static let killed = 128 + SIGKILL

        @Test(
            "at a named step, and at the same step after it was started again",
            arguments: CrashPoint.allCases.filter { $0 != .jobRequeued })
        func named(_ step: CrashPoint) async throws {
            try await Trial.run { trial in
                for _ in 1...2 { #expect(try await trial.die(at: step) == Self.killed, "\(trial.daemon.log)") }
                try await trial.start()
                try await trial.close()
            }
        }

        @Test("when it has put a job back into the queue, asked to stop or taking up what a killed one left")
        func requeued() async throws {
            try await Trial.run { trial in
                let folder = try Folder()
                let daemon = trial.daemon
                let plan = ["AIBOM_CRASH_AT": CrashPoint.jobRequeued.rawValue]
                try await daemon.start(environment: plan, by: ["setsid"])
                let job = try await daemon.submit(try Submission.hostile("patient", in: folder)).id
                _ = try await daemon.job(job, in: "running")
                let first = try #require(await daemon.pid)
                #expect(await daemon.terminate() == Self.killed)
                trial.check(try await trial.traces.afterDeath(of: first))

                try await daemon.start(by: ["setsid"])
                #expect(try await daemon.job(job, in: "running")["attempt"] == 1)
                let second = try #require(await daemon.pid)
                await daemon.kill()
                trial.check(try await trial.traces.afterDeath(of: second))
                try await daemon.launch(environment: plan, by: ["setsid"])
                let third = try #require(await daemon.pid)
                #expect(await daemon.died(within: .seconds(20)) == Self.killed)
                trial.check(try await trial.traces.afterDeath(of: third))

                try await daemon.start(by: ["setsid"])
                #expect(try await daemon.job(job, in: "running")["attempt"] == 2)
                #expect(try await daemon.aibom("cancel", job).status == 0)
                _ = try await daemon.job(job, in: "cancelled")
                let begin = ["queued", "staging", "running"]
                #expect(try await daemon.states(of: job) == ["received"] + begin + begin + begin + ["cancelled"])
                #expect(try await daemon.jobs().count == 1)
            }
        }

        /// Every fourth time before it serves, else while it works.
        @Test("at random", arguments: stride(from: 0, to: rounds, by: deaths).map { min(deaths, rounds - $0) })
        func random(_ count: Int) async throws {
            try await Trial.run { trial in
                for round in 1...count {
                    if round % 4 == 0 {
                        try await trial.daemon.launch(by: ["setsid"])
                        try await trial.die(after: .milliseconds(Int.random(in: 0...400)), placing: 0)
                    } else {
                        try await trial.start()
                        try await trial.die(after: .milliseconds(Int.random(in: 0...600)), placing: 6)
                    }
                }
                try await trial.start()
                try await trial.close()
                print("aibomd was killed \(count) times at random; \(trial.ledger.summary)")
            }
        }

        @Test(
            "at a step that there is not: it says so and does not start", arguments: ["job-acepted", "signed:0", ":1"])
        func misspelt(_ plan: String) async throws {
            let folder = try Folder()
            let run = try await Command.run(
                Built.aibomd, ["--state", folder.path("state"), "--socket", folder.path("s")],
                environment: Command.path.merging(["AIBOM_CRASH_AT": plan]) { $1 })
            #expect(run.status == 1)
            #expect(run.err.contains("AIBOM_CRASH_AT=\(plan): names no step; use NAME or NAME:COUNT"), "\(run)")
            #expect(files(below: folder.path).isEmpty)
        }
    }
}
