/// What a caller may do. The table of routes (`Access`) says the rest.
package enum Role: String, Sendable, CaseIterable {
    /// Hands in jobs and sees its own.
    case submitter
    /// Reads everybody's jobs and evidence and changes nothing.
    case auditor
    /// Everything.
    case `operator`

    /// Whether other owners' jobs are there for it.
    package var seesEverything: Bool { self != .submitter }
}
