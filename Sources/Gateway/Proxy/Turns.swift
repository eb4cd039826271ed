internal import Synchronization

/// So many at a time; the others wait in line, the first to come first.
///
/// What the supervisor does for a small request takes a moment, so more of them under way at once make none of them faster, and
/// everything else slower: a line here keeps the queues there short, in which a question for a job's status has to stand as well.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var line: [CheckedContinuation<Void, Never>] = []
        /// Those before it have had their turn.
        var first = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Runs `body` when its turn has come.
    func take<Answer: Sendable>(_ body: () async throws -> Answer) async rethrows -> Answer {
        await begin()
        defer { end() }
        return try await body()
    }

    private func begin() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.line.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    /// The turn goes to the first in line, or back.
    private func end() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.first < state.line.count else {
                state.free += 1
                return nil
            }
            let next = state.line[state.first]
            state.first += 1
            if state.first == state.line.count || state.first > 1024 {
                state.line.removeFirst(state.first)
                state.first = 0
            }
            return next
        }
        next?.resume()
    }
}
