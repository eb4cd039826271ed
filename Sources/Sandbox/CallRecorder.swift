internal import CLinux
internal import Isolation
internal import Linux
internal import Policy
internal import SystemPackage

/// Hears of a running job's denied calls and answers them, no faster than a job may make them.
struct CallRecorder {
    /// Answers a second once the first burst is spent: who floods waits, and the supervisor spends well below a hundredth of a
    /// CPU on it (an answer takes it some ten microseconds).
    private static let rate = Int64(200)
    private static let burst = Int64(256)

    /// Nil where the policy puts nothing on record.
    private let listener: CallListener?
    private let refusal: Errno
    private let start: Int64
    private var credit = Self.burst
    /// When the credit was last counted, in microseconds of CLOCK_BOOTTIME.
    private var counted: Int64
    private(set) var calls = DeniedCalls()

    init(_ listener: CallListener?, refusal: Errno, start: Int64) {
        self.listener = listener
        self.refusal = refusal
        self.start = start
        counted = start
    }

    /// For poll(2), or -1, which it ignores, until the job may be answered again.
    var descriptor: Int32 { credit > 0 ? listener?.raw ?? -1 : -1 }

    /// When to look again although nothing has happened; CLOCK_BOOTTIME.
    var deadline: Int64 { credit > 0 ? .max : counted + 1_000_000 / Self.rate }

    /// Earns what the time since the last count is worth.
    mutating func replenish(at now: Int64) {
        let earned = (now - counted) * Self.rate / 1_000_000
        guard earned > 0 else { return }
        credit = min(Self.burst, credit + earned)
        counted = credit == Self.burst ? now : counted + earned * 1_000_000 / Self.rate
    }

    /// Records one call and denies it.
    ///
    /// - Returns: the attempt, when its call was not tried before.
    mutating func answer() throws(LinuxError) -> DeniedCalls.Attempt? {
        credit -= 1
        guard let listener, let call = try listener.receive() else {
            // Withdrawn, or every thread of the job is gone and poll(2) will say so until the last of its memory is freed:
            // looked at again after a rest, so that the end of a large job is not spent in a loop here.
            credit = 0
            return nil
        }
        let name = CallName.of(call.number, architecture: call.architecture)
        let first = calls.add(
            name, call.arguments, thread: call.thread, at: Clock.microseconds() - start)
        try listener.deny(call, with: refusal)
        return first
    }
}
