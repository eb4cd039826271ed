import Policy
import Testing

@Suite("Random profiles", .timeLimit(.minutes(5)))
struct RandomTests {
    @Test("compile to what libseccomp makes of them", arguments: Architecture.allCases)
    func tame(_ architecture: Architecture) throws {
        let (refused, calls) = try compare(150, architecture, isWild: false)
        #expect(refused == 0)
        #expect(calls > 500_000)
    }

    @Test(
        "with rules that were not written for each other compile to what the rules say, or are refused for a contradiction",
        arguments: Architecture.allCases)
    func wild(_ architecture: Architecture) throws {
        let (refused, calls) = try compare(25, architecture, isWild: true)
        #expect(refused > 25, "most contradict themselves")
        #expect(calls > 20_000)
    }

    /// Compares until so many profiles were taken; those that were refused must have said why.
    private func compare(_ count: Int, _ architecture: Architecture, isWild: Bool) throws -> (refused: Int, calls: Int)
    {
        var random = SeededGenerator(seed: 20_261_123)
        var (taken, refused, calls) = (0, 0, 0)
        while taken < count {
            let source = Array(RandomProfile(&random, isWild: isWild).text.utf8)
            let platform = PlatformFacts(architecture: architecture, kernel: nil)
            let profile = try SeccompProfile(parsing: source, on: platform)
            do {
                let agreement = try Agreement(
                    source, profile, for: architecture, numbers: 0...460, withLibseccomp: !isWild)
                if let difference = agreement.difference() {
                    Issue.record(
                        "profile \(taken + refused): \(difference)\n\(String(decoding: source, as: UTF8.self))")
                    return (refused, calls)
                }
                taken += 1
                calls += agreement.calls.count
            } catch PolicyError.seccomp(_, let problem) where problem.contains("by another") {
                refused += 1
            }
        }
        return (refused, calls)
    }
}
