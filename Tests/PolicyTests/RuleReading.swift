import CSeccomp
import JSON

/// What a policy's rules say about a call, read from the JSON itself: the second opinion beside the compiler.
struct RuleReading {
    struct Fault: Error { let reason: String }

    /// AUDIT_ARCH_ of linux/audit.h for this machine, and some that are not.
    #if arch(x86_64)
        static let native: UInt32 = 0xc000_003e
        static let foreign: [UInt32] = [0x4000_0003, 0xc000_00b7, 0, 0xffff_ffff]
        static let hasX32 = true
    #else
        static let native: UInt32 = 0xc000_00b7
        static let foreign: [UInt32] = [0x4000_0028, 0xc000_003e, 0, 0xffff_ffff]
        static let hasX32 = false
    #endif
    static let killProcess: UInt32 = 0x8000_0000

    struct Condition {
        let index: Int
        let comparison: String
        let value: UInt64
        let second: UInt64

        func holds(_ arguments: [UInt64]) -> Bool {
            let argument = arguments[index]
            return switch comparison {
            case "SCMP_CMP_NE": argument != value
            case "SCMP_CMP_LT": argument < value
            case "SCMP_CMP_LE": argument <= value
            case "SCMP_CMP_EQ": argument == value
            case "SCMP_CMP_GE": argument >= value
            case "SCMP_CMP_GT": argument > value
            default: argument & value == second
            }
        }
    }

    let defaultAnswer: UInt32
    let rules: [Int32: [(conditions: [Condition], answer: UInt32)]]

    init(_ source: [UInt8]) throws {
        let seccomp = try JSON.parse(source, limits: .init(bytes: 1 << 20, depth: 12, values: 50_000))["seccomp"]
        defaultAnswer = try Self.answer(seccomp?["defaultAction"], seccomp?["defaultErrnoRet"])
        var rules: [Int32: [(conditions: [Condition], answer: UInt32)]] = [:]
        for rule in seccomp?["syscalls"]?.arrayValue ?? [] {
            let conditions = (rule["args"]?.arrayValue ?? []).map { Condition($0) }
            for name in (rule["names"]?.arrayValue ?? []).compactMap(\.stringValue) {
                let number = cseccomp_number(UInt32(SCMP_ARCH_NATIVE), name)
                guard number >= 0 else { continue }
                rules[number, default: []].append((conditions, try Self.answer(rule["action"], rule["errnoRet"])))
            }
        }
        self.rules = rules
    }

    /// The answer that the rules ask for; a call of another ABI kills.
    func answer(to call: CallSeen) -> UInt32 {
        guard call.architecture == Self.native else { return Self.killProcess }
        // bit 30 marks x32; -1 is what ptrace(2) writes to skip a call and is no x32 call.
        if Self.hasX32, UInt32(bitPattern: call.number) >= 1 << 30, call.number != -1 { return Self.killProcess }
        let rule = rules[call.number]?.first { $0.conditions.allSatisfy { $0.holds(call.arguments) } }
        return rule?.answer ?? defaultAnswer
    }

    private static func answer(_ action: JSON?, _ errno: JSON?) throws -> UInt32 {
        switch action?.stringValue {
        case "SCMP_ACT_ALLOW": return 0x7fff_0000
        case "SCMP_ACT_LOG": return 0x7ffc_0000
        case "SCMP_ACT_ERRNO": return 0x0005_0000 | UInt32(errno?.integerValue ?? 1)
        case "SCMP_ACT_TRAP": return 0x0003_0000
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": return 0
        case "SCMP_ACT_KILL_PROCESS": return killProcess
        default: throw Fault(reason: "no action")
        }
    }
}

extension RuleReading.Condition {
    init(_ json: JSON) {
        index = Int(json["index"]?.integerValue ?? 0)
        comparison = json["op"]?.stringValue ?? ""
        value = UInt64(json["value"]?.integerValue ?? 0)
        second = UInt64(json["valueTwo"]?.integerValue ?? 0)
    }

    /// Values around what the condition compares with, in each 32-bit half: a filter that forgot one half answers wrongly.
    var edges: [UInt64] {
        let wanted = comparison == "SCMP_CMP_MASKED_EQ" ? second : value
        let near = [wanted, wanted &+ 1, wanted &- 1, 0, 1, .max, ~wanted, UInt64(UInt32.max), 1 << 32, value]
        let high = near.flatMap { [$0 | 1 << 32, $0 | 1 << 63, $0 ^ (1 << 32), $0 << 32, $0 & 0xffff_ffff] }
        return near + high + (0..<64).map { wanted ^ (1 << $0) }
    }
}
