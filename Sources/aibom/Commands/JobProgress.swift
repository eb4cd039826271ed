import JSON
import Jobs

/// A job's events for whoever waits: a bar of epochs on a terminal, plain lines elsewhere; all of it on stderr.
struct JobProgress {
    private let bar = ProgressBar()

    func show(_ event: JobEvent) {
        switch event.kind {
        case .state(let state, let attempt):
            bar.finish()
            Console.say(attempt > 1 ? "\(state) (attempt \(attempt))" : "\(state)")
        case .denied(let call, _):
            bar.finish()
            Console.say("denied: the job tried \(call)")
        case .note(let text):
            bar.finish()
            Console.say(text)
        case .epoch(let epoch, let total, let metrics):
            let words = ["epoch \(epoch)\(total.map { "/\($0)" } ?? "")"] + JobProgress.words(metrics)
            if Console.errorIsTerminal, let total, total > 0 {
                bar.show(
                    "epochs", UInt64(clamping: epoch), of: UInt64(clamping: total), note: words.joined(separator: "  "))
            } else {
                Console.say(words.joined(separator: " "))
            }
        }
    }

    func finish() { bar.finish() }

    /// The first few metrics: a job may report any number of them.
    private static func words(_ metrics: JSONObject) -> [String] {
        metrics.members.prefix(4).map { member in
            let value = member.value.doubleValue.map { "\(Double(Int($0.magnitude < 1e9 ? $0 * 1e4 : 0)) / 1e4)" }
            return "\(member.key.prefix(32))=\(value ?? "\(member.value)")"
        }
    }
}
