import API
import Dispatch
import Hummingbird
import HummingbirdTesting
import ServiceTesting
import Synchronization
import Testing

/// Where so many calls wait until all of them are there, or the time is over.
private final class Meeting: Sendable {
    private let missing: Mutex<Int>
    private let complete = DispatchSemaphore(value: 0)

    init(of count: Int) { missing = Mutex(count) }

    /// - Returns: whether all came.
    func wait(seconds: Int) -> Bool {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast { complete.signal() }
        guard complete.wait(timeout: .now() + .seconds(seconds)) == .success else { return false }
        complete.signal()
        return true
    }
}

@Suite("threads that may wait", .timeLimit(.minutes(1)))
struct BlockingThreadsTests {
    @Test("are there at once, many at a time, so that writes can share an fsync")
    func many() async {
        let meeting = Meeting(of: 48)
        let met = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<48 {
                group.addTask {
                    await withTaskExecutorPreference(BlockingThreads.shared) { meeting.wait(seconds: 5) }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(met == 48)
    }

    @Test("let reads pass by writes that wait")
    func reads() async throws {
        let release = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup { group in
            // More than there are threads for them.
            for _ in 0..<100 {
                group.addTask {
                    await withTaskExecutorPreference(BlockingThreads.shared) { Self.wait(for: release) }
                }
            }
            defer { for _ in 0..<100 { release.signal() } }
            try await withRoutes(of: FakeService()) { client in
                try await client.execute(uri: "/v1/jobs", method: .get) { response in
                    #expect(response.status == .ok)
                }
            }
        }
    }

    private static func wait(for semaphore: DispatchSemaphore) {
        // Longer than the test may take: a read that waits for this fails it.
        _ = semaphore.wait(timeout: .now() + .seconds(90))
    }
}
