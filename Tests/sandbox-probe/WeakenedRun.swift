import Glibc
import Linux
import Policy

#if DEBUG
    @testable import Sandbox

    extension Setting {
        /// A run without the walls that the request names, to see whether another one stands behind each.
        ///
        /// `without=STAGE,…` leaves out stages of the tape; `writable=1` gives every mount back what it may not do.
        func run(_ streams: JobStreams, _ cancellation: Cancellation) throws -> FinishedJob {
            let stages = Set((request["without"] ?? "").split(separator: ",").map(String.init))
            guard !stages.isEmpty || request["writable"] != nil else {
                return try sandbox.run(program, inputs: try inputs(), streams: streams, cancellation: cancellation)
            }
            let place = try sandbox.prepare(try inputs())
            let start = Clock.microseconds()
            let job = try sandbox.launch(program, in: place) { tape in
                tape.leaveOut(stages)
                if request["writable"] != nil {
                    tape.insertRemounts(of: ["/", "/dev", "/in", "/in/input", "/out", "/tmp"])
                }
            }
            let watch = JobWatch(
                limits: policy.policy.limits, refusal: policy.refusal, streams: streams, cancellation: cancellation,
                start: start)
            return try place.finish(job, watch)
        }
    }

    extension Tape {
        fileprivate mutating func leaveOut(_ stages: Set<String>) {
            let missing = stages.subtracting(steps.map(\.stage))
            precondition(missing.isEmpty, "the tape has no stage \(missing)")
            var changed = Tape()
            for step in steps where !stages.contains(step.stage) { changed.append(step) }
            self = changed
        }

        /// MS_REMOUNT|MS_BIND with no other flag: neither read-only, nor nosuid, nodev or noexec.
        fileprivate mutating func insertRemounts(of places: [String]) {
            let (remount, bind) = (UInt64(32), UInt64(4096))
            var changed = Tape()
            for (index, step) in steps.enumerated() {
                changed.append(step)
                let isLast = index + 1 == steps.count || steps[index + 1].stage != step.stage
                guard step.stage == "pivot root", isLast else { continue }
                changed.begin("give back mounts")
                for place in places {
                    changed.append(
                        .mount, .null, .text(place), .null, .value(remount | bind), .null)
                }
            }
            self = changed
        }
    }
#else
    extension Setting {
        func run(_ streams: JobStreams, _ cancellation: Cancellation) throws -> FinishedJob {
            try sandbox.run(program, inputs: try inputs(), streams: streams, cancellation: cancellation)
        }
    }
#endif

/// Descriptors of a folder that a careless launcher left open, without close-on-exec, low and high (CVE-2024-21626).
func leakFolder(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY)
    for number: Int32 in [9, 500, 900] { dup2(folder, number) }
}
