import Policy
import Testing

@Suite("Where libseccomp can't be the judge")
struct LibseccompTests {
    /// Two rules of one call, one of them with two conditions: libseccomp 2.5.4 allows arguments that neither allows.
    private static let source = Array(
        """
        {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
         {"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [
          {"index": 3, "value": 3, "op": "SCMP_CMP_GE"}, {"index": 4, "value": 7, "op": "SCMP_CMP_GE"}]},
         {"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [
          {"index": 3, "value": 18446744073709551615, "op": "SCMP_CMP_LE"},
          {"index": 4, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}]}
        """.utf8)

    @Test("our program answers as the rules say")
    func ours() throws {
        let agreement = try Agreement(Self.source, try SeccompProfile(parsing: Self.source), numbers: 0...10)
        #expect(agreement.difference() == nil)
    }

    @Test("and libseccomp's does not")
    func theirs() throws {
        let agreement = try Agreement(Self.source, try SeccompProfile(parsing: Self.source), numbers: 0...10)
        let theirs = try #require(agreement.theirs)
        let wrong = try agreement.calls.filter {
            try agreement.reading.knownDifference($0) == nil
                && theirs.run($0) != agreement.reading.answer(to: $0)
        }
        #expect(!wrong.isEmpty)
        #expect(wrong.allSatisfy { agreement.reading.isMistakenByLibseccomp($0) })
    }
}
