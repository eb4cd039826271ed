import Policy
import Testing

/// Runs both layouts of a policy's filter over `numbers`, the special ones, foreign machines and every argument edge, and
/// expects the answer that the rules themselves give.
///
/// - Returns: how many calls were compared.
func agree(
    _ source: [UInt8], _ policy: Policy, numbers: ClosedRange<Int32> = 0...1023,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Int {
    let reading = try RuleReading(source)
    let layouts = [
        try FilterMachine(try policy.seccomp.compile().bytes),
        try FilterMachine(try policy.seccomp.compileLinear().bytes),
    ]
    let calls = probes(of: reading, numbers)
    var wrong = 0
    for call in calls {
        let expected = reading.answer(to: call)
        for layout in layouts where try layout.run(call) != expected { wrong += 1 }
        if wrong == 1 { Issue.record("first difference: \(call)", sourceLocation: sourceLocation) }
    }
    #expect(wrong == 0, sourceLocation: sourceLocation)
    return calls.count
}

private func probes(of reading: RuleReading, _ numbers: ClosedRange<Int32>) -> [CallSeen] {
    let none: [UInt64] = [0, 0, 0, 0, 0, 0]
    let special: [Int32] = [-1, -2, .min, .max, 1 << 30, 1 << 30 | 1, 1 << 30 | 59, 1 << 30 | 520, 1024, 100_000]
    let all = Array(numbers) + special
    var calls = all.map { CallSeen(number: $0, architecture: RuleReading.native, arguments: none) }
    calls += all.map {
        CallSeen(number: $0, architecture: RuleReading.native, arguments: [.max, .max, .max, .max, .max, .max])
    }
    for machine in RuleReading.foreign {
        calls += all.map { CallSeen(number: $0, architecture: machine, arguments: none) }
    }
    for (number, rules) in reading.rules {
        let conditions = rules.flatMap(\.conditions)
        // One argument at an edge, the others as some rule of the call wants them.
        for start in rules.map({ settled($0.conditions) }) {
            for condition in conditions {
                for edge in condition.edges {
                    var arguments = start
                    arguments[condition.index] = edge
                    calls.append(CallSeen(number: number, architecture: RuleReading.native, arguments: arguments))
                }
            }
        }
    }
    return calls
}

/// Arguments that make every equality of a rule hold.
private func settled(_ conditions: [RuleReading.Condition]) -> [UInt64] {
    var arguments: [UInt64] = [0, 0, 0, 0, 0, 0]
    for condition in conditions {
        arguments[condition.index] = condition.comparison == "SCMP_CMP_MASKED_EQ" ? condition.second : condition.value
    }
    return arguments
}
