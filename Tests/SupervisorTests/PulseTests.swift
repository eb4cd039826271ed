import Foundation
import Synchronization
import Testing

@testable import Supervisor

@Suite("The pulse of a thread", .timeLimit(.minutes(1)))
struct PulseTests {
    private final class Worker: Sendable {
        let pulse = Pulse()
        let wake = DispatchSemaphore(value: 0)
        let isOver = Atomic(false)

        func work(_ turn: @escaping @Sendable (Worker) -> Void) {
            Thread.detachNewThread { [self] in
                while !isOver.load(ordering: .acquiring) {
                    pulse.beat()
                    turn(self)
                    wake.wait()
                }
            }
        }

        func end() {
            isOver.store(true, ordering: .releasing)
            wake.signal()
        }

        func answers(_ limit: Double) -> Bool { pulse.answers(within: limit) { wake.signal() } }
    }

    @Test("is felt while it takes turns, however long it slept")
    func alive() {
        let worker = Worker()
        worker.work { _ in }
        for _ in 0..<3 { #expect(worker.answers(5)) }
        worker.end()
    }

    @Test("is not felt while it hangs, and is felt again afterwards")
    func hanging() {
        let worker = Worker()
        let gate = DispatchSemaphore(value: 0)
        worker.work { _ in gate.wait() }
        Thread.sleep(forTimeInterval: 0.05)
        #expect(!worker.answers(0.2))
        for _ in 0..<100 { gate.signal() }
        #expect(worker.answers(5))
        worker.end()
    }

    @Test("is taken for granted in work that may take any time")
    func longWork() {
        let worker = Worker()
        let gate = DispatchSemaphore(value: 0)
        worker.work { $0.pulse.duringLongWork { gate.wait() } }
        Thread.sleep(forTimeInterval: 0.05)
        #expect(worker.answers(0.2))
        for _ in 0..<100 { gate.signal() }
        worker.end()
    }
}
