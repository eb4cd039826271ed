/// What a filter sees of one system call: struct seccomp_data.
struct CallSeen: Sendable {
    var number: Int32
    var architecture: UInt32
    var arguments: [UInt64]

    /// The structure as the kernel lays it out on a little-endian machine: number, architecture, ip, six arguments.
    var words: [UInt32] {
        [UInt32(bitPattern: number), architecture, 0x1234_5678, 0x9abc_def0]
            + arguments.flatMap { [UInt32(truncatingIfNeeded: $0), UInt32($0 >> 32)] }
    }
}

/// Classic BPF as seccomp(2) runs it, written from linux/filter.h and not from libseccomp.
struct FilterMachine {
    struct Fault: Error { let reason: String }

    private struct Instruction {
        let code: UInt16
        let whenTrue: Int
        let whenFalse: Int
        let constant: UInt32
    }

    private let instructions: [Instruction]

    var count: Int { instructions.count }

    init(_ bytes: [UInt8]) throws {
        guard bytes.count % 8 == 0, !bytes.isEmpty else { throw Fault(reason: "not whole instructions") }
        func little(_ range: Range<Int>) -> UInt32 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        var instructions: [Instruction] = []
        for at in stride(from: 0, to: bytes.count, by: 8) {
            instructions.append(
                Instruction(
                    code: UInt16(little(at..<at + 2)), whenTrue: Int(bytes[at + 2]), whenFalse: Int(bytes[at + 3]),
                    constant: little(at + 4..<at + 8)))
        }
        self.instructions = instructions
    }

    /// - Returns: the `SECCOMP_RET_` value.
    func run(_ call: CallSeen) throws -> UInt32 {
        let data = call.words
        var (accumulator, next): (UInt32, Int) = (0, 0)
        while instructions.indices.contains(next) {
            let step = instructions[next]
            next += 1
            switch step.code {
            case 0x06: return step.constant
            case 0x20:
                guard step.constant % 4 == 0, Int(step.constant / 4) < data.count else {
                    throw Fault(reason: "load from \(step.constant)")
                }
                accumulator = data[Int(step.constant / 4)]
            case 0x54: accumulator &= step.constant
            case 0x05: next += Int(step.constant)
            case 0x15: next += accumulator == step.constant ? step.whenTrue : step.whenFalse
            case 0x25: next += accumulator > step.constant ? step.whenTrue : step.whenFalse
            case 0x35: next += accumulator >= step.constant ? step.whenTrue : step.whenFalse
            case 0x45: next += accumulator & step.constant != 0 ? step.whenTrue : step.whenFalse
            default: throw Fault(reason: "instruction \(step.code)")
            }
        }
        throw Fault(reason: "ran off the end")
    }
}
