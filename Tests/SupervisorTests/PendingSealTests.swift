import JSON
import Jobs
import Measure
import Testing

@testable import Supervisor

@Suite("a seal that was begun")
struct PendingSealTests {
    private static let artifacts = [
        Artifact(name: "trained_model.keras", role: .model, blob: Blob(digest: Digest.of([1]), size: 1)),
        Artifact(name: "logs.txt", role: .logs, blob: Blob(digest: Digest.of([]), size: 0)),
    ]
    private static let bill = Blob(digest: Digest.of([2, 3]), size: 2)
    private static let problem = Problem("exit", "The trainer failed", detail: "it exited", field: "f", remedy: "read")
    private static let statements = [Array(#"{"a":1}"#.utf8), Array(#"{"b":"\n"}"#.utf8)]

    static let seals = [
        PendingSeal(
            bill: bill, artifacts: artifacts, failure: nil,
            work: .toSign(statements: statements, model: Array("{}".utf8))),
        PendingSeal(bill: nil, artifacts: [], failure: problem, work: .toSign(statements: statements, model: nil)),
        PendingSeal(
            bill: bill, artifacts: artifacts, failure: problem,
            work: .signed(
                SignedSeal(artifacts: artifacts, time: Instant(milliseconds: 1), logSize: 7, isFailure: true))),
    ]

    @Test("is read back as it was written", arguments: seals)
    func roundTrip(seal: PendingSeal) throws {
        #expect(PendingSeal(bytes: seal.bytes) == seal)
    }

    @Test("holds all that is published", arguments: seals)
    func blobs(seal: PendingSeal) {
        #expect(seal.artifacts.allSatisfy { seal.blobs.contains($0.blob) })
        #expect(seal.bill.map(seal.blobs.contains) ?? true)
    }

    @Test("is refused when it was cut anywhere", arguments: seals)
    func cut(seal: PendingSeal) {
        for count in 0..<seal.bytes.count {
            #expect(PendingSeal(bytes: Array(seal.bytes[..<count])) == nil, "\(count)")
        }
        #expect(PendingSeal(bytes: seal.bytes + seal.bytes) == nil)
    }

    /// The record with one member of its first line changed.
    private func changed(_ seal: PendingSeal, _ member: String, to value: JSON?) throws -> [UInt8] {
        let lines = seal.bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
        var head = try #require(try JSON.parse(Array(lines[0]), limits: .document).objectValue)
        head[member] = value
        return JSON.object(head).compactBytes() + [UInt8(ascii: "\n")] + (lines.count > 1 ? Array(lines[1]) : [])
    }

    @Test("is refused when any part of it is damaged", arguments: ["bill", "artifacts", "statements"])
    func missing(part: String) throws {
        #expect(PendingSeal(bytes: try changed(Self.seals[0], "unknown", to: nil)) == Self.seals[0])
        let damages: [JSON] = ["x", [:], [1], [["name": "logs.txt"]], true, 0, 1, 9]
        for damaged in damages {
            let bytes = try changed(Self.seals[0], part, to: damaged)
            #expect(PendingSeal(bytes: bytes) == nil, "\(part) \(damaged)")
        }
    }

    /// A seal that fails must not be published as one that succeeds.
    @Test("is refused when its failure does not read", arguments: [JSON.string("x"), ["type": 1], [:], 0])
    func unreadableFailure(failure: JSON) throws {
        for seal in Self.seals { #expect(PendingSeal(bytes: try changed(seal, "failure", to: failure)) == nil) }
    }
}
