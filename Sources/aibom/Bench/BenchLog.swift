import ArgumentParser
import AuditLog
import Dispatch
import Foundation
import JSON
import Linux
import Measure
import Sandbox
import Synchronization

/// `aibom bench log`: what the audit log's promises cost, beside what the disk alone costs.
struct BenchLog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Appends, proofs and verification of an audit log; the floor is one write and fdatasync.")

    @Option(help: "Where the log is made and removed; its disk is what is measured.") var folder = "/var/tmp"
    @Option(name: .shortAndLong, help: "Appends, one after the other, each beside the floor.") var number = 500
    @Option(help: "Writers that append at once.") var writers = 64
    @Option(help: "Seconds during which they do.") var seconds = 5.0
    @Option(help: "Entries of the log that is verified whole.") var entries = 1_000_000
    @Option(help: "Entries of the tree in which inclusion is proved; its hashes take 32 bytes each on the disk.")
    var proofEntries = 10_000_000
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
        let place = "\(folder)/aibom-bench-log-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: place) }
        _ = try OwnedDescriptor.directory(place)
        let appends = try appendAlone(in: "\(place)/alone")
        let crowd = try appendTogether(in: "\(place)/together")
        let verification = try verify(in: "\(place)/verified")
        let proof = try prove(in: "\(place)/proved")
        report(appends, crowd, verification, proof)
    }

    private struct Appends {
        var durable = Figures("aibom")
        var floor = Figures("floor")
        var published = Figures("published")
    }

    /// One writer: an append, then one block written and brought to the disk, and so on in turn.
    private func appendAlone(in path: String) throws -> Appends {
        let log = try BenchedLog.open(path)
        var floor = try DiskFloor("\(path)-floor", blocks: number + 20)
        var figures = Appends()
        for round in 0..<(number + 20) {
            let entry = BenchedLog.entry(round)
            let durable = try timed { _ = try log.append([entry]) }
            let disk = try timed { try floor.write() }
            guard round >= 20 else { continue }
            figures.durable.add(microseconds: durable)
            figures.floor.add(microseconds: disk)
        }
        for round in 0..<(number / 5) {
            let entry = BenchedLog.entry(round)
            figures.published.add(microseconds: try timed { _ = try log.append([entry], until: .published) })
        }
        try log.close()
        return figures
    }

    /// Many writers: how many entries a second all of them get acknowledged, durable and published.
    private func appendTogether(in path: String) throws -> (durable: Double, published: Double, latency: Figures) {
        var rates: [Double] = []
        var latency = Figures("append_at_\(writers)_writers")
        for promise in [Log.Promise.durable, .published] {
            let log = try BenchedLog.open("\(path)-\(promise)")
            let times = Mutex([Double]())
            let failure = Mutex<(any Error)?>(nil)
            let start = Clock.nanoseconds()
            let end = start + Int64(seconds * 1e9)
            let threads = (0..<writers).map { writer in
                let done = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    defer { done.signal() }
                    var own: [Double] = []
                    do {
                        while Clock.nanoseconds() < end {
                            let entry = BenchedLog.entry(writer)
                            own.append(try Self.timed { _ = try log.append([entry], until: promise) })
                        }
                    } catch { failure.withLock { $0 = error } }
                    times.withLock { [own] in $0 += own }
                }
                return done
            }
            for thread in threads { thread.wait() }
            let elapsed = Double(Clock.nanoseconds() - start) / 1e9
            if let error = failure.withLock({ $0 }) { throw error }
            try log.close()
            let taken = times.withLock { $0 }
            rates.append(Double(taken.count) / elapsed)
            if promise == .durable { for time in taken { latency.add(microseconds: time) } }
        }
        return (rates[0], rates[1], latency)
    }

    private struct Verification {
        var figures = Figures("verify_\(0)")
        var bytesPerEntry = 0.0
        var entryBytes = 0
    }

    /// A whole log, verified with two threads from its entries on.
    private func verify(in path: String) throws -> Verification {
        let log = try BenchedLog.open(path)
        for start in stride(from: 0, to: entries, by: 1000) {
            try log.append((start..<min(start + 1000, entries)).map { BenchedLog.entry($0) })
        }
        try log.close()
        var result = Verification(figures: Figures("verify_\(entries)_entries"))
        result.entryBytes = BenchedLog.entry(0).count
        result.bytesPerEntry = Double(try BenchedLog.diskBytes(path)) / Double(max(entries, 1))
        for _ in 0..<3 {
            let reader = try TileReader(path: path)
            var holds = false
            let time = timed { holds = LogVerifier(reader, key: log.key, threads: 2).verify().holds }
            guard holds else { throw CommandError.local("the benched log does not verify", remedy: "report this") }
            result.figures.add(microseconds: time)
        }
        return result
    }

    /// A proof from tiles on the disk, none of them in this process's memory.
    private func prove(in path: String) throws -> (make: Figures, verify: Figures) {
        let tree = try TileTree(of: UInt64(proofEntries), in: OwnedDescriptor.directory(path))
        let signed = try tree.sign(with: BenchedLog.signer())
        let reader = try TileReader(path: path)
        let entries = (0..<1000).map { _ in
            let index = UInt64.random(in: 0..<UInt64(proofEntries))
            return (index, TileTree.entry(index))
        }
        var make = Figures("prove_inclusion_at_\(proofEntries)")
        var verify = Figures("verify_inclusion_at_\(proofEntries)")
        for (index, entry) in entries {
            var proof: TlogProof?
            make.add(microseconds: try timed { proof = try TlogProof(of: index, in: reader, under: signed) })
            verify.add(microseconds: try timed { try proof?.verify(entry: entry, log: BenchedLog.signer().key) })
        }
        return (make, verify)
    }

    private func report(
        _ appends: Appends, _ crowd: (durable: Double, published: Double, latency: Figures),
        _ verification: Verification,
        _ proof: (make: Figures, verify: Figures)
    ) {
        let comparison = Comparison(
            subject: "log", ours: appends.durable, peers: [appends.floor],
            others: [appends.published, crowd.latency, verification.figures, proof.make, proof.verify])
        let rates: [(String, Double)] = [
            ("durable_entries_per_second_at_\(writers)_writers", crowd.durable),
            ("published_entries_per_second_at_\(writers)_writers", crowd.published),
            ("disk_bytes_per_entry_of_\(verification.entryBytes)", verification.bytesPerEntry),
        ]
        guard json else {
            comparison.print(asDocument: false)
            for (name, value) in rates { Console.show("  \(name): \(JSON.rounded(value))") }
            return
        }
        var document = comparison.json.objectValue ?? JSONObject()
        for (name, value) in rates { document[name] = .rounded(value) }
        Console.show(.object(document))
    }

    private func timed(_ body: () throws -> Void) rethrows -> Double { try Self.timed(body) }

    /// Microseconds that `body` took.
    private static func timed(_ body: () throws -> Void) rethrows -> Double {
        let start = Clock.nanoseconds()
        try body()
        return Double(Clock.nanoseconds() - start) / 1000
    }
}
