internal import CLinux
internal import CSandbox

/// A tape laid out in memory as C replays it: flat, complete, and in place until its owner goes.
///
/// Everything is allocated here, before the clone; the child allocates nothing.
struct LoadedTape: ~Copyable {
    /// Room for the replay loop and its one frame, with a margin; the child calls nothing deeper.
    private static let stackBytes = 64 << 10

    private let steps: UnsafeMutableBufferPointer<cs_step>
    /// What the child is started with. Beside the steps and not on a stack of ours: without CLONE_VFORK the child still reads
    /// it when the call that started it has returned.
    private let head: UnsafeMutablePointer<cs_tape>
    private let stack: UnsafeMutableRawPointer
    private let data: Arena

    init(_ tape: Tape) {
        steps = .allocate(capacity: tape.steps.count)
        head = .allocate(capacity: 1)
        stack = .allocate(byteCount: Self.stackBytes, alignment: 4096)
        data = Arena()
        for (index, step) in tape.steps.enumerated() {
            steps.initializeElement(at: index, to: cs_step(step, in: data))
        }
    }

    deinit {
        steps.deallocate()
        head.deallocate()
        stack.deallocate()
    }

    /// Clones the child that replays the tape.
    ///
    /// - Parameters:
    ///   - flags: namespaces, and CLONE_VFORK to wait until it has called exec.
    ///   - group: the raw descriptor of the cgroup v2 folder that the child is born in (CLONE_INTO_CGROUP).
    ///   - report: the raw close-on-exec descriptor that takes a failure.
    ///   - pidfd: takes the child's pidfd.
    /// - Returns: the pid, or -errno.
    borrowing func spawn(flags: UInt64, into group: Int32?, report: Int32, pidfd: inout Int32) -> Int {
        guard let first = steps.baseAddress else { return 0 }
        head.initialize(to: cs_tape(steps: first, count: UInt32(steps.count), report: report))
        let (tape, bottom) = (head, stack)
        let flags = group == nil ? flags : flags | CL_INTO_CGROUP
        return withUnsafeMutablePointer(to: &pidfd) { pidfd in
            cs_spawn(tape, flags, group ?? -1, bottom, UInt64(Self.stackBytes), pidfd)
        }
    }

    /// Replays the tape in this thread, which must be the process's only one.
    ///
    /// - Returns: the step that failed, after which none was done; nil when all held.
    borrowing func replayHere() -> cs_failure? {
        guard let first = steps.baseAddress else { return nil }
        head.initialize(to: cs_tape(steps: first, count: UInt32(steps.count), report: -1))
        var failure = cs_failure()
        return cs_replay_here(head, &failure) == 0 ? nil : failure
    }
}

/// Memory that lives as long as the tape that points into it, taken from blocks that never move.
private final class Arena {
    private static let blockBytes = 32 << 10
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0

    deinit { for block in blocks { block.deallocate() } }

    /// Copies `bytes` and answers their address.
    func place(_ bytes: some Collection<UInt8>, terminated: Bool = false) -> UInt64 {
        let room = take(bytes.count + (terminated ? 1 : 0))
        room.copyBytes(from: bytes)
        if terminated { room[bytes.count] = 0 }
        return Self.address(of: room)
    }

    func place(_ words: [UInt64]) -> UInt64 {
        let room = take(words.count * 8)
        words.withUnsafeBytes { room.copyMemory(from: $0) }
        return Self.address(of: room)
    }

    private func take(_ count: Int) -> UnsafeMutableRawBufferPointer {
        let rounded = max(count + 15, 16) & ~15
        if blocks.last.map({ $0.count - used < rounded }) ?? true {
            blocks.append(.allocate(byteCount: max(rounded, Self.blockBytes), alignment: 16))
            used = 0
        }
        let block = blocks[blocks.count - 1]
        defer { used += rounded }
        return UnsafeMutableRawBufferPointer(rebasing: block[used..<used + count])
    }

    private static func address(of room: UnsafeMutableRawBufferPointer) -> UInt64 {
        UInt64(UInt(bitPattern: room.baseAddress))
    }
}

extension cs_step {
    fileprivate init(_ step: Tape.Step, in data: Arena) {
        self.init()
        number = Int64(step.call.number)
        flags = step.isOptional ? UInt8(CS_OPTIONAL) : 0
        withUnsafeMutableBytes(of: &argument) { buffer in
            let values = buffer.bindMemory(to: UInt64.self)
            for (index, argument) in step.arguments.enumerated() {
                values[index] = argument.word(in: data)
            }
        }
        for (index, argument) in step.arguments.enumerated() {
            if case .result = argument { results |= 1 << UInt8(index) }
        }
    }
}

extension Tape.Argument {
    fileprivate func word(in data: Arena) -> UInt64 {
        switch self {
        case .value(let value), .flags(_, let value), .job(_, let value): return value
        case .text(let bytes), .jobText(_, let bytes): return data.place(bytes, terminated: true)
        case .structure(_, let bytes): return data.place(bytes)
        case .strings(let list): return data.place(list.map { data.place($0, terminated: true) } + [0])
        case .filter(_, let program):
            // struct sock_fprog: u16 length in instructions of eight bytes, then the pointer, aligned to eight.
            return data.place([UInt64(program.count / 8), data.place(program)])
        case .passing(let descriptor): return data.place(message(passing: descriptor, in: data))
        case .result(let step): return UInt64(step)
        }
    }
}

/// A struct msghdr over one byte and one control message.
private func message(passing descriptor: Int32, in data: Arena) -> [UInt64] {
    let byte = data.place([UInt64(data.place([1 as UInt8])), 1])  // struct iovec {base, length}
    // struct cmsghdr {u64 length, int level, int type} and the descriptor, padded to eight bytes (cmsg(3)).
    let rights = UInt64(SOL_SOCKET) | UInt64(CL_SCM_RIGHTS) << 32
    let control = data.place([20, rights, UInt64(UInt32(bitPattern: descriptor))])
    // {name, name length, iovec, count, control, control length, flags}
    return [0, 0, byte, 1, control, 24, 0]
}
