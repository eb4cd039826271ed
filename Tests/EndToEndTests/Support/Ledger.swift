import Foundation
import JSON
import Measure

/// The books about what a daemon has acknowledged, held against what it shows and what is on its disk.
struct Ledger {
    let daemon: Daemon
    let workload: Workload
    /// Jobs that were seen to be over, and how.
    private var ends: [String: String] = [:]

    init(_ daemon: Daemon, _ workload: Workload) {
        self.daemon = daemon
        self.workload = workload
    }

    private static let final: Set = ["completed", "failed", "cancelled"]

    /// What must hold at any time, while jobs go on and orders are open.
    mutating func standing() async throws -> Set<Finding> {
        let orders = await workload.orders
        let jobs = try await daemon.jobs()
        var findings = Set(await workload.refusals.map(Finding.refusal))
        let acknowledged = Set(orders.compactMap(\.job))
        findings.formUnion(acknowledged.subtracting(jobs.keys).map(Finding.lostJob))
        // A job whose acknowledgement did not arrive is no stranger, but each order can have one only.
        let strangers = Set(jobs.keys).subtracting(acknowledged)
        if strangers.count > orders.count(where: { $0.isUploaded && $0.job == nil }) {
            findings.formUnion(strangers.map(Finding.strangeJob))
        }
        for (id, state) in ends where jobs[id].map({ $0["state"]?.stringValue != state }) ?? false {
            findings.insert(.endTakenBack(id))
        }
        for (id, job) in jobs {
            if let state = job["state"]?.stringValue, Self.final.contains(state) { ends[id] = state }
        }
        return findings.union(try blobs(needed: orders))
    }

    /// What must hold when every order is carried out and every job has ended: all of it.
    mutating func closing() async throws -> Set<Finding> {
        var jobs: [String: JSON] = [:]
        let isOver = try await eventually(within: .seconds(60), every: .milliseconds(100)) {
            jobs = try await daemon.jobs()
            return jobs.values.allSatisfy { Self.final.contains($0["state"]?.stringValue ?? "") }
        }
        var findings = try await standing()
        let orders = await workload.orders
        let ordered = orders.compactMap(\.job)
        findings.formUnion(Set(jobs.keys).subtracting(ordered).map(Finding.strangeJob))
        if Set(ordered).count != ordered.count {
            findings.formUnion(
                Dictionary(grouping: ordered) { $0 }.filter { $1.count > 1 }.keys.map(Finding.strangeJob))
        }
        for order in orders {
            if let id = order.job, let job = jobs[id], let fault = Self.fault(of: job, order) {
                findings.insert(.badEnd(id, fault))
            }
        }
        guard isOver else { return findings }
        findings.formUnion(try await histories(of: jobs))
        for (id, job) in jobs where job["state"] == "completed" {
            findings.formUnion(try await evidence(of: id))
        }
        let isCleared = try await eventually(within: .seconds(2)) { files(below: "\(daemon.state)/work").isEmpty }
        if !isCleared { findings.formUnion(files(below: "\(daemon.state)/work").map(Finding.strayFile)) }
        return findings
    }

    /// How jobs came to their ends, in words.
    var summary: String {
        let counts = Dictionary(grouping: ends.values) { $0 }.map { "\($0) \($1.count)" }.sorted()
        return "\(ends.count) jobs: \(counts.joined(separator: ", "))"
    }

    private static func fault(of job: JSON, _ order: Workload.Order) -> String? {
        switch job["state"]?.stringValue {
        case "completed" where !order.isCancelled: nil
        case "cancelled" where order.wish == .cancellation: nil
        // Only who was cut short as often as it may be fails.
        case "failed"
        where job["problem"]?["type"]?.stringValue?.hasSuffix(":attempts") == true
            && job["attempt"] == job["max_attempts"] && !order.isCancelled:
            nil
        case let state: "\(state ?? "none"), \(order.wish), told to end: \(order.isCancelled), \(job)"
        }
    }

    /// Events are numbered without a gap, begin as every job does, and nothing comes after the one end.
    ///
    /// Read from the job store itself: who follows a job's events hears no more after its first end.
    private func histories(of jobs: [String: JSON]) async throws -> Set<Finding> {
        let lines = try await daemon.query(
            "SELECT job, sequence, payload ->> 'state' FROM events ORDER BY job, sequence")
        let events = Dictionary(grouping: lines.map { $0.split(separator: "|", omittingEmptySubsequences: false) }) {
            String($0[0])
        }
        var findings: Set<Finding> = []
        for (id, job) in jobs {
            let own = events[id] ?? []
            let states = own.map { String($0[2]) }.filter { !$0.isEmpty }
            let isNumbered = own.enumerated().allSatisfy { $1[1] == "\($0 + 1)" }
            let isOneLife =
                states.starts(with: ["received", "queued"]) && states.count(where: Self.final.contains) == 1
                && own.last.map { String($0[2]) } == job["state"]?.stringValue
            if !isNumbered || !isOneLife { findings.insert(.badHistory(id, states)) }
        }
        return findings
    }

    private func evidence(of id: String) async throws -> Set<Finding> {
        let place = try Folder()
        let fetched = try await daemon.aibom("fetch", id, "--out", place.path("artifacts"))
        guard fetched.status == 0 else { return [.badEvidence(id, "\(fetched)")] }
        let names = files(below: place.path("artifacts"))
        guard names == EvidenceNames.completed else { return [.badEvidence(id, "\(names)")] }
        let verdict = try await daemon.verify(place.path("artifacts"))
        return verdict.status == 0 ? [] : [.badEvidence(id, "\(verdict)")]
    }

    /// Every stored file is what its name says, what was acknowledged is there, and what was deleted is not.
    private func blobs(needed orders: [Workload.Order]) throws -> Set<Finding> {
        let shelves = "\(daemon.state)/blobs/sha256"
        var findings: Set<Finding> = []
        var stored: Set<String> = []
        for path in files(below: shelves) where path.contains("/") {
            let name = String(path.split(separator: "/").last ?? "")
            // Its keeper may take away what nobody needs any more while this looks.
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(shelves)/\(path)")) else { continue }
            stored.insert(name)
            if name.count != 64 {
                findings.insert(.strayFile(path))
            } else if Digest.of(Array(bytes)).hex != name {
                findings.insert(.damagedBlob(name))
            }
        }
        for order in orders where order.isUploaded && !order.mayLackInputs {
            findings.formUnion(Set(order.digests).subtracting(stored).map(Finding.lostBlob))
        }
        for order in orders where order.lacksInputs {
            findings.formUnion(stored.intersection(order.digests).map(Finding.keptBlob))
        }
        return findings
    }
}
