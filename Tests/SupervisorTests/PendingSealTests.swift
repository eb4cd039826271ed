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

    private static let document = Blob(digest: Digest.of([2, 3]), size: 2)

    static let seals = [
        PendingSeal(document: document, artifacts: artifacts, failure: nil),
        PendingSeal(
            document: document, artifacts: [],
            failure: Problem("exit", "The trainer failed", detail: "it exited", field: "f", remedy: "read")),
    ]

    @Test("is read back as it was written", arguments: seals)
    func roundTrip(seal: PendingSeal) throws {
        #expect(PendingSeal(json: try JSON.parse(seal.json.compactBytes(), limits: .document)) == seal)
    }

    @Test("is refused when any part of it is damaged", arguments: ["document", "artifacts"])
    func missing(part: String) throws {
        let whole = try #require(Self.seals[0].json.objectValue)
        let damages: [JSON] = [nil, "x", [:], [1], [["name": "logs.txt"]]]
        for damaged in damages {
            var object = whole
            object[part] = damaged
            #expect(PendingSeal(json: .object(object)) == nil, "\(damaged)")
        }
    }

    /// A seal that fails must not be published as one that succeeds.
    @Test("is refused when its failure does not read", arguments: [JSON.string("x"), ["type": 1], [:], 0])
    func unreadableFailure(failure: JSON) throws {
        var object = try #require(Self.seals[1].json.objectValue)
        object["failure"] = failure
        #expect(PendingSeal(json: .object(object)) == nil)
    }
}
