internal import CLinux
internal import Glibc
internal import Isolation
internal import Linux
internal import Policy
internal import SystemPackage

/// Follows one running job: passes its streams on, answers its denied calls, holds its wall-clock limit, and sees its end.
struct JobWatch {
    let limits: Limits
    /// What a call on record is told.
    let refusal: Errno
    let streams: JobStreams
    let cancellation: Cancellation
    /// Microseconds of CLOCK_BOOTTIME at the launch.
    let start: Int64

    /// Waits for the death of every process of the job.
    ///
    /// The job is init of its pid namespace, so its death is that of all others; that its control group is empty, too, is
    /// asked of the kernel before anybody looks at what was left.
    func follow(_ job: consuming LaunchedJob, _ slot: JobSlot) throws(LinuxError) -> RunOutcome {
        let readers = slot.pipes.readers
        var pace = ReadingPace()
        var recorder = CallRecorder(job.listener, refusal: refusal, start: start)
        let child = job.child
        var ending = Pressure(wallDeadline: start + Int64(limits.wallSeconds) * 1_000_000)
        while true {
            let listener = recorder.descriptor
            let ready = try Self.poll(
                [child.pidfd, cancellation.descriptor(unless: ending.cause != .ended), listener]
                    + readers.map { pace.isResting ? -1 : $0.descriptor },
                until: min(ending.deadline, recorder.deadline, pace.deadline))
            pace.follow(try read(ready, from: readers))
            if ready.contains(child.pidfd) { break }
            try record(&recorder, isReady: ready.contains(listener))
            let asked = ready.contains(cancellation.descriptor)
            try press(&ending, cancelled: asked, child)
        }
        let end = try child.wait()
        let wall = Clock.microseconds() - start
        let usage = try slot.group.finish()
        try drain(readers)
        return RunOutcome(
            cause: ending.cause, ending: end, wallMicroseconds: wall, usage: usage, denied: recorder.calls)
    }

    private func record(_ recorder: inout CallRecorder, isReady: Bool) throws(LinuxError) {
        recorder.replenish(at: Clock.microseconds())
        guard isReady, let first = try recorder.answer() else { return }
        streams.denied(first)
    }

    /// Turns a reached limit or a request into SIGTERM, and a SIGTERM that was not heeded into the kill.
    ///
    /// The job is init of its namespace: SIGTERM reaches it only if it has a handler, SIGKILL always, and takes all others
    /// with it (pid_namespaces(7)).
    private func press(_ ending: inout Pressure, cancelled: Bool, _ child: borrowing Child) throws(LinuxError) {
        let now = Clock.microseconds()
        guard cancelled || now >= ending.deadline else { return }
        if ending.cause == .ended {
            ending.cause = cancelled ? .cancelled : .timedOut
            ending.deadline = now + Int64(limits.graceSeconds) * 1_000_000
            try child.signal(SIGTERM)
        } else {
            ending.deadline = .max
            try child.signal(SIGKILL)
        }
    }

    /// Reads once from every stream that has something; gives the size of the largest piece.
    @discardableResult
    private func read(_ ready: Set<Int32>, from readers: [(name: JobStreams.Name, descriptor: Int32)])
        throws(LinuxError) -> Int
    {
        var largest = 0
        for (name, descriptor) in readers where ready.contains(descriptor) {
            let bytes = try Self.readSome(descriptor)
            largest = max(largest, bytes.count)
            streams.receive(name, bytes)
        }
        return largest
    }

    /// What the dead left in the pipes: all of it is there by now.
    private func drain(_ readers: [(name: JobStreams.Name, descriptor: Int32)]) throws(LinuxError) {
        while true {
            let ready = try Self.poll(readers.map(\.descriptor), until: 0)
            if ready.isEmpty { return }
            try read(ready, from: readers)
        }
    }

    private static func readSome(_ descriptor: Int32) throws(LinuxError) -> [UInt8] {
        let size = 64 << 10
        var failure: LinuxError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(LinuxError) {
                count = try Kernel.call(
                    "read job stream", Int(SYS_read), UInt64(argument: descriptor),
                    UInt64(argument: UnsafeRawPointer(buffer.baseAddress)), UInt64(size))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The descriptors that can be read or have ended, once one of them can or `deadline` has passed.
    private static func poll(_ descriptors: [Int32], until deadline: Int64) throws(LinuxError) -> Set<Int32> {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let wait = deadline == .max ? Int64(3_600_000_000) : max(0, deadline - Clock.microseconds())
        var timeout = timespec(tv_sec: Int(wait / 1_000_000), tv_nsec: Int(wait % 1_000_000) * 1000)
        let count = UInt64(entries.count)
        try withUnsafeMutablePointer(to: &timeout) { timeout throws(LinuxError) in
            var span = entries.mutableSpan
            _ = try span.withUnsafeMutableBufferPointer { buffer throws(LinuxError) in
                try Kernel.call(
                    "wait for job", Int(SYS_ppoll), UInt64(argument: UnsafeRawPointer(buffer.baseAddress)), count,
                    UInt64(argument: UnsafeRawPointer(timeout)), 0, 0)
            }
        }
        return Set(entries.filter { $0.revents != 0 }.map(\.fd))
    }
}

/// How far a job has been asked to end, and when the next step is due.
private struct Pressure {
    var cause = RunOutcome.Cause.ended
    var deadline: Int64

    init(wallDeadline: Int64) { deadline = wallDeadline }
}

/// When the streams are looked at again.
///
/// A training that reports each batch would otherwise wake the supervisor hundreds of times a second, each time on a core that
/// the training could use. A job that writes much is read without rest, so its pipes (64 KiB) never hold it up for long.
private struct ReadingPace {
    private static let rest: Int64 = 50_000
    private static let much = 16 << 10

    /// Microseconds of CLOCK_BOOTTIME; `.max` while the streams are watched.
    private(set) var deadline = Int64.max

    var isResting: Bool { deadline != .max }

    /// - Parameter largest: the most bytes that one stream has just given; 0 when none was ready.
    mutating func follow(_ largest: Int) {
        let now = Clock.microseconds()
        if largest > 0 && largest < Self.much {
            deadline = now + Self.rest
        } else if now >= deadline {
            deadline = .max
        }
    }
}

extension Cancellation {
    /// -1, which poll(2) ignores, once the request was heeded.
    fileprivate func descriptor(unless heeded: Bool) -> Int32 { heeded ? -1 : descriptor }
}
