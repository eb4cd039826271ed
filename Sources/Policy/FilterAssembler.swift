/// Writes classic BPF from its last instruction to its first.
///
/// Jumps lead forward only, so backwards every target is known when the jump is written. A conditional jump reaches 255
/// instructions; where a target is farther, an answer is repeated nearby and anything else gets an unconditional jump.
struct FilterAssembler {
    /// Where a jump leads.
    enum Target: Hashable {
        /// To the end, with a `SECCOMP_RET_` value.
        case answer(UInt32)
        /// To the instruction with so many after it.
        case place(Int)
    }

    /// What a conditional jump asks of the accumulator (linux/bpf_common.h: BPF_JMP with BPF_K).
    enum Question: UInt16 {
        case equal = 0x15
        case greater = 0x25
        case greaterOrEqual = 0x35
        case anyBit = 0x45
    }

    private struct Instruction {
        let code: UInt16
        let whenTrue: UInt8
        let whenFalse: UInt8
        let constant: UInt32
    }

    private var backwards: [Instruction] = []
    private var answers: [UInt32: Int] = [:]

    var count: Int { backwards.count }

    /// A word of struct seccomp_data by its offset, and on to `next`.
    mutating func load(_ offset: UInt32, then next: Target) -> Target {
        settle(next)
        return append(0x20, offset)
    }

    /// The accumulator's bits under `mask`, and on to `next`.
    mutating func and(_ mask: UInt32, then next: Target) -> Target {
        settle(next)
        return append(0x54, mask)
    }

    mutating func ask(_ question: Question, _ constant: UInt32, yes: Target, no: Target) -> Target {
        guard yes != no else { return yes }
        let (yes, no) = (near(yes), near(no))
        return append(
            question.rawValue, constant, whenTrue: UInt8(backwards.count - yes - 1),
            whenFalse: UInt8(backwards.count - no - 1))
    }

    /// The program that begins at `start`, eight bytes an instruction, in the byte order of both architectures.
    mutating func bytes(from start: Target) -> [UInt8] {
        settle(start)
        return backwards.reversed().flatMap { step in
            [UInt8(step.code & 0xff), UInt8(step.code >> 8), step.whenTrue, step.whenFalse]
                + (0..<4).map { UInt8(truncatingIfNeeded: step.constant >> (8 * $0)) }
        }
    }

    /// Makes `target` the instruction that follows what is written next.
    private mutating func settle(_ target: Target) {
        guard target != .place(backwards.count - 1) else { return }
        switch target {
        case .answer(let value): answers[value] = answer(value)
        case .place(let place): jump(to: place)
        }
    }

    /// A place of `target` that a conditional jump reaches, also after one more of these.
    private mutating func near(_ target: Target) -> Int {
        let reach = 250
        switch target {
        case .answer(let value):
            if let place = answers[value], backwards.count - place < reach { return place }
            let place = answer(value)
            answers[value] = place
            return place
        case .place(let place):
            if backwards.count - place < reach { return place }
            jump(to: place)
            return backwards.count - 1
        }
    }

    private mutating func answer(_ value: UInt32) -> Int {
        _ = append(0x06, value)
        return backwards.count - 1
    }

    private mutating func jump(to place: Int) { _ = append(0x05, UInt32(backwards.count - place - 1)) }

    private mutating func append(
        _ code: UInt16, _ constant: UInt32, whenTrue: UInt8 = 0, whenFalse: UInt8 = 0
    ) -> Target {
        backwards.append(Instruction(code: code, whenTrue: whenTrue, whenFalse: whenFalse, constant: constant))
        return .place(backwards.count - 1)
    }
}

extension FilterAssembler {
    /// A balanced search for the accumulator among ranges, each from its first value to the next one's.
    ///
    /// - Parameter ranges: in order, at least one; the first begins at 0.
    /// - Returns: where the search begins.
    mutating func search(_ ranges: ArraySlice<(first: UInt32, target: Target)>) -> Target {
        let middle = ranges.startIndex + ranges.count / 2
        guard ranges.count > 1 else { return ranges[ranges.startIndex].target }
        if let (value, yes, no) = exception(in: ranges) { return ask(.equal, value, yes: yes, no: no) }
        let upper = search(ranges[middle...])
        let lower = search(ranges[..<middle])
        return ask(.greaterOrEqual, ranges[middle].first, yes: upper, no: lower)
    }

    /// The one value among `ranges` that leads elsewhere, where one equality says as much as two bounds.
    private func exception(
        in ranges: ArraySlice<(first: UInt32, target: Target)>
    ) -> (value: UInt32, yes: Target, no: Target)? {
        let (before, middle, after) = (ranges.startIndex, ranges.startIndex + 1, ranges.startIndex + 2)
        guard ranges.count == 3, ranges[before].target == ranges[after].target,
            ranges[after].first == ranges[middle].first + 1
        else { return nil }
        return (ranges[middle].first, ranges[middle].target, ranges[before].target)
    }
}
