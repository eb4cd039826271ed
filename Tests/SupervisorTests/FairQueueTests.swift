import JobStore
import Jobs
import Testing

@testable import Supervisor

private let ids = JobIDSource()

private func job(
    _ owner: String = "a", priority: Int = 5, cpu: UInt64 = 1000, memory: UInt64 = 1 << 30, gpus: UInt64 = 0
) -> QueuedJob {
    QueuedJob(
        id: ids.next(), owner: owner, priority: priority,
        resources: Resources(cpuMillicores: cpu, memoryBytes: memory, gpus: gpus))
}

/// A queue, a host, and a clock that the test sets.
private struct World {
    var queue: FairQueue
    var admission: Admission
    var now: Int64 = 0

    init(cpu: UInt64 = 2000, memory: UInt64 = 8 << 30, gpus: UInt64 = 0, patience: Int64 = 600_000) {
        queue = FairQueue(patience: patience)
        admission = Admission(capacity: Resources(cpuMillicores: cpu, memoryBytes: memory, gpus: gpus))
    }

    mutating func add(_ jobs: QueuedJob...) { for job in jobs { queue.add(job) } }

    /// Starts one job, as the scheduler does.
    mutating func start() -> QueuedJob? {
        guard let job = queue.next(admission, at: now) else { return nil }
        #expect(admission.admit(job) != nil, "what the queue gives is admitted")
        return job
    }

    mutating func startAll() -> [QueuedJob] {
        var started: [QueuedJob] = []
        while let job = start() { started.append(job) }
        return started
    }
}

@Suite("the choice of the next job")
struct FairQueueTests {
    @Test("takes the oldest first, as many as fit")
    func oldest() {
        var world = World()
        let jobs = [job(), job(), job()]
        world.add(jobs[2], jobs[0], jobs[1], jobs[0])
        #expect(world.startAll() == [jobs[0], jobs[1]])
        #expect(world.queue.count == 1)
        world.admission.release(jobs[0].id)
        #expect(world.startAll() == [jobs[2]])
        #expect(world.queue.isEmpty)
    }

    @Test("takes the higher priority first, whoever's and however young")
    func priority() {
        var world = World(cpu: 1000)
        let (low, usual, high) = (job(priority: 0), job("b"), job(priority: 9))
        world.add(low, usual, high)
        var order: [QueuedJob] = []
        while let next = world.start() {
            order.append(next)
            world.admission.release(next.id)
        }
        #expect(order == [high, usual, low])
    }

    @Test("takes turns between owners, however many jobs one of them has")
    func turns() {
        var world = World(cpu: 1000)
        for _ in 0..<50 { world.add(job("greedy")) }
        for _ in 0..<2 { world.add(job("modest")) }
        var owners: [String] = []
        for _ in 0..<6 {
            guard let next = world.start() else { break }
            owners.append(next.owner)
            world.admission.release(next.id)
        }
        #expect(owners == ["greedy", "modest", "greedy", "modest", "greedy", "greedy"])
    }

    @Test("gives the room to the owner who has the least running")
    func leastRunning() {
        var world = World(cpu: 4000)
        for _ in 0..<10 { world.add(job("first")) }
        _ = world.start()
        _ = world.start()
        world.add(job("second"), job("second"))
        #expect(world.startAll().map(\.owner) == ["second", "second"])
    }

    @Test("fills room that a large job can't use, until that was passed over long enough")
    func passedOver() {
        var world = World(cpu: 2000, patience: 1000)
        let running = job("small")
        world.add(running)
        #expect(world.start() == running)
        let large = job("large", cpu: 2000)
        world.add(large, job("small"))
        var last = world.start()
        #expect(last?.owner == "small", "it fits beside the first")
        // From here on, every time one ends, another small one comes.
        for moment in stride(from: Int64(100), through: 900, by: 100) {
            world.now = moment
            world.add(job("small"))
            if let last { world.admission.release(last.id) }
            last = world.start()
            #expect(last?.owner == "small")
        }
        world.now = 1000
        world.add(job("small"), job("other", priority: 4), job("ahead", priority: 6))
        if let last { world.admission.release(last.id) }
        let ahead = world.start()
        #expect(ahead?.owner == "ahead", "a higher priority is not held up")
        if let ahead { world.admission.release(ahead.id) }
        #expect(world.start() == nil, "the room is kept for the large one")
        world.admission.release(running.id)
        #expect(world.start() == large)
    }

    @Test("lets go of a job that was taken out, and of one that could never fit")
    func takenOut() {
        var world = World(cpu: 1000, patience: 0)
        let (never, cancelled, last) = (job(cpu: 1001), job("b"), job("c"))
        world.add(never, cancelled, last)
        world.queue.remove(cancelled)
        world.queue.remove(cancelled)
        #expect(world.startAll() == [last])
    }

    @Test("starts every job at last, and never more than fit", arguments: 0..<16)
    func properties(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var world = World(
            cpu: .random(in: 1...8, using: &random) * 1000, memory: .random(in: 1...16, using: &random) << 30,
            gpus: .random(in: 0...4, using: &random), patience: 50)
        let capacity = world.admission.capacity
        var ends: [JobID: Int64] = [:]
        var waiting: Set<JobID> = []
        for step in 0..<1200 {
            world.now = Int64(step)
            // The last third brings nothing new, so everything must have run by its end.
            if step < 800, Int.random(in: 0..<8, using: &random) == 0 {
                let new = job(
                    "owner \(Int.random(in: 0..<4, using: &random))",
                    cpu: .random(in: 10...capacity.cpuMillicores, using: &random),
                    memory: .random(in: 1...capacity.memoryBytes, using: &random),
                    gpus: .random(in: 0...capacity.gpus, using: &random))
                world.add(new)
                waiting.insert(new.id)
            }
            for (id, end) in ends where end <= world.now {
                world.admission.release(id)
                ends[id] = nil
            }
            for started in world.startAll() {
                #expect(waiting.remove(started.id) != nil, "no job is started twice")
                ends[started.id] = world.now + .random(in: 1...10, using: &random)
            }
            let sum = world.admission.running.values.reduce(Resources()) { $0 + $1.resources }
            #expect(sum == world.admission.used && sum.fits(in: capacity))
            let gpus = world.admission.running.values.flatMap(\.gpus)
            #expect(Set(gpus).count == gpus.count && gpus.allSatisfy { $0 < Int(capacity.gpus) })
        }
        #expect(waiting.isEmpty && world.queue.isEmpty)
        for id in ends.keys { world.admission.release(id) }
        #expect(world.admission.used == Resources())
    }

    /// A stream of small jobs that would fill the host for ever: without the rule, the large one would never start.
    @Test("starves no large job behind a stream of small ones", arguments: 0..<8)
    func noStarvation(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var world = World(cpu: 4000, patience: 100)
        var ends: [JobID: Int64] = [:]
        let large = job("large", cpu: 4000)
        for step in 0..<1000 {
            world.now = Int64(step)
            while world.queue.count < 8 { world.add(job("owner \(Int.random(in: 0..<5, using: &random))")) }
            if step == 10 { world.add(large) }
            for (id, end) in ends where end <= world.now {
                world.admission.release(id)
                ends[id] = nil
            }
            for started in world.startAll() {
                if started == large {
                    #expect(step > 100, "it was passed over at first")
                    return
                }
                ends[started.id] = world.now + .random(in: 5...20, using: &random)
            }
        }
        Issue.record("the large job was never started")
    }

    @Test("looks at asks, not at jobs: a queue of many is decided as fast as one of few")
    func manyJobs() {
        var world = World(cpu: 1000)
        for index in 0..<30_000 { world.add(job("owner \(index % 3)")) }
        for _ in 0..<1000 {
            guard let next = world.start() else { return #expect(Bool(false), "there are more") }
            world.admission.release(next.id)
        }
        #expect(world.queue.count == 29_000)
    }
}

/// Sebastiano Vigna's splitmix64: the same jobs for the same seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
