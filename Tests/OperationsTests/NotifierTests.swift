import Foundation
import Logging
import ManagerTesting
import Synchronization
import Testing

@testable import Operations

@Suite("A service under a manager", .timeLimit(.minutes(1)))
struct NotifierTests {
    @Test("says that it is ready, its status, and that it stops", arguments: [false, true])
    func messages(_ abstract: Bool) throws {
        let manager = try FakeServiceManager(abstract: abstract)
        let notifier = Notifier(["NOTIFY_SOCKET": manager.address], pid: 7)
        notifier.ready("serving")
        #expect(manager.next() == ["READY=1", "STATUS=serving"])
        notifier.status("a\nREADY=0")
        #expect(manager.next() == ["STATUS=a READY=0"], "a status can't smuggle in an assignment")
        notifier.stopping("soon", within: .seconds(2))
        #expect(manager.next() == ["STOPPING=1", "STATUS=soon", "EXTEND_TIMEOUT_USEC=2000000"])
    }

    @Test(
        "has a watchdog when the manager means this process",
        arguments: [
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], Duration.seconds(3)),
            (["WATCHDOG_USEC": "3000000"], .seconds(3)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "no"], nil), (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-5"], nil), ([:], nil),
        ])
    func watchdog(_ variables: [String: String], _ expected: Duration?) {
        let environment = variables.merging(["NOTIFY_SOCKET": "@nobody"]) { $1 }
        #expect(Notifier(environment, pid: 7).watchdog == expected)
    }

    @Test("reaches its manager also when the address leads nowhere any more")
    func confined() throws {
        let manager = try FakeServiceManager()
        let notifier = Notifier(["NOTIFY_SOCKET": manager.address], pid: 7)
        #expect((notifier.descriptor ?? 0) >= 10)
        try FileManager.default.removeItem(atPath: manager.address)
        notifier.isAlive()
        #expect(manager.next() == ["WATCHDOG=1"])
    }

    @Test(
        "without a manager says nothing and does not mind",
        arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "relative"], ["NOTIFY_SOCKET": "/nobody/listens"]])
    func nobody(_ environment: [String: String]) { Notifier(environment, pid: 7).ready("x") }

    @Test("shows signs of life while all its parts answer, and none when one does not")
    func lives() throws {
        let manager = try FakeServiceManager()
        let notifier = Notifier(["NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "100000"], pid: 7)
        let isAlive = Atomic(true)
        let asked = Atomic(0)
        withExtendedLifetime(notifier) {
            let watchdog = Watchdog(
                notifier,
                checks: [
                    .init("good") { true },
                    .init("moody") {
                        asked.add(1, ordering: .relaxed)
                        return isAlive.load(ordering: .acquiring)
                    },
                ], log: Logger(label: "test") { _ in LineLogHandler(.text, level: .critical) { _ in } })
            watchdog.start()
            for _ in 0..<3 { #expect(manager.next() == ["WATCHDOG=1"]) }
            isAlive.store(false, ordering: .releasing)
            // One may have been on its way.
            Thread.sleep(forTimeInterval: 0.2)
            notifier.status("mark")
            var seen = manager.next()
            while seen == ["WATCHDOG=1"] { seen = manager.next() }
            #expect(seen == ["STATUS=mark"])
            let before = asked.load(ordering: .relaxed)
            Thread.sleep(forTimeInterval: 0.3)
            #expect(asked.load(ordering: .relaxed) > before, "it goes on asking")
            notifier.status("mark 2")
            #expect(manager.next() == ["STATUS=mark 2"], "no sign of life came between")
            // A service that stops within a bound of its own is alive.
            watchdog.relax()
            #expect(manager.next() == ["WATCHDOG=1"])
            watchdog.end()
        }
    }
}
