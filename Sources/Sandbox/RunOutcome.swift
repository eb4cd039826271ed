package import Isolation
package import Linux

/// How a job ended, seen from outside it.
package struct RunOutcome: Equatable, Sendable {
    package enum Cause: Equatable, Sendable {
        /// The program ended by itself.
        case ended
        /// The wall-clock limit was reached: SIGTERM, then after the grace the kill.
        case timedOut
        /// Somebody asked for the end.
        case cancelled
    }

    package let cause: Cause
    package let ending: Ending
    /// From launch to the death of the last process, in microseconds of CLOCK_BOOTTIME.
    package let wallMicroseconds: Int64
    /// What all of its processes used together, as the kernel counted it.
    package let usage: GroupUsage
    /// What it tried of the calls that the policy puts on record.
    package let denied: DeniedCalls

    package init(
        cause: Cause, ending: Ending, wallMicroseconds: Int64, usage: GroupUsage = GroupUsage(),
        denied: DeniedCalls = DeniedCalls()
    ) {
        self.usage = usage
        self.cause = cause
        self.ending = ending
        self.wallMicroseconds = wallMicroseconds
        self.denied = denied
    }

    /// The program exited with 0 and was not made to end.
    package var succeeded: Bool { cause == .ended && ending.status == .exited(0) }

    /// Time on a CPU of all processes, or, where the kernel has no such count, of those that were waited for.
    package var userMicroseconds: Int64 { usage.userMicroseconds ?? ending.userMicroseconds }
    package var systemMicroseconds: Int64 { usage.systemMicroseconds ?? ending.systemMicroseconds }

    /// A process of it was killed because the job's memory was at its limit, and the job did not get over that.
    package var ranOutOfMemory: Bool { !succeeded && cause == .ended && (usage.oomKills ?? 0) > 0 }
}

/// A dead job: its outcome, and the folder with what it left.
package struct FinishedJob: ~Copyable {
    package let outcome: RunOutcome
    /// The system calls that confined it, as they were replayed.
    package let tape: Tape
    /// /out, for `OwnedDescriptor.walkOutputs`; every process that could write to it is dead.
    package var output: OwnedDescriptor { _read { yield slot.output.folder } }
    /// Its uid stays reserved until what it left was looked at: the files still belong to it.
    let slot: JobSlot
}

/// Where what is seen of a job goes while it runs; called on the thread that runs the job, so what blocks here slows the job only.
package struct JobStreams {
    package enum Name: Sendable { case output, error, report }

    /// The job's program runs.
    package let launched: () -> Void
    package let receive: (Name, [UInt8]) -> Void
    /// The first attempt at each call that the policy puts on record.
    package let denied: (DeniedCalls.Attempt) -> Void

    package init(
        launched: @escaping () -> Void = {}, denied: @escaping (DeniedCalls.Attempt) -> Void = { _ in },
        receive: @escaping (Name, [UInt8]) -> Void
    ) {
        self.launched = launched
        self.receive = receive
        self.denied = denied
    }
}
