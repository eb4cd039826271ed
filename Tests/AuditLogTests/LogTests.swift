import Dispatch
import Foundation
import Linux
import Measure
import Synchronization
import Testing

@testable import AuditLog

@Suite("the log", .timeLimit(.minutes(2)))
struct LogTests {
    private static let options: Log.Options = {
        var options = Log.Options()
        options.journalFileSize = 256 << 10
        return options
    }()

    private func open(
        _ folder: Folder, _ name: String = "log", witnessed: Checkpoint? = nil, head: Bool = true,
        signer: (any NoteSigner)? = nil
    ) throws -> Log {
        try Log(
            in: folder.open(name), signer: try signer ?? Keys.log(),
            headFile: head ? HeadFile("head", in: folder.open("heads")) : nil, witnessed: witnessed,
            options: Self.options)
    }

    @Test("gives numbers in order, and publishes what it is asked to", arguments: [1, 2, 255, 256, 257, 600])
    func numbers(count: Int) throws {
        let folder = try Folder()
        let log = try open(folder)
        #expect(log.published?.checkpoint.size == 0)
        let all = entries(0..<count)
        for (index, entry) in all.dropLast().enumerated() {
            let receipt = try log.append([entry])
            #expect(receipt.index == UInt64(index) && receipt.checkpoint == nil)
        }
        let last = try log.append([all[count - 1]], until: .published)
        #expect(last.indices == UInt64(count - 1)..<UInt64(count))
        let signed = try #require(last.checkpoint)
        #expect(signed.checkpoint.root == PlainTree(entries: all).root(count))
        #expect(last.head.root == signed.checkpoint.root)
        let reader = try TileReader(path: "\(folder.path)/log")
        #expect(try reader.checkpoint() == signed.note.bytes)
        #expect(LogVerifier(reader, key: log.key).verify().holds)
        for index in 0..<count { #expect(try reader.entry(UInt64(index), size: UInt64(count)) == all[index]) }
        try log.close()
        #expect(throws: LogError.closed) { try log.append([[1]]) }
    }

    @Test("publishes within its lag without being asked")
    func lag() async throws {
        let folder = try Folder()
        let log = try open(folder)
        try log.append([[1]])
        for _ in 0..<200 where log.published?.checkpoint.size == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(log.published?.checkpoint.size == 1)
        try log.close()
    }

    @Test("keeps the entries of one append together, with many writers")
    func writers() throws {
        let folder = try Folder()
        let log = try open(folder)
        let receipts = Mutex([Receipt]())
        DispatchQueue.concurrentPerform(iterations: 16) { writer in
            for number in 0..<40 {
                let group = (0..<(1 + number % 3)).map { Array("w\(writer) n\(number) i\($0)".utf8) }
                guard let receipt = try? log.append(group, until: number % 10 == 0 ? .published : .durable) else {
                    continue
                }
                receipts.withLock { $0.append(receipt) }
            }
        }
        try log.close()
        let all = receipts.withLock { $0.sorted { $0.index < $1.index } }
        #expect(all.count == 640)
        var next: UInt64 = 0
        for receipt in all {
            #expect(receipt.index == next && receipt.head.size >= receipt.indices.upperBound)
            next = receipt.indices.upperBound
        }
        let reader = try TileReader(path: "\(folder.path)/log")
        #expect(LogVerifier(reader, key: log.key).verify().holds)
        // Each append's entries follow each other, in their order.
        var index: UInt64 = 0
        while index < next {
            let text = String(decoding: try reader.entry(index, size: next), as: UTF8.self)
            #expect(text.hasSuffix("i0"))
            let count = all.first { $0.index == index }?.indices.count ?? 1
            for place in 1..<max(1, count) {
                let other = String(decoding: try reader.entry(index + UInt64(place), size: next), as: UTF8.self)
                #expect(other == text.replacing("i0", with: "i\(place)"))
            }
            index += UInt64(count)
        }
    }

    @Test("goes on where it ended, through many starts")
    func restarts() throws {
        let folder = try Folder()
        var notes: [(note: [UInt8], by: String)] = []
        for run in 0..<8 {
            let log = try open(folder)
            for entry in entries(run * 100..<(run + 1) * 100) { try log.append([entry]) }
            try log.close()
            notes.append((try #require(log.published).note.bytes, "run \(run)"))
        }
        let reader = try TileReader(path: "\(folder.path)/log")
        let report = LogVerifier(reader, key: try Keys.log().key).verify(against: notes)
        #expect(report.holds && report.entries == 800 && report.checkpoints >= 16)
        #expect(try reader.entry(799, size: 800) == entries(799..<800)[0])
    }

    /// With threads of their own: writers wait for each other, and Swift's are few.
    private func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> DispatchGroup {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(number)
                group.leave()
            }
        }
        return group
    }

    @Test("ends when all that it took is committed, and takes nothing after", arguments: 0..<5)
    func closes(round: Int) throws {
        let folder = try Folder()
        let log = try open(folder)
        let answers = Mutex<(taken: [UInt64], refused: [LogError])>(([], []))
        let begun = Atomic(0)
        let writers = threads(8) { writer in
            for number in 0..<2000 {
                do throws(LogError) {
                    let receipt = try log.append([Array("w\(writer) n\(number)".utf8)])
                    answers.withLock { $0.taken.append(receipt.index) }
                    begun.add(1, ordering: .relaxed)
                } catch {
                    return answers.withLock { $0.refused.append(error) }
                }
            }
        }
        while begun.load(ordering: .relaxed) < 20 * (round + 1) { usleep(100) }
        try log.close()
        // From here on the folder is anybody's: a second writer opens it while threads of the first still try.
        let next = try open(folder)
        #expect(writers.wait(timeout: .now() + 60) == .success)
        let (taken, refused) = answers.withLock { $0 }
        #expect(refused == [LogError](repeating: .closed, count: 8))
        #expect(taken.sorted() == (0..<UInt64(taken.count)).map { $0 })
        #expect(next.published?.checkpoint.size == UInt64(taken.count))
        try next.close()
        #expect(LogVerifier(try TileReader(path: "\(folder.path)/log"), key: log.key).verify().holds)
    }

    @Test("shows a live reader at every moment a log that holds and only grows")
    func liveReader() throws {
        let folder = try Folder()
        var options = Self.options
        options.lag = 0.005
        let log = try Log(in: folder.open(), signer: Keys.log(), options: options)
        let isOver = Atomic(false)
        let failures = Mutex<[LogError]>([])
        let writers = threads(3) { writer in
            var number = 0
            while !isOver.load(ordering: .relaxed) {
                number += 1
                do throws(LogError) {
                    try log.append(
                        [Array("w\(writer) n\(number)".utf8)], until: number % 5 == 0 ? .published : .durable)
                } catch {
                    return failures.withLock { $0.append(error) }
                }
            }
        }
        defer {
            isOver.store(true, ordering: .relaxed)
            writers.wait()
            try? log.close()
        }
        let reader = try TileReader(path: "\(folder.path)/log")
        var seen: [(note: [UInt8], by: String)] = []
        var sizes: [UInt64] = []
        // As long as it takes: how soon the disk takes anything is the disk's affair.
        let deadline = ContinuousClock.now + .seconds(60)
        while sizes.count < 8, .now < deadline {
            let report = LogVerifier(reader, key: log.key).verify(against: seen)
            #expect(report.findings.isEmpty, "after \(sizes)")
            let signed = try #require(report.checkpoint)
            guard sizes.last != signed.checkpoint.size else { continue }
            sizes.append(signed.checkpoint.size)
            seen.append((signed.note.bytes, "reading \(sizes.count)"))
        }
        #expect(failures.withLock { $0 } == [])
        #expect(sizes.count == 8 && sizes == sizes.sorted(), "\(sizes)")
    }

    @Test("is locked against a second writer")
    func locked() throws {
        let folder = try Folder()
        let log = try open(folder)
        #expect(throws: LogError.locked) { try open(folder) }
        try log.close()
        try open(folder).close()
    }

    @Test("refuses an older copy of itself, by the head file and by a witness")
    func backwards() throws {
        let folder = try Folder()
        let log = try open(folder)
        _ = try log.append(entries(0..<300), until: .published)
        try log.close()
        try folder.copy("log", to: "old")
        let longer = try open(folder)
        let receipt = try longer.append(entries(300..<310), until: .published)
        try longer.close()
        try folder.remove("log")
        try folder.copy("old", to: "log")
        let seen = LogError.wentBackwards(size: 300, seen: 310, by: "the head file")
        #expect(throws: seen) { try open(folder) }
        let checkpoint = try #require(receipt.checkpoint).checkpoint
        #expect(throws: LogError.wentBackwards(size: 300, seen: 310, by: "the witness")) {
            try open(folder, witnessed: checkpoint, head: false)
        }
        // Nothing was changed by the refusal.
        try open(folder, head: false).close()
        try folder.remove("log")
        #expect(throws: LogError.wentBackwards(size: 0, seen: 310, by: "the head file")) { try open(folder) }
    }

    @Test("refuses to go on from another log of the same name")
    func fork() throws {
        let folder = try Folder()
        let log = try open(folder)
        let receipt = try log.append(entries(0..<10), until: .published)
        try log.close()
        let other = try open(folder, "other", head: false)
        _ = try other.append(entries(1..<31), until: .published)
        try other.close()
        let witnessed = try #require(receipt.checkpoint).checkpoint
        #expect(throws: LogError.inconsistent(size: 10, with: "the witness")) {
            try open(folder, "other", witnessed: witnessed, head: false)
        }
        let stranger = Checkpoint(origin: "other.example", size: 1, root: witnessed.root)
        #expect(throws: LogError.self) { try open(folder, witnessed: stranger) }
    }

    @Test("refuses tiles that do not give the checkpoint's root, and a checkpoint of another key")
    func wrongTiles() throws {
        let folder = try Folder()
        let log = try open(folder)
        _ = try log.append(entries(0..<300), until: .published)
        try log.close()
        var tile = try folder.read("log/tile/0/001.p/44")
        tile[7] ^= 1
        try folder.write(tile, as: "log/tile/0/001.p/44")
        #expect(throws: LogError.inconsistent(size: 300, with: "the published checkpoint")) { try open(folder) }
        tile[7] ^= 1
        try folder.write(tile, as: "log/tile/0/001.p/44")
        #expect(throws: LogError.self) { try open(folder, head: false, signer: Keys.log(seed: "another")) }
        try open(folder).close()
    }

    @Test("reads every acknowledged entry back from its journal, and refuses one in which it can't")
    func damagedJournal() throws {
        let folder = try Folder()
        do {
            // A log that nobody closes is what a crash leaves.
            var options = Self.options
            options.lag = 1000
            let log = try Log(in: folder.open(), signer: Keys.log(), options: options)
            for entry in entries(0..<5) { try log.append([entry]) }
        }
        try folder.copy("log", to: "torn")
        let name = "journal/" + String(repeating: "0", count: 20)
        var torn = try folder.read("torn/\(name)")
        for index in 0..<2048 { torn[4 * 4096 + 40 + index] = 0 }
        try folder.write(torn, as: "torn/\(name)")
        let cut = try open(folder, "torn", head: false)
        #expect(cut.published?.checkpoint.size == 4)
        try cut.close()

        try folder.copy("log", to: "damaged")
        var damaged = try folder.read("damaged/\(name)")
        damaged[2 * 4096 + 100] ^= 1
        try folder.write(damaged, as: "damaged/\(name)")
        #expect(throws: LogError.damaged("entry 2 of the journal can't be read, and there are entries after it")) {
            try open(folder, "damaged", head: false)
        }

        let whole = try open(folder, head: false)
        #expect(whole.published?.checkpoint.size == 5)
        #expect(whole.published?.checkpoint.root == PlainTree(entries: entries(0..<5)).root(5))
        try whole.close()
    }

    @Test("goes on without its signer, and catches up when it is back")
    func lostSigner() async throws {
        let folder = try Folder()
        let signer = FlakySigner(try Keys.log())
        let log = try open(folder, signer: signer)
        signer.fails.store(true, ordering: .relaxed)
        #expect(throws: LogError.signer("gone")) { try log.append([[1]], until: .published) }
        #expect(try log.append([[2]]).index == 1)
        signer.fails.store(false, ordering: .relaxed)
        let receipt = try log.append([[3]], until: .published)
        #expect(receipt.checkpoint?.checkpoint.root == PlainTree(entries: [[1], [2], [3]]).root(3))
        try log.close()
        #expect(LogVerifier(try TileReader(path: "\(folder.path)/log"), key: signer.key).verify().holds)
    }

    @Test("refuses entries when its signer stays away, and takes them when it is back")
    func absentSigner() async throws {
        let folder = try Folder()
        let signer = FlakySigner(try Keys.log())
        var options = Self.options
        options.journalFileSize = 64 << 10
        options.journalFileLimit = 2
        options.lag = 0.01
        let log = try Log(in: folder.open(), signer: signer, options: options)
        signer.fails.store(true, ordering: .relaxed)
        var count = 0
        var refusal: LogError?
        while refusal == nil, count < 1000 {
            do throws(LogError) {
                try log.append([Array("entry \(count)".utf8)], until: count % 20 == 19 ? .published : .durable)
            } catch { if count % 20 != 19 { refusal = error } }
            count += 1
        }
        #expect(refusal == .signer("gone"))
        signer.fails.store(false, ordering: .relaxed)
        for _ in 0..<400 where log.published?.checkpoint.size == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try log.append([[1]], until: .published).index == UInt64(count - 1))
        try log.close()
        #expect(LogVerifier(try TileReader(path: "\(folder.path)/log"), key: signer.key).verify().holds)
    }

    @Test("refuses an entry that is too large, and what no journal file holds")
    func tooLarge() throws {
        let folder = try Folder()
        let log = try open(folder)
        #expect(throws: LogError.entryTooLarge(65_536)) { try log.append([[UInt8](repeating: 0, count: 65_536)]) }
        let large = [UInt8](repeating: 1, count: 65_535)
        #expect(throws: LogError.self) { try log.append([large, large, large, large]) }
        for _ in 0..<6 { try log.append([large]) }
        try log.close()
        #expect(log.published?.checkpoint.size == 6)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/log/journal")
        #expect(names.filter { $0.count == 20 }.count == 1)
    }

    @Test("removes partial tiles when the full one is there, and keeps the others")
    func sweeps() throws {
        let folder = try Folder()
        let log = try open(folder)
        for end in [10, 100, 256, 300] {
            let size = Int(log.published?.checkpoint.size ?? 0)
            _ = try log.append(entries(size..<end), until: .published)
        }
        try log.close()
        #expect(!folder.exists("log/tile/0/000.p") && !folder.exists("log/tile/entries/000.p"))
        #expect(folder.exists("log/tile/0/001.p/44") && folder.exists("log/tile/1/000.p/1"))
    }
}

/// A signer that can be lost.
final class FlakySigner: NoteSigner {
    let fails = Atomic(false)
    private let signer: MemoryNoteSigner

    init(_ signer: MemoryNoteSigner) { self.signer = signer }

    var key: VerifierKey { signer.key }

    func sign(_ message: [UInt8]) throws(LogError) -> [UInt8] {
        if fails.load(ordering: .relaxed) { throw .signer("gone") }
        return try signer.sign(message)
    }
}
