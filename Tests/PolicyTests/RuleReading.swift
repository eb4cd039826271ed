import CSeccomp
import JSON
import Policy

/// What a policy's rules say about a call, read from the JSON itself: the second opinion beside the compiler.
struct RuleReading {
    struct Fault: Error { let reason: String }

    /// AUDIT_ARCH_ of linux/audit.h.
    static func token(_ architecture: Architecture) -> UInt32 {
        switch architecture {
        case .amd64: 0xc000_003e
        case .arm64: 0xc000_00b7
        }
    }

    static let native = token(.native)
    /// Machines that no filter of ours is for: i386, ARM, RISC-V, and none at all.
    static let foreign: [UInt32] = [0x4000_0003, 0x4000_0028, 0xc000_00f3, 0, 0xffff_ffff]
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

    let architecture: Architecture
    let defaultAnswer: UInt32
    let rules: [Int32: [(conditions: [Condition], answer: UInt32)]]
    /// The highest number that a rule names; nil when none names any.
    let highest: UInt32?

    /// Reads a policy, or a profile that stands alone.
    init(_ source: [UInt8], for architecture: Architecture = .native) throws {
        let file = try JSON.parse(source, limits: .init(bytes: 1 << 20, depth: 12, values: 50_000))
        let seccomp = file["seccomp"] ?? file
        self.architecture = architecture
        defaultAnswer = try Self.answer(seccomp["defaultAction"], seccomp["defaultErrnoRet"])
        var rules: [Int32: [(conditions: [Condition], answer: UInt32)]] = [:]
        for rule in seccomp["syscalls"]?.arrayValue ?? [] where Self.applies(rule, architecture) {
            let conditions = (rule["args"]?.arrayValue ?? []).map { Condition($0) }
            for name in (rule["names"]?.arrayValue ?? []).compactMap(\.stringValue) {
                let number = cseccomp_number(Self.token(architecture), name)
                guard number >= 0 else { continue }
                rules[number, default: []].append((conditions, try Self.answer(rule["action"], rule["errnoRet"])))
            }
        }
        self.rules = rules
        highest = rules.keys.max().map { UInt32(bitPattern: $0) }
    }

    /// The answer that the rules ask for; a call of another ABI kills.
    func answer(to call: CallSeen) -> UInt32 {
        guard call.architecture == Self.token(architecture) else { return Self.killProcess }
        let number = UInt32(bitPattern: call.number)
        if architecture == .amd64, number >= 1 << 30 { return Self.killProcess }
        let isErrno = defaultAnswer & 0xffff_0000 == 0x0005_0000
        if isErrno, let highest, number > highest { return 0x0005_0026 }
        let rule = rules[call.number]?.first { $0.conditions.allSatisfy { $0.holds(call.arguments) } }
        return rule?.answer ?? defaultAnswer
    }

    /// Whether two rules answer a call differently: no profile that is accepted has such a call.
    func isAmbiguous(_ call: CallSeen) -> Bool {
        guard call.architecture == Self.token(architecture) else { return false }
        let holding = rules[call.number, default: []].filter { $0.conditions.allSatisfy { $0.holds(call.arguments) } }
        return Set(holding.map(\.answer)).count > 1
    }

    /// What libseccomp answers where we mean to differ; nil everywhere else.
    func knownDifference(_ call: CallSeen) -> UInt32? {
        guard call.architecture == Self.token(architecture) else { return nil }
        let number = UInt32(bitPattern: call.number)
        // libseccomp lets -1 through its x32 check, because ptrace(2) skips calls with it.
        if architecture == .amd64, number == .max { return defaultAnswer }
        if architecture == .amd64, number >= 1 << 30 { return nil }
        // It knows no "absent" numbers.
        return highest.map { number > $0 } == true ? defaultAnswer : nil
    }

    /// Whether libseccomp 2.5 may answer a call wrongly, also by allowing what no rule allows: it merges several rules of one
    /// call into one tree, and where one of them looks at more than one argument the tree may forget an argument.
    /// `LibseccompTests` shows one. It errs over rules of one call that compare different arguments, too, and can be a very long
    /// time over many; no profile of ours and none of a container engine's has such rules, and `RandomTests` compares those of
    /// our compiler with the rules alone.
    func isMistakenByLibseccomp(_ call: CallSeen) -> Bool {
        let several = rules[call.number, default: []]
        return several.count > 1 && several.contains { $0.conditions.count > 1 }
    }

    /// For a job without capabilities, under a kernel newer than any that a rule asks for.
    private static func applies(_ rule: JSON, _ architecture: Architecture) -> Bool {
        let machine = architecture == .amd64 ? "amd64" : "arm64"
        func has(_ side: String, _ field: String) -> [String] {
            (rule[side]?[field]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        let arches = has("includes", "arches")
        return has("includes", "caps").isEmpty && (arches.isEmpty || arches.contains(machine))
            && !has("excludes", "arches").contains(machine)
    }

    private static func answer(_ action: JSON?, _ errno: JSON?) throws -> UInt32 {
        switch action?.stringValue {
        case "SCMP_ACT_ALLOW": return 0x7fff_0000
        case "SCMP_ACT_NOTIFY": return 0x7fc0_0000
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
        value = Self.number(json["value"])
        second = Self.number(json["valueTwo"])
    }

    /// Also a number above the range of Int64.
    private static func number(_ json: JSON?) -> UInt64 {
        switch json {
        case .integer(let value)?: UInt64(value)
        case .decimal(let value)?: UInt64(value.lexeme) ?? 0
        default: 0
        }
    }

    /// Values around what the condition compares with, in each 32-bit half: a filter that forgot one half answers wrongly.
    var edges: [UInt64] {
        let wanted = comparison == "SCMP_CMP_MASKED_EQ" ? second : value
        let near = [wanted, wanted &+ 1, wanted &- 1, 0, 1, .max, ~wanted, UInt64(UInt32.max), 1 << 32, value]
        let high = near.flatMap { [$0 | 1 << 32, $0 | 1 << 63, $0 ^ (1 << 32), $0 << 32, $0 & 0xffff_ffff] }
        return near + high + (0..<64).map { wanted ^ (1 << $0) }
    }
}
