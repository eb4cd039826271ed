import Isolation
import JSON
import Jobs
import Linux
import Sandbox
import Testing

@testable import Supervisor

@Suite("why a job failed")
struct JobFailureTests {
    private func failure(
        _ cause: RunOutcome.Cause, _ status: Ending.Status, _ fault: ReportReader.Fault? = nil
    ) -> Problem? {
        let ending = Ending(status: status, userMicroseconds: 0, systemMicroseconds: 0)
        let outcome = RunOutcome(cause: cause, ending: ending, wallMicroseconds: 3_600_000_000)
        return JobFailure(outcome, fault)?.problem
    }

    private var fault: ReportReader.Fault {
        var reader = ReportReader(limit: 1 << 20)
        _ = reader.append(Array(#"{"event":"error","code":"c","message":"m","where":"w","remedy":"r"}"#.utf8) + [10])
        return reader.fault ?? .init(code: "", message: "", place: "", remedy: "")
    }

    @Test("is nothing when the trainer exited with 0, whatever it reported")
    func none() {
        #expect(failure(.ended, .exited(0)) == nil)
        #expect(failure(.ended, .exited(0), fault) == nil)
    }

    @Test("is the trainer's own reason when it gave one")
    func own() throws {
        let problem = try #require(failure(.ended, .exited(2), fault))
        #expect(problem.type.hasSuffix(":trainer-c"))
        #expect(problem.detail == "w: m" && problem.field == "w" && problem.remedy == "r")
    }

    static let outcomes: [(RunOutcome.Cause, Ending.Status, String, String, String)] = [
        (.ended, .exited(1), "exit", "it exited with status 1", "read logs.txt"),
        (.ended, .signalled(9), "signal", "signal 9 ended it", "memory ran out"),
        (.ended, .signalled(31), "signal", "signal 31 ended it", "does not allow a system call"),
        (.timedOut, .signalled(9), "time-limit", "it was ended after 3600 s", "longer limit"),
        (.timedOut, .exited(0), "time-limit", "it was ended after 3600 s", "longer limit"),
        (.cancelled, .exited(0), "cancelled", "somebody asked for its end", "submit it again"),
    ]

    @Test("names the status, the signal, the limit or the request", arguments: outcomes)
    func others(
        cause: RunOutcome.Cause, status: Ending.Status, name: String, detail: String, remedy: String
    ) throws {
        let problem = try #require(failure(cause, status))
        #expect(problem.type.hasSuffix(":\(name)"))
        #expect(problem.detail == detail)
        #expect(problem.remedy.contains(remedy))
    }
}
