import Policy
import Testing

/// Runs our program and libseccomp's over every number, the special ones, foreign machines and every argument edge.
///
/// Ours must give the answer that the rules themselves give, and so must libseccomp's, but for the differences that
/// `RuleReading` names in `knownDifference` and `isMistakenByLibseccomp`.
struct Agreement {
    let reading: RuleReading
    let ours: FilterMachine
    /// Nil where the rules alone are the judge.
    let theirs: FilterMachine?
    private(set) var calls: [CallSeen]

    init(
        _ source: [UInt8], _ profile: SeccompProfile, for architecture: Architecture = .native,
        numbers: ClosedRange<Int32> = 0...1023, withLibseccomp: Bool = true
    ) throws {
        reading = try RuleReading(source, for: architecture)
        ours = try FilterMachine(try profile.compile(for: architecture).bytes)
        theirs = withLibseccomp ? try FilterMachine(try profile.compileLinear(for: architecture).bytes) : nil
        calls = Self.probes(of: reading, numbers)
    }

    /// The first call for which a program's answer is wrong, in words; nil when all is well.
    func difference(ours program: FilterMachine? = nil) -> String? {
        for call in calls {
            guard !reading.isAmbiguous(call) else { return "two rules answer \(call) differently" }
            let expected = reading.answer(to: call)
            let answer = try? (program ?? ours).run(call)
            guard answer == expected else { return "ours, \(call): \(text(answer)), expected \(text(expected))" }
            guard let theirs, !reading.isMistakenByLibseccomp(call) else { continue }
            let known = reading.knownDifference(call) ?? expected
            let other = try? theirs.run(call)
            guard other == known else { return "libseccomp, \(call): \(text(other)), expected \(text(known))" }
        }
        return nil
    }

    private func text(_ answer: UInt32?) -> String { answer.map { "0x" + String($0, radix: 16) } ?? "fault" }
}

extension Agreement {
    fileprivate static func probes(of reading: RuleReading, _ numbers: ClosedRange<Int32>) -> [CallSeen] {
        let native = RuleReading.token(reading.architecture)
        let special: [Int32] = [-1, -2, .min, .min + 1, .max, 1024, 4095, 100_000, (1 << 30) - 1]
        let x32 = (Array(0...16) + [59, 512, 520, 547, 1023]).map { Int32(1 << 30 | $0) }
        let all = Array(numbers) + special + x32
        let machines = RuleReading.foreign + [RuleReading.token(reading.architecture == .amd64 ? .arm64 : .amd64)]
        var calls: [CallSeen] = []
        for arguments in [[UInt64](repeating: 0, count: 6), [UInt64](repeating: .max, count: 6)] {
            calls += all.map { CallSeen(number: $0, architecture: native, arguments: arguments) }
        }
        for machine in machines {
            calls += (special + x32 + Array(0...16)).map {
                CallSeen(number: $0, architecture: machine, arguments: [0, 0, 0, 0, 0, 0])
            }
        }
        for number in reading.rules.keys.sorted() where numbers.contains(number) {
            let rules = reading.rules[number, default: []].map(\.conditions)
            calls += edges(of: rules).map { CallSeen(number: number, architecture: native, arguments: $0) }
            // A range that is one too long gives a neighbour the rules of this call.
            for neighbour in [number - 1, number + 1] {
                calls += Set(rules.map(settled)).map {
                    CallSeen(number: neighbour, architecture: native, arguments: $0)
                }
            }
        }
        return calls
    }

    /// One argument at an edge of some condition, the others as some rule of the call wants them.
    private static func edges(of rules: [[RuleReading.Condition]]) -> Set<[UInt64]> {
        let conditions = rules.flatMap { $0 }
        var edges: Set<[UInt64]> = []
        for start in Set(rules.map(settled)) {
            for condition in conditions {
                for edge in condition.edges {
                    var arguments = start
                    arguments[condition.index] = edge
                    edges.insert(arguments)
                }
            }
        }
        return edges
    }

    /// Arguments that make every equality of a rule hold.
    private static func settled(_ conditions: [RuleReading.Condition]) -> [UInt64] {
        var arguments: [UInt64] = [0, 0, 0, 0, 0, 0]
        for condition in conditions {
            arguments[condition.index] =
                condition.comparison == "SCMP_CMP_MASKED_EQ" ? condition.second : condition.value
        }
        return arguments
    }
}

/// Expects agreement on everything.
///
/// - Returns: how many calls were compared.
func agree(
    _ source: [UInt8], _ policy: Policy, for architecture: Architecture = .native,
    numbers: ClosedRange<Int32> = 0...1023,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Int {
    let agreement = try Agreement(source, policy.seccomp, for: architecture, numbers: numbers)
    #expect(agreement.difference() == nil, sourceLocation: sourceLocation)
    return agreement.calls.count
}
