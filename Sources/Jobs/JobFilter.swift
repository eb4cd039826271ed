/// Which jobs a list is of: newest first, one page.
package struct JobFilter: Sendable, Equatable {
    /// Nil: everybody's.
    package var owner: String?
    /// Empty: in any state.
    package var states: Set<JobState>
    /// The last job of the page before; the page begins with the one submitted before it.
    package var after: JobID?
    package var limit: Int

    package init(owner: String? = nil, states: Set<JobState> = [], after: JobID? = nil, limit: Int = 100) {
        self.owner = owner
        self.states = states
        self.after = after
        self.limit = limit
    }
}
