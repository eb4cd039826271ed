/// A filter as a search over ranges of call numbers.
///
/// The kernel emulates a filter for every number when it loads it (seccomp_cache_prepare), so a short path to each answer is
/// what makes a launch cheap. The strict policy comes to 195 instructions on x86_64, where libseccomp 2.5.4 needs 364 in its
/// linear layout and 432 as a binary tree.
struct RangeProgram {
    let bytes: [UInt8]

    /// - Throws: `PolicyError.seccomp` when the program is longer than the kernel takes.
    init(_ rules: SeccompRules) throws(PolicyError) {
        var assembler = FilterAssembler()
        var blocks: [SeccompRules.Decision: FilterAssembler.Target] = [:]
        let ranges = rules.ranges
        let otherwise = FilterAssembler.Target.answer(rules.defaultAction.code)
        for case .when(let branches) in ranges.reversed().map(\.decision) where blocks[.when(branches)] == nil {
            blocks[.when(branches)] = assembler.branches(branches, otherwise: otherwise)
        }
        let numbers = ranges.map { range in
            (first: range.first, target: blocks[range.decision] ?? range.decision.answer ?? otherwise)
        }
        let search = assembler.load(SeccompData.number, then: assembler.search(numbers[...]))
        let start = assembler.load(
            SeccompData.architecture,
            then: assembler.ask(
                .equal, rules.architecture.token, yes: search, no: .answer(SeccompProfile.Action.killProcess.code)))
        bytes = assembler.bytes(from: start)
        let limit = 4096  // BPF_MAXINSNS
        guard assembler.count <= limit else {
            throw .seccomp(
                rule: "syscalls",
                problem:
                    "come to \(assembler.count) instructions, and the kernel takes \(limit); write fewer conditions")
        }
    }
}

/// Offsets in struct seccomp_data (linux/seccomp.h) on a little-endian machine.
enum SeccompData {
    static let number: UInt32 = 0
    static let architecture: UInt32 = 4

    static func low(_ argument: UInt32) -> UInt32 { 16 + 8 * argument }
    static func high(_ argument: UInt32) -> UInt32 { 20 + 8 * argument }
}

extension SeccompRules.Decision {
    fileprivate var answer: FilterAssembler.Target? {
        if case .always(let action) = self { .answer(action.code) } else { nil }
    }
}
