import Attest
import Jobs
import Testing

@Suite("what is declared")
struct DeclaredTests {
    @Test("every question of the form has a place in the AIBoM, and the other way round")
    func places() {
        #expect(Set(JobFacts.Declared.keys) == Set(Metadata.Field.allCases.map(\.rawValue)))
        #expect(JobFacts.Declared.keys.count == Metadata.Field.allCases.count)
    }

    /// `false` would be a word that the AIBoM's schema refuses, found out when the training is done.
    @Test("where CycloneDX or SPDX knows only some words, the form takes no others")
    func words() {
        #expect(Metadata.Field.learningApproach.choices?.contains("self-supervised") == true)
        #expect(Metadata.Field.autonomy.choices == ["yes", "no", "noAssertion"])
        #expect(Metadata.Field.personalData.choices == ["yes", "no", "noAssertion"])
        #expect(Metadata.Field.safetyRisk.choices == ["serious", "high", "medium", "low"])
    }
}
