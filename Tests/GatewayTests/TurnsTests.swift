import Synchronization
import Testing

@testable import Gateway

@Suite("turns", .timeLimit(.minutes(1)))
struct TurnsTests {
    private struct Failure: Error {}

    /// How many are there now, and the most that ever were.
    private final class Room: Sendable {
        private let count = Mutex((now: 0, most: 0))

        var most: Int { count.withLock(\.most) }

        func enter() {
            count.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
        }

        func leave() { count.withLock { $0.now -= 1 } }
    }

    @Test("are so many at a time, everybody's comes, and one that fails is given back")
    func bounded() async {
        let turns = Turns(3)
        let room = Room()
        let served = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<2000 {
                group.addTask {
                    do {
                        try await turns.take {
                            room.enter()
                            defer { room.leave() }
                            await Task.yield()
                            if number.isMultiple(of: 7) { throw Failure() }
                        }
                        return true
                    } catch {
                        return error is Failure
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(served == 2000)
        #expect((1...3).contains(room.most))
    }
}
