internal import CLinux
package import Linux
package import SystemPackage

/// A system call that a filter put on record, as the kernel describes it.
package struct RecordedCall: Equatable, Sendable {
    /// Names this one attempt to the kernel.
    let cookie: UInt64
    /// The thread that made it, as this process's pid namespace counts.
    package let thread: UInt32
    /// AUDIT_ARCH_* of the call.
    package let architecture: UInt32
    package let number: Int32
    /// By value: memory that an argument points to is the job's, may change at any time, and is never read.
    package let arguments: [UInt64]
}

/// The supervisor's end of a filter's record (seccomp_unotify(2)): who makes one of its calls waits for our answer.
package final class CallListener: Sendable {
    private let descriptor: OwnedDescriptor

    package init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// For poll(2): readable while somebody waits, hung up once nobody has the filter any more.
    package var raw: Int32 { descriptor.raw }

    /// Takes one call; nil when its maker is gone already.
    package func receive() throws(LinuxError) -> RecordedCall? {
        // struct seccomp_notif: u64 id, u32 pid, u32 flags, then struct seccomp_data {int nr, u32 arch, u64 ip, u64 args[6]}.
        var words = Words()
        let raw = descriptor.raw
        do {
            try withPointer(to: &words) { words throws(LinuxError) in
                try Kernel.call("hear of call", Int(SYS_ioctl), UInt64(argument: raw), CL_NOTIFY_RECEIVE, words)
            }
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
        return RecordedCall(
            cookie: words.cookie, thread: UInt32(truncatingIfNeeded: words.thread),
            architecture: UInt32(words.call >> 32), number: Int32(truncatingIfNeeded: words.call),
            arguments: [
                words.arguments.0, words.arguments.1, words.arguments.2, words.arguments.3, words.arguments.4,
                words.arguments.5,
            ])
    }

    /// Lets the call fail with `errno`; one whose maker is gone needs no answer.
    package func deny(_ call: RecordedCall, with errno: Errno) throws(LinuxError) {
        // struct seccomp_notif_resp: u64 id, s64 val, s32 error, u32 flags; an error is negative.
        var answer = (call.cookie, Int64(0), Int32(-errno.rawValue), UInt32(0))
        let raw = descriptor.raw
        do {
            try withPointer(to: &answer) { answer throws(LinuxError) in
                try Kernel.call("deny call", Int(SYS_ioctl), UInt64(argument: raw), CL_NOTIFY_SEND, answer)
            }
        } catch  where error.errno == .noSuchFileOrDirectory {
            return
        }
    }

    private struct Words {
        var cookie: UInt64 = 0
        var thread: UInt64 = 0
        var call: UInt64 = 0
        var instruction: UInt64 = 0
        var arguments: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    }
}
