/// Goes on after connections that break, as long as each of the last few brought something.
struct Persistence {
    private static let most = 5

    private var failures = 0

    /// Waits a moment before the next try.
    ///
    /// - Parameters:
    ///   - error: what ended the last try.
    ///   - hasProgressed: whether that one brought something.
    /// - Throws: `error`, when there is no use in another try.
    mutating func wait(after error: CommandError, hasProgressed: Bool) async throws(CommandError) {
        failures = hasProgressed ? 0 : failures + 1
        guard case .unreachable = error, failures <= Persistence.most else { throw error }
        do { try await Task.sleep(for: .seconds(1)) } catch { throw .local("interrupted", remedy: "start it again") }
    }
}
