import JSON
import Jobs
import Measure
import Testing

@Suite("events and problems")
struct JobEventTests {
    @Test(
        "come back from their own JSON",
        arguments: [
            JobEvent.Kind.state(.running, attempt: 2), .note("waits for a device"),
            .epoch(
                3, of: 50, metrics: JSON(dictionaryLiteral: ("loss", 1), ("accuracy", nil)).objectValue ?? JSONObject()),
            .epoch(3, of: nil, metrics: JSONObject()),
        ])
    func comeBack(kind: JobEvent.Kind) {
        let event = JobEvent(sequence: 7, time: Instant(milliseconds: 1_700_000_000_123), kind: kind)
        #expect(JobEvent(json: event.json) == event)
    }

    @Test("are the last one only at an end", arguments: JobState.allCases)
    func last(state: JobState) {
        let event = JobEvent(sequence: 1, time: .now(), kind: .state(state, attempt: 1))
        #expect(event.isLast == state.isFinal)
    }

    @Test("say a problem with all of its members, and read one with few")
    func problems() throws {
        let problem = Problem(
            "invalid-field", "A field is wrong", status: 422, detail: "epochs is 0", instance: "/v1/jobs",
            field: "parameters.epochs", limit: 1, remedy: "send more")
        #expect(Problem(json: problem.json) == problem)
        #expect(Problem(json: ["title": "Bad gateway"])?.type == "about:blank")
        #expect(Problem(json: ["detail": "no title"]) == nil)
    }
}
