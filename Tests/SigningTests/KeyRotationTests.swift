import Foundation
import Glibc
import Keys
import Linux
import Measure
import Testing

@testable import Signing

@Suite("key rotation")
final class KeyRotationTests {
    private let folder: Folder
    private let first: PublicKey

    init() throws {
        folder = try Folder()
        chmod(folder.path, 0o700)
        first = try KeyFolder(state: folder.path).generate()
    }

    private var place: KeyFolder { KeyFolder(state: folder.path) }
    private func current() throws -> PublicKey {
        try SigningKey.load(try KeyFile.open(place.privateKey), path: "key").publicKey
    }
    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
    }

    @Test("the new key signs, the old one is kept, and both are in the history")
    func rotates() throws {
        let outcome = try KeyRotation(state: folder.path).rotate(reason: "yearly")
        let second = try current()
        #expect(outcome == .rotated(from: first, to: second))
        #expect(second != first)
        #expect(try folder.read("keys/documents.pub.pem") == Array(second.pem.utf8))
        #expect(try mode("keys/retired/\(first.keyID).pem") == 0o600)
        #expect(try mode("keys/documents.pem") == 0o600)
        let retired = folder.file("keys/retired/\(first.keyID).pem")
        #expect(try SigningKey.load(try KeyFile.open(retired), path: "retired").publicKey == first)
        let history = try place.history()
        #expect(history.keys == [first, second])
        try place.requireCurrent(second)
        #expect(throws: KeyRotationError.otherKey(found: first.keyID, current: second.keyID)) {
            try place.requireCurrent(first)
        }
        #expect(history.judge(first.keyID, at: Instant(milliseconds: 0), trusting: second.keyID) == .trusted)
        _ = try KeyRotation(state: folder.path).rotate(reason: "again", .p384)
        #expect(try place.history().keys.count == 3)
        #expect(try current().algorithm == .p384)
    }

    @Test("a key that is to be destroyed is overwritten and not kept")
    func destroys() throws {
        try FileManager.default.linkItem(atPath: folder.file("keys/documents.pem"), toPath: folder.file("witness"))
        _ = try KeyRotation(state: folder.path).rotate(reason: "stolen", destroys: true)
        #expect(try folder.read("witness").allSatisfy { $0 == 0 })
        #expect(!FileManager.default.fileExists(atPath: folder.file("keys/retired")))
        #expect(try current() == place.history().current)
    }

    @Test(
        "killed after any step, it leaves one key that signs, and the next run comes to the end",
        arguments: KeyRotation.Step.allCases)
    func killed(_ step: KeyRotation.Step) throws {
        let error = KeyRotationError.inUse("killed")
        #expect(throws: error) {
            try KeyRotation(state: folder.path) { done throws(KeyRotationError) in
                if done == step { throw error }
            }.rotate(reason: "yearly")
        }
        let left = try current()
        let isRecorded = try place.history().keys.count == 2
        // Before the record the old key is in use; after it, it is refused until the new one has its place.
        if !isRecorded || step == .replaced || step == .published {
            try place.requireCurrent(left)
        } else {
            #expect(left == first)
            #expect(throws: KeyRotationError.self) { try place.requireCurrent(left) }
        }
        let outcome = try KeyRotation(state: folder.path).rotate(reason: "yearly")
        let now = try current()
        #expect(try place.history().current == now)
        #expect(try folder.read("keys/documents.pub.pem") == Array(now.pem.utf8))
        switch step {
        case .begun, .made: #expect(outcome == .rotated(from: first, to: now))
        case .recorded, .kept, .replaced: #expect(outcome == .completed(now))
        case .published: #expect(try place.history().keys.count == 3)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("keys/documents.next.pem")))
        #expect(FileManager.default.fileExists(atPath: folder.file("keys/retired/\(first.keyID).pem")))
    }

    @Test("the key in use revokes any key, and a key that is not known is refused")
    func revokes() throws {
        _ = try KeyRotation(state: folder.path).rotate(reason: "yearly")
        let since = Instant(milliseconds: 1_000_000)
        try KeyRotation(state: folder.path).revoke(first.keyID, since: since, reason: "stolen")
        let judgement = try place.history().judge(
            first.keyID, at: since, trusting: try current().keyID)
        #expect(judgement == .revoked(since: since, reason: "stolen"))
        let unknown = Digest.of([]).hex
        #expect(throws: KeyRotationError.record(.unknownKey(unknown))) {
            try KeyRotation(state: folder.path).revoke(unknown, since: since, reason: "x")
        }
        #expect(throws: KeyRotationError.record(.field("reason"))) {
            try KeyRotation(state: folder.path).revoke(first.keyID, since: since, reason: "")
        }
        #expect(try place.history().entries.count == 3)
    }

    @Test("not while a supervisor has the state folder, and not two at once")
    func inUse() throws {
        let state = try OwnedDescriptor.directory(folder.path)
        #expect(try state.lockFolder())
        #expect(throws: KeyRotationError.self) { try KeyRotation(state: folder.path).rotate(reason: "x") }
        #expect(try place.history().entries.isEmpty)
        state.unlockFolder()
        let one = try KeyRotation(state: folder.path)
        #expect(throws: KeyRotationError.inUse(folder.path)) { _ = try KeyRotation(state: folder.path) }
        _ = try one.rotate(reason: "x")
    }

    @Test("not while something is begun that names the old key")
    func unfinished() throws {
        try FileManager.default.createDirectory(atPath: folder.file("work"), withIntermediateDirectories: false)
        try folder.write([], to: "work/0198f3c2-7b1e-7c3a-9f00-0123456789ab.log")
        try folder.write([], to: "work/0198f3c2-7b1e-7c3a-9f00-0123456789ab.seal")
        #expect(throws: KeyRotationError.unfinishedSeals(1)) {
            try KeyRotation(state: folder.path).rotate(reason: "x")
        }
        #expect(try place.history().entries.isEmpty)
        try FileManager.default.removeItem(atPath: folder.file("work/0198f3c2-7b1e-7c3a-9f00-0123456789ab.seal"))
        _ = try KeyRotation(state: folder.path).rotate(reason: "x")
    }

    @Test("a history that was tampered with, and a key that it does not know, rotate nothing")
    func tampered() throws {
        _ = try KeyRotation(state: folder.path).rotate(reason: "yearly")
        let good = try folder.read("keys/history.jsonl")
        var bad = good
        bad[40] ^= 1
        try folder.write(bad, to: "keys/history.jsonl")
        #expect(throws: KeyRotationError.self) { try KeyRotation(state: folder.path).rotate(reason: "x") }
        try folder.write(good, to: "keys/history.jsonl")
        try FileManager.default.removeItem(atPath: place.privateKey)
        try SigningKey.generate(at: place.privateKey)
        let foreign = try current().keyID
        #expect(throws: KeyRotationError.otherKey(found: foreign, current: try place.history().current?.keyID ?? "")) {
            try KeyRotation(state: folder.path).rotate(reason: "x")
        }
    }
}
