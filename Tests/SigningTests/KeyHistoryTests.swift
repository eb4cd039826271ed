import JSON
import Keys
import Measure
import Testing

@testable import Signing

/// A history as it is made record by record, also one that nobody honest would make.
private struct Chronicle {
    var lines: [[UInt8]] = []

    var bytes: [UInt8] { lines.flatMap { $0 + [0x0a] } }

    mutating func add(
        _ event: KeyRecord.Event, at seconds: Int64, sequence: Int? = nil, after previous: Digest?? = nil,
        by signers: Pair
    ) throws {
        let record = KeyRecord(
            sequence: sequence ?? lines.count, previous: previous ?? lines.last.map(Digest.of),
            time: Instant(milliseconds: seconds * 1000), event: event)
        lines.append(SignedKeyRecord(record, try signers.sign(record.message)).line)
    }
}

/// One signer or two.
private struct Pair {
    let sign: ([UInt8]) throws -> [SignedKeyRecord.Signature]
}

@Suite("key history")
struct KeyHistoryTests {
    /// Three keys, made once.
    private final class Keyring: Sendable {
        let keys: [Key] = (0..<3).map { _ in Key() }
        final class Key: @unchecked Sendable {
            let key: SigningKey
            init() { do { key = try SigningKey.generate() } catch { fatalError("\(error)") } }
            var id: String { key.publicKey.keyID }
            var pub: PublicKey { key.publicKey }
        }
    }
    private let ring = Keyring()
    private func key(_ index: Int) -> Keyring.Key { ring.keys[index] }

    private func by(_ indices: Int...) -> Pair {
        let keys = indices.map { ring.keys[$0] }
        return Pair { message in try keys.map { .init(key: $0.id, bytes: try $0.key.sign(message)) } }
    }

    /// Begun at 0 with key 0, handed over to 1 at 100 and to 2 at 200.
    private func chronicle() throws -> Chronicle {
        var chronicle = Chronicle()
        try chronicle.add(.begun(key(0).pub), at: 0, by: by(0))
        try chronicle.add(.rotated(from: key(0).id, to: key(1).pub, reason: "yearly"), at: 100, by: by(0, 1))
        try chronicle.add(.rotated(from: key(1).id, to: key(2).pub, reason: "yearly"), at: 200, by: by(1, 2))
        return chronicle
    }

    private func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

    @Test("judges a key by its time, from whichever key is trusted")
    func judges() throws {
        let history = try KeyHistory(try chronicle().bytes)
        #expect(history.current == key(2).pub)
        for trusted in 0..<3 {
            let judge = { (index: Int, time: Int64) in
                history.judge(key(index).id, at: at(time), trusting: key(trusted).id)
            }
            #expect(judge(0, 50) == .trusted)
            #expect(judge(0, 101) == .retired(at: at(100)))
            #expect(judge(1, 99) == .notYet(since: at(100)))
            #expect(judge(1, 150) == .trusted)
            #expect(judge(2, 1_000_000) == .trusted)
        }
        let stranger = try SigningKey.generate().publicKey.keyID
        #expect(history.judge(stranger, at: at(1), trusting: key(0).id) == .unknown)
        #expect(history.judge(key(0).id, at: at(1), trusting: stranger) == .unconnected)
        #expect(try KeyHistory([]).judge(key(0).id, at: at(1), trusting: key(0).id) == .unconnected)
    }

    @Test("a revoked key is not believed from then on, and vouches for no successor")
    func revoked() throws {
        var chronicle = try chronicle()
        try chronicle.add(.revoked(key: key(1).id, since: at(180), reason: "stolen"), at: 300, by: by(2))
        var history = try KeyHistory(chronicle.bytes)
        let broken = KeyJudgement.brokenChain(by: key(1).id, since: at(180))
        #expect(history.judge(key(1).id, at: at(179), trusting: key(0).id) == .trusted)
        #expect(
            history.judge(key(1).id, at: at(180), trusting: key(0).id) == .revoked(since: at(180), reason: "stolen"))
        #expect(history.judge(key(2).id, at: at(250), trusting: key(0).id) == broken)
        #expect(history.judge(key(2).id, at: at(250), trusting: key(1).id) == broken)
        // Who got the new key by another way needs nobody to vouch for it, and takes its word for the old ones.
        #expect(history.judge(key(2).id, at: at(250), trusting: key(2).id) == .trusted)
        #expect(history.judge(key(0).id, at: at(50), trusting: key(2).id) == .trusted)
        // The record that goes furthest back holds.
        try chronicle.add(.revoked(key: key(1).id, since: at(120), reason: "earlier"), at: 400, by: by(2))
        try chronicle.add(.revoked(key: key(1).id, since: at(190), reason: "later"), at: 500, by: by(2))
        history = try KeyHistory(chronicle.bytes)
        #expect(
            history.judge(key(1).id, at: at(130), trusting: key(2).id) == .revoked(since: at(120), reason: "earlier"))
        // One that was stolen before it took over vouches for nothing that was before it.
        try chronicle.add(.revoked(key: key(2).id, since: at(200), reason: "too"), at: 600, by: by(2))
        history = try KeyHistory(chronicle.bytes)
        #expect(
            history.judge(key(0).id, at: at(50), trusting: key(2).id) == .brokenChain(by: key(2).id, since: at(200)))
        #expect(history.judge(key(0).id, at: at(50), trusting: key(0).id) == .trusted)
    }

    private func fault(_ bytes: [UInt8]) -> KeyHistoryError? {
        #expect(throws: KeyHistoryError.self) { try KeyHistory(bytes) }
    }

    @Test("lines taken out, doubled, swapped or cut are refused")
    func lines() throws {
        let lines = try chronicle().lines
        let join: ([Int]) -> [UInt8] = { chosen in chosen.flatMap { lines[$0] + [0x0a] } }
        _ = try KeyHistory(join([0, 1]))  // a shorter one is a history, too: only its head tells
        #expect(fault(join([1, 2])) == KeyHistoryError(line: 1, .sequence(expected: 0, found: 1)))
        #expect(fault(join([0, 2])) == KeyHistoryError(line: 2, .sequence(expected: 1, found: 2)))
        #expect(fault(join([0, 1, 1])) == KeyHistoryError(line: 3, .sequence(expected: 2, found: 1)))
        #expect(fault(join([0, 2, 1])) == KeyHistoryError(line: 2, .sequence(expected: 1, found: 2)))
        #expect(fault(join([0, 1, 2]).dropLast()) == KeyHistoryError(line: 3, .cutOff))
        #expect(fault(join([0, 1]) + [0x0a]) != nil)
        #expect(fault([0x0a]) != nil)
        #expect(fault([UInt8](repeating: 0x0a, count: KeyHistory.sizeLimit + 1))?.fault == .tooLarge(limit: 1 << 20))
    }

    @Test("a change of any byte is noticed")
    func bytes() throws {
        let bytes = try chronicle().bytes
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[index] ^= 1
            _ = fault(changed)
        }
    }

    @Test("another spelling of the same record is refused")
    func spelling() throws {
        let text = String(decoding: try chronicle().bytes, as: UTF8.self)
        for (old, new) in [("{\"record\"", "{ \"record\""), ("\"sequence\":0", "\"sequence\":0,\"x\":1")] {
            #expect(fault(Array(text.replacing(old, with: new, maxReplacements: 1).utf8)) == .init(line: 1, .form))
        }
    }

    @Test("a fork and a record out of its time are refused")
    func fork() throws {
        var chronicle = try chronicle()
        let before = Digest.of(chronicle.lines[1])
        try chronicle.add(
            .revoked(key: key(0).id, since: at(0), reason: "x"), at: 300, after: .some(before), by: by(2))
        #expect(fault(chronicle.bytes) == KeyHistoryError(line: 4, .previous))
        chronicle.lines.removeLast()
        try chronicle.add(.revoked(key: key(0).id, since: at(0), reason: "x"), at: 199, by: by(2))
        #expect(fault(chronicle.bytes) == KeyHistoryError(line: 4, .time))
        chronicle.lines.removeLast()
        try chronicle.add(.revoked(key: key(0).id, since: at(301), reason: "x"), at: 300, by: by(2))
        #expect(fault(chronicle.bytes) == KeyHistoryError(line: 4, .since))
    }

    @Test("a hand-over takes both keys, of which one is in use and one is new")
    func handOver() throws {
        let event = KeyRecord.Event.rotated(from: key(0).id, to: key(1).pub, reason: "x")
        for (signers, expected) in [
            (by(0), KeyHistoryFault.signers), (by(1), .signers), (by(1, 0), .signers), (by(0, 2), .signers),
        ] as [(Pair, KeyHistoryFault)] {
            var chronicle = Chronicle()
            try chronicle.add(.begun(key(0).pub), at: 0, by: by(0))
            try chronicle.add(event, at: 1, by: signers)
            #expect(fault(chronicle.bytes) == KeyHistoryError(line: 2, expected))
        }
    }

    @Test("a record by a key that may not make it is refused by its reason")
    func notAllowed() throws {
        let cases: [(KeyRecord.Event, [Int], KeyHistoryFault)] = [
            (.rotated(from: key(1).id, to: key(0).pub, reason: "x"), [1, 0], .notCurrent(key(1).id)),
            (.rotated(from: key(2).id, to: key(0).pub, reason: "x"), [2, 0], .usedBefore(key(0).id)),
            (.rotated(from: key(2).id, to: key(2).pub, reason: "x"), [2, 2], .usedBefore(key(2).id)),
            (.begun(key(2).pub), [2], .begunTwice),
            (.revoked(key: key(0).id, since: at(0), reason: "x"), [1], .signers),
            (.revoked(key: Digest.of([]).hex, since: at(0), reason: "x"), [2], .unknownKey(Digest.of([]).hex)),
            (.revoked(key: key(0).id, since: at(0), reason: ""), [2], .field("reason")),
        ]
        for (event, signers, expected) in cases {
            var chronicle = try chronicle()
            let keys = signers.map { ring.keys[$0] }
            try chronicle.add(
                event, at: 300,
                by: Pair { message in try keys.map { .init(key: $0.id, bytes: try $0.key.sign(message)) } })
            #expect(fault(chronicle.bytes) == KeyHistoryError(line: 4, expected))
        }
        var first = Chronicle()
        try first.add(.revoked(key: key(0).id, since: at(0), reason: "x"), at: 0, by: by(0))
        #expect(fault(first.bytes) == KeyHistoryError(line: 1, .notBegun))
    }

    @Test("a signature under a known name by another key is refused")
    func signature() throws {
        var chronicle = Chronicle()
        let (claimed, real) = (key(0), key(1))
        try chronicle.add(
            .begun(claimed.pub), at: 0, by: Pair { [.init(key: claimed.id, bytes: try real.key.sign($0))] })
        #expect(fault(chronicle.bytes) == KeyHistoryError(line: 1, .signature(claimed.id)))
    }
}
