import Glibc
import Isolation
import JSON
import Linux
import Sandbox
import Synchronization

/// Jobs from `threads` threads at a time, `each` on every one.
func crowdScenario(_ request: Request) throws -> JSON {
    let setting = try Setting(request)
    let inputs = try setting.inputs()
    let failures = Mutex<[String]>([])
    let ended = Mutex(0)
    let runners = (0..<request.number("threads", default: 4)).map { _ in
        Runner {
            for _ in 0..<request.number("each", default: 1) {
                do {
                    let finished = try setting.sandbox.run(
                        setting.program, inputs: inputs, streams: JobStreams { _, _ in },
                        cancellation: try Cancellation())
                    guard finished.outcome.succeeded else { throw RequestFault("\(finished.outcome)") }
                    ended.withLock { $0 += 1 }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
    }
    for runner in runners { runner.join() }
    return [
        "ended": .integer(Int64(ended.withLock { $0 })),
        "failures": .array(failures.withLock { $0 }.map { .string($0) }),
    ]
}

/// Launches beside `mebibytes` of memory in use.
func residentScenario(_ request: Request) throws -> JSON {
    let setting = try Setting(request)
    let bytes = request.number("mebibytes", default: 0) << 20
    let ballast = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes, 1), alignment: 4096)
    defer { ballast.deallocate() }
    for offset in stride(from: 0, to: bytes, by: 4096) { ballast[offset] = 1 }
    var peaks: [JSON] = []
    for _ in 0..<request.number("launches", default: 20) {
        try setting.pool.fill(to: 1, for: setting.policy.policy)
        let outcome = try setting.sandbox.run(
            setting.program, inputs: .files([], written: []), streams: JobStreams { _, _ in },
            cancellation: try Cancellation()
        ).outcome
        guard outcome.succeeded else { throw RequestFault("\(outcome)") }
        peaks.append(outcome.usage.peakMemory.map { .integer($0) } ?? .null)
    }
    return ["peaks": .array(peaks)]
}
