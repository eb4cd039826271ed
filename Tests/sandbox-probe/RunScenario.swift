import Glibc
import JSON
import Linux
import Sandbox

/// What a job wrote, kept up to a limit and counted beyond it.
final class Captured {
    private(set) var kept: [JobStreams.Name: [UInt8]] = [:]
    private(set) var counts: [JobStreams.Name: Int] = [:]
    /// Where the first byte is announced, so that a test knows that the job is up.
    private let announces: Bool

    init(announces: Bool) { self.announces = announces }

    var streams: JobStreams {
        JobStreams { name, bytes in
            if self.announces, self.counts.isEmpty { say(Array("up\n".utf8), on: STDERR_FILENO) }
            self.counts[name, default: 0] += bytes.count
            let room = max(0, 1 << 20 - (self.kept[name]?.count ?? 0))
            self.kept[name, default: []] += bytes.prefix(room)
        }
    }

    func json(_ name: JobStreams.Name) -> JSON { .string(String(decoding: kept[name] ?? [], as: UTF8.self)) }
    func count(_ name: JobStreams.Name) -> JSON { .integer(Int64(counts[name] ?? 0)) }
}

/// One job. `cancel=MILLISECONDS` ends it early; 0 asks before it has begun.
func runScenario(_ request: Request) throws -> JSON {
    let setting = try Setting(request)
    if let folder = request["leak"] { leakFolder(folder) }
    let captured = Captured(announces: request["announce"] != nil)
    let cancellation = try Cancellation()
    let delay = request.number("cancel", default: -1)
    if delay == 0 { cancellation.cancel() }
    let canceller =
        delay > 0
        ? Runner {
            usleep(UInt32(delay) * 1000); cancellation.cancel()
        } : nil
    let finished = try setting.run(captured.streams, cancellation)
    let survivors = Census.survivors(marked: request["env.MARKER"] ?? "none")
    canceller?.join()
    return [
        "outcome": finished.outcome.json, "output": captured.json(.output), "error": captured.json(.error),
        "report": captured.json(.report), "output_bytes": captured.count(.output),
        "error_bytes": captured.count(.error), "report_bytes": captured.count(.report),
        "survivors": .integer(Int64(survivors)),
        "collected": collected(finished.output), "collected_again": collected(finished.output),
        "microseconds": .integer(spentMicroseconds()),
    ]
}

/// CPU time of this process, without its jobs'.
private func spentMicroseconds() -> Int64 {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Int64($1.tv_sec) * 1_000_000 + Int64($1.tv_usec) }
}
