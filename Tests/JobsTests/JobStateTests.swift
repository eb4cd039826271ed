import Jobs
import Testing

@Suite("job states")
struct JobStateTests {
    /// The table of the design, written a second time and otherwise.
    static let moves = """
        received>queued received>cancelled
        queued>staging queued>sealing queued>cancelled
        staging>running staging>queued staging>sealing staging>cancelled
        running>sealing running>queued running>cancelled
        sealing>completed sealing>failed
        """

    @Test("have exactly the moves of the table")
    func haveTheirMoves() {
        let allowed = Set(Self.moves.split(whereSeparator: \.isWhitespace).map(String.init))
        for state in JobState.allCases {
            for next in JobState.allCases {
                #expect(state.canBecome(next) == allowed.contains("\(state)>\(next)"), "\(state) to \(next)")
            }
        }
    }

    @Test("let no job leave its end, and let every job come to one", arguments: JobState.allCases)
    func end(state: JobState) {
        let next = JobState.allCases.filter(state.canBecome)
        #expect(state.isFinal == next.isEmpty)
        #expect(state.isFinal || next.contains(.cancelled) || next.contains(.failed))
    }

    @Test("count as a retry only what ran before")
    func retry() {
        #expect(!JobState.received.isRetry(to: .queued))
        #expect(JobState.running.isRetry(to: .queued))
        #expect(!JobState.queued.isRetry(to: .staging))
    }
}
