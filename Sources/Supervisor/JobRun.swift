internal import API
internal import Attest
internal import Isolation
internal import JSON
internal import JobStore
internal import Jobs
internal import Linux
internal import Measure
internal import Policy
internal import Sandbox
internal import SystemPackage

/// The streams of one running job, on the thread that runs it.
final class JobRun {
    let witness: JobWitness
    private var log: LogCapture?
    private(set) var logIsTruncated = false
    /// Microseconds of CLOCK_BOOTTIME when the last process had ended; nil while it runs.
    private(set) var ended: Int64?
    /// The same moment by the calendar; nil while it runs.
    private(set) var finished: Instant?
    /// SHA-256 of the canonical form of the system calls that confined it; nil when it could not be confined.
    private(set) var tapeDigest: Digest?

    init(witness: JobWitness, logFile: consuming OwnedDescriptor, logLimit: Int) {
        self.witness = witness
        log = LogCapture(logFile, limit: logLimit)
    }

    var streams: JobStreams {
        JobStreams(launched: { CrashPoint.pass(.jobLaunched) }) {
            self.witness.hear($0)
        } receive: { name, bytes in
            switch name {
            case .output, .error: self.log?.append(bytes)
            case .report: self.witness.hear(bytes)
            }
        }
    }

    /// Every process of the job is dead.
    func end(_ tape: Tape) {
        ended = Clock.microseconds()
        tapeDigest = Digest.of(tape.canonicalBytes)
        finished = .now()
    }

    /// The whole log, to be stored.
    func finishLog() throws(LinuxError) -> OwnedDescriptor {
        guard let log = log.take() else { throw LinuxError(stage: "finish log", errno: .invalidArgument) }
        logIsTruncated = log.isTruncated
        return try log.finish()
    }
}

/// Hears a job's report and writes its progress down.
final class JobWitness {
    /// Milliseconds between two epochs that are recorded; the last one is recorded in any case, once.
    private static let interval = Int64(25)

    private let jobs: JobStore
    private let job: JobID
    private let metrics: ServiceMetrics
    private var reader: ReportReader
    private var last = Instant(milliseconds: 0)
    private var lastEpochIsHeard = false

    init(_ jobs: JobStore, _ job: JobID, limits: Limits, metrics: ServiceMetrics) {
        self.jobs = jobs
        self.metrics = metrics
        self.job = job
        reader = ReportReader(limit: limits.reportBytes)
    }

    var reported: JobFacts.Reported { .init(run: reader.facts, model: reader.model, dataset: reader.dataset) }
    var fault: ReportReader.Fault? { reader.fault }
    var isTruncated: Bool { reader.isTruncated }

    /// The first attempt at a call that the policy puts on record.
    func hear(_ attempt: DeniedCalls.Attempt) {
        metrics.denied()
        _ = try? jobs.report(.denied(attempt.name, arguments: attempt.arguments), of: job)
    }

    /// Progress is a convenience: a store that can't take it does not stop the job.
    func hear(_ bytes: [UInt8]) {
        for epoch in reader.append(bytes) {
            let now = Instant.now()
            let isFirstLast = epoch.isLastEpoch && !lastEpochIsHeard
            guard isFirstLast || now.milliseconds - last.milliseconds >= Self.interval else { continue }
            last = now
            lastEpochIsHeard = lastEpochIsHeard || epoch.isLastEpoch
            _ = try? jobs.report(epoch, of: job, at: now)
        }
    }
}

extension JobEvent.Kind {
    fileprivate var isLastEpoch: Bool {
        if case .epoch(let epoch, let total, _) = self { epoch == total } else { false }
    }
}

extension JobFailure {
    /// What the outcome of a run says, in the job's own words where it has any; nil when it ended well.
    init?(_ outcome: RunOutcome, _ fault: ReportReader.Fault?) {
        if outcome.ranOutOfMemory {
            self.init(
                "memory-limit", "The job ran out of memory",
                detail:
                    "the kernel killed \(outcome.usage.oomKills ?? 0) of its processes at the limit that it asked for",
                field: "resources.memory_bytes",
                remedy: "ask for more memory_bytes, or use a smaller batch or model; "
                    + "what lies in /out and /tmp counts, too")
            return
        }
        switch (outcome.cause, outcome.ending.status) {
        case (.ended, .exited(0)): return nil
        case (.timedOut, _):
            self.init(
                "time-limit", "The job reached its time limit",
                detail: "it was ended after \(outcome.wallMicroseconds / 1_000_000) s", field: "policy",
                remedy: "train fewer epochs or less data, or ask for a policy with a longer limit")
        case (.cancelled, _):
            self.init(
                "cancelled", "The job was cancelled", detail: "somebody asked for its end", remedy: "submit it again")
        case (.ended, .exited(let status)):
            if let fault {
                self.init(
                    "trainer-\(fault.code)", "The trainer refused the job", detail: "\(fault.place): \(fault.message)",
                    field: fault.place, remedy: fault.remedy)
            } else {
                self.init(
                    "exit", "The trainer failed", detail: "it exited with status \(status)",
                    remedy: "read logs.txt for its last words")
            }
        case (.ended, .signalled(let signal)):
            self.init(
                "signal", "The job was killed", detail: "signal \(signal) ended it",
                remedy: signal == 31
                    ? "the policy does not allow a system call that it made; read logs.txt"
                    : "read logs.txt; a kill may mean that memory ran out")
        }
    }
}
