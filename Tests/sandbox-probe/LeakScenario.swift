import CLinux
import Glibc
import JSON
import Linux
import Synchronization

#if DEBUG
    @testable import Sandbox

    /// Makes `launches` launches on `threads` threads, most of which fail, and counts what is there before and after.
    ///
    /// `plant=KIND` leaves one of a kind behind on purpose: the proof that the count would show it.
    func leakScenario(_ request: Request) throws -> JSON {
        let setting = try Setting(request)
        let state = try request.required("state")
        let launches = request.number("launches", default: 1)
        let threads = request.number("threads", default: 1)
        // What is made once (buffers of the runtime, the folder of uids) is there before the first count.
        let steps = try setting.steps()
        let first = Tally()
        for number in 0..<Ways.count { first.count { () throws(SandboxError) in try setting.attempt(number, steps) } }
        let before = try setting.census()
        let tally = Tally()
        let runners = (0..<threads).map { thread in
            Runner {
                for number in stride(from: thread, to: launches, by: threads) {
                    tally.count { () throws(SandboxError) in try setting.attempt(number, steps) }
                }
            }
        }
        for runner in runners { runner.join() }
        let planted = try Planted(request["plant"] ?? "nothing", state: state, image: request["image"])
        let after = try setting.census()
        planted.remove()
        return ["before": before.json, "after": after.json, "steps": .integer(Int64(steps)), "ended": tally.json]
    }

    /// How a launch goes, in turn.
    private enum Ways {
        static let count = 6
    }

    extension Setting {
        /// How many steps the tape has.
        fileprivate func steps() throws -> Int {
            var count = 0
            _ = try launch { count = $0.steps.count }
            return count
        }

        /// One launch: in turn a whole run, no such program, no such input, a cancelled job, and twice a failure of one step
        /// of the tape, each time of the next.
        fileprivate func attempt(_ number: Int, _ steps: Int) throws(SandboxError) -> String {
            let round = number / Ways.count
            switch number % Ways.count {
            case 0: return try run(program, .files([], written: [(name: "a", bytes: [1])]))
            case 1:
                return try run(
                    Program(path: "/bin/missing", arguments: ["missing"], environment: []), .files([], written: []))
            case 2: return try run(program, .folder("/nonexistent"))
            case 3: return try run(program, .files([], written: []), cancelled: true)
            case 4: return try launch { $0.insertFailure(at: 2 * round % steps) }
            default: return try launch { $0.insertFailure(at: (2 * round + 1) % steps) }
            }
        }

        private func run(
            _ program: Program, _ inputs: JobInputs, cancelled: Bool = false
        ) throws(SandboxError) -> String {
            let cancellation = try preparing { () throws(LinuxError) in try Cancellation() }
            if cancelled { cancellation.cancel() }
            let finished = try sandbox.run(
                program, inputs: inputs, streams: JobStreams { _, _ in }, cancellation: cancellation)
            // It may have ended before it heard that it was cancelled.
            return finished.outcome.cause == .timedOut ? "timed out" : "ran"
        }

        private func launch(_ change: (inout Tape) -> Void) throws(SandboxError) -> String {
            let place = try sandbox.prepare(.files([], written: []))
            defer { withExtendedLifetime(place) {} }
            _ = try sandbox.launch(program, in: place, changing: change).waitForEnd()
            return "no failure"
        }
    }

    extension SandboxError {
        fileprivate var summary: String {
            switch self {
            case .preparation(let error): error.stage
            case .confinement: "confinement"
            case .program: "program"
            case .noUser: "no user"
            case .unenforceable: "unenforceable"
            }
        }
    }

    /// How launches ended, counted by kind.
    private final class Tally: Sendable {
        private let counts = Mutex<[String: Int64]>([:])

        func count(_ launch: () throws(SandboxError) -> String) {
            let name: String
            do throws(SandboxError) { name = try launch() } catch { name = error.summary }
            counts.withLock { $0[name, default: 0] += 1 }
        }

        var json: JSON {
            var object = JSONObject()
            for (name, count) in counts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
                object[name] = .integer(count)
            }
            return .object(object)
        }
    }
#else
    func leakScenario(_ request: Request) throws -> JSON { throw RequestFault("built without the tape's inside") }
#endif
