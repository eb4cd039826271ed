import Policy
import Testing

@Suite("Random profiles")
struct RandomTests {
    @Test(
        "compile to what libseccomp makes of them, or are refused for a contradiction", arguments: Architecture.allCases
    )
    func random(_ architecture: Architecture) throws {
        var random = SeededGenerator(seed: 20_261_123)
        var (taken, refused, calls) = (0, 0, 0)
        while taken < 200 {
            let source = Array(RandomProfile(&random).text.utf8)
            let platform = PlatformFacts(architecture: architecture, kernel: nil)
            let profile = try SeccompProfile(parsing: source, on: platform)
            do {
                let agreement = try Agreement(source, profile, for: architecture, numbers: 0...460)
                if let difference = agreement.difference() {
                    Issue.record(
                        "profile \(taken + refused): \(difference)\n\(String(decoding: source, as: UTF8.self))")
                    return
                }
                taken += 1
                calls += agreement.calls.count
            } catch PolicyError.seccomp(_, let problem) where problem.contains("by another") {
                refused += 1
            }
        }
        #expect(refused < 200, "most are meant to be taken")
        #expect(calls > 500_000)
    }
}
