import Foundation
import JSON
import Measure

/// Orders that are placed with a daemon which may die at any moment, and what it has acknowledged of each: so what it must
/// still know.
///
/// Each order has an idempotency key and inputs of its own, so that a job or a blob that is lost or doubled can be told. What
/// was not answered is asked again, with the same key.
actor Workload {
    /// What an order's sender wants.
    enum Wish: CaseIterable { case evidence, cancellation, deletedInputs }

    struct Order {
        let wish: Wish
        let key: String
        let inputs: [(role: String, name: String, bytes: [UInt8])]
        /// The daemon has said that it stores its inputs.
        var isUploaded = false
        /// The job, once the daemon has said that it takes it.
        var job: String?
        /// The daemon has said that the job ends.
        var isCancelled = false
        /// The daemon was asked to delete its inputs, and has said that they are gone.
        var mayLackInputs = false
        var lacksInputs = false
        fileprivate var isDone = false
        fileprivate var isInHand = false

        fileprivate init(_ number: Int) {
            wish = Wish.allCases[number % Wish.allCases.count]
            key = "order-\(number)"
            // Half of those that are to be cancelled would never end by themselves; the others race with their end.
            let task = wish == .cancellation && number % 2 == 0 ? "patient" : "obey"
            inputs = [
                ("model", "m.keras", Array("\(task)\n\(number)".utf8)),
                ("dataset", "a.csv", Array("a\n\(number)\n".utf8)),
                ("definition", "a.yaml", Array("a: \(number)\n".utf8)),
            ]
        }

        var digests: [String] { inputs.map { Digest.of($0.bytes).hex } }
    }

    private(set) var orders: [Order] = []
    /// Answers that no daemon should give, however often it died.
    private(set) var refusals: [String] = []
    private let daemon: Daemon
    private let folder: Folder
    private var isStopped = false

    init(against daemon: Daemon) throws {
        self.daemon = daemon
        folder = try Folder()
    }

    /// Carries out what is open and then up to `count` new orders, two at a time, until all is done or `stop`.
    func run(placing count: Int) async throws {
        isStopped = false
        let limit = orders.count + count
        async let one: Void = send(limit)
        async let other: Void = send(limit)
        _ = try await (one, other)
    }

    func stop() { isStopped = true }

    private func send(_ limit: Int) async throws {
        while !isStopped, let number = take(limit) {
            defer { orders[number].isInHand = false }
            while !isStopped, !orders[number].isDone {
                // No answer: there is no daemon, or not yet.
                if try await !advance(number) { try await Task.sleep(for: .milliseconds(20)) }
            }
        }
    }

    private func take(_ limit: Int) -> Int? {
        var number = orders.firstIndex { !$0.isDone && !$0.isInHand }
        if number == nil, orders.count < limit {
            number = orders.count
            orders.append(Order(orders.count))
        }
        if let number { orders[number].isInHand = true }
        return number
    }

    /// Asks for what comes next with an order.
    ///
    /// - Returns: whether there was an answer.
    private func advance(_ number: Int) async throws -> Bool {
        guard orders[number].isUploaded else { return try await upload(number) }
        guard let job = orders[number].job else { return try await submit(number) }
        switch orders[number].wish {
        case .evidence: orders[number].isDone = true
        case .cancellation: return try await cancel(number, job)
        case .deletedInputs: return try await deleteInputs(number, job)
        }
        return true
    }

    private func upload(_ number: Int) async throws -> Bool {
        var words = ["-s", "-m", "30", "--unix-socket", daemon.socket, "-X", "POST", "-w", "%{http_code} "]
        // Without the second it waits a second for a word of ours before it sends a body.
        words += ["-H", "content-type: application/octet-stream", "-H", "expect:"]
        for input in orders[number].inputs {
            let file = try folder.write(input.bytes, as: "\(number)-\(input.role)")
            words += ["-T", file, "-o", "/dev/null", "http://localhost/v1/blobs"]
        }
        let answers = try await Command.run("curl", words).text.split(separator: " ").compactMap { Int($0) }
        guard !answers.contains(0), answers.count == orders[number].inputs.count else { return false }
        for answer in answers { expect(answer, [201], "upload of \(orders[number].key)") }
        orders[number].isUploaded = true
        return true
    }

    private func submit(_ number: Int) async throws -> Bool {
        var inputs = JSONObject()
        for (input, digest) in zip(orders[number].inputs, orders[number].digests) {
            inputs[input.role] = ["file_name": .string(input.name), "sha256": .string(digest)]
        }
        let answer = try await daemon.order(inputs, key: orders[number].key)
        guard answer.status != 0 else { return false }
        expect(answer.status, [202], "submission of \(orders[number].key)")
        orders[number].job = answer.document["job_id"]?.stringValue
        // The rest of an answer can be cut off; one that is no acceptance would be given again and again.
        orders[number].isDone = answer.status != 202
        return orders[number].job != nil
    }

    private func cancel(_ number: Int, _ job: String) async throws -> Bool {
        // Waiting, staging, running or over: the more kinds of jobs it meets, the better.
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...60)))
        let answer = try await daemon.ask("/v1/jobs/\(job)/cancel", "-X", "POST")
        guard answer.status != 0 else { return false }
        expect(answer.status, [202, 409], "cancellation of \(orders[number].key)")
        orders[number].isCancelled = answer.status == 202
        orders[number].isDone = true
        return true
    }

    private func deleteInputs(_ number: Int, _ job: String) async throws -> Bool {
        orders[number].mayLackInputs = true
        let answer = try await daemon.ask("/v1/jobs/\(job)/inputs", "-X", "DELETE")
        // Not yet over.
        guard answer.status != 0, answer.status != 409 else { return false }
        expect(answer.status, [200], "deletion of the inputs of \(orders[number].key)")
        orders[number].lacksInputs = true
        orders[number].isDone = true
        return true
    }

    private func expect(_ status: Int, _ expected: [Int], _ what: String) {
        if !expected.contains(status) { refusals.append("\(what): \(status)") }
    }
}
