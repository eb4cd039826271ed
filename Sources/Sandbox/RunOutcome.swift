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

    package init(cause: Cause, ending: Ending, wallMicroseconds: Int64) {
        self.cause = cause
        self.ending = ending
        self.wallMicroseconds = wallMicroseconds
    }

    /// The program exited with 0 and was not made to end.
    package var succeeded: Bool { cause == .ended && ending.status == .exited(0) }
}

/// A dead job: its outcome, and the folder with what it left.
package struct FinishedJob: ~Copyable {
    package let outcome: RunOutcome
    /// /out, for `OwnedDescriptor.walkOutputs`; every process that could write to it is dead.
    package let output: OwnedDescriptor
    /// Its uid stays reserved until what it left was looked at: the files still belong to it.
    let namespaces: NamespacePool.Entry
}

/// Where a job's bytes go while it runs; called on the thread that runs the job, so what blocks here slows the job only.
package struct JobStreams {
    package enum Name: Sendable { case output, error, report }

    package let receive: (Name, [UInt8]) -> Void

    package init(receive: @escaping (Name, [UInt8]) -> Void) { self.receive = receive }
}
