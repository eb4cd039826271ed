import CLinux
import Isolation
import JSON
import Linux

#if DEBUG
    @testable import Sandbox

    /// Launches the real tape once for each of its places, with a step there that fails, and tells what came of it.
    func injectionScenario(_ request: Request) throws -> JSON {
        let setting = try Setting(request)
        var count = 0
        let whole = try launch(setting) { count = $0.steps.count }
        guard whole == nil else { throw RequestFault("the tape itself fails: \(String(describing: whole))") }
        let before = try setting.census()
        var failures: [JSON] = []
        for place in 0..<count {
            let error = try launch(setting) { $0.insertFailure(at: place) }
            failures.append(error?.json ?? .null)
        }
        return [
            "steps": .integer(Int64(count)), "failures": .array(failures), "before": before.json,
            "after": try setting.census().json,
        ]
    }

    /// - Returns: nil when the job ran to its end.
    private func launch(_ setting: Setting, _ change: (inout Tape) -> Void) throws -> SandboxError? {
        do throws(SandboxError) {
            let place = try setting.sandbox.prepare(.files([], written: []))
            defer { withExtendedLifetime(place) {} }
            let job = try setting.sandbox.launch(setting.program, in: place, changing: change)
            let ending = try job.waitForEnd()
            guard ending.status == .exited(0) else { throw .noUser(range: "the job ended: \(ending)") }
            return nil
        } catch {
            return error
        }
    }

    extension Tape {
        /// A close of no descriptor, which every policy allows and which fails with EBADF.
        mutating func insertFailure(at place: Int) {
            let stage = steps[place].stage
            var changed = Tape()
            for step in steps[..<place] { changed.append(step) }
            changed.begin("injected into \(stage)")
            changed.append(.close, .value(UInt64(UInt32.max)))
            for step in steps[place...] { changed.append(step) }
            self = changed
        }
    }
#else
    func injectionScenario(_ request: Request) throws -> JSON { throw RequestFault("built without the tape's inside") }
#endif
