import Foundation
import GRDB
import Jobs
import Linux
import Measure
import Testing

@testable import JobStore

@Suite("tokens")
struct TokenTests {
    private static let start = Instant(milliseconds: 1_800_000_000_000)

    private func later(_ milliseconds: Int64) -> Instant {
        Instant(milliseconds: Self.start.milliseconds + milliseconds)
    }

    private func request(_ owner: String = "alice", expires: Instant? = nil) -> TokenRequest {
        TokenRequest(owner: owner, role: .submitter, expires: expires)
    }

    @Test("are found by their text, by no other, and again after a restart")
    func found() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let alice = try register.create(request(), by: "uid:0", at: Self.start)
        let bob = try register.create(request("bob"), by: "uid:0", at: Self.start)
        #expect(alice.text.revealed != bob.text.revealed)
        for register in [register, try TokenRegister(folder.jobs(), at: Self.start)] {
            #expect(register.token(alice.text, at: Self.start)?.owner == "alice")
            #expect(register.token(bob.text, at: Self.start)?.id == bob.token.id)
            #expect(register.token(TokenText(secret: Array(repeating: 0, count: 32)), at: Self.start) == nil)
            #expect(try register.list().map(\.maker) == ["uid:0", "uid:0"])
        }
    }

    @Test("end with the millisecond that they say, for requests and for what was begun")
    func expiry() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let new = try register.create(request(expires: later(1000)), by: "uid:0", at: Self.start)
        #expect(register.token(new.text, at: later(999)) != nil)
        #expect(register.isLive(new.token.id, at: later(999)))
        #expect(register.token(new.text, at: later(1000)) == nil)
        #expect(!register.isLive(new.token.id, at: later(1000)))
        #expect(try TokenRegister(folder.jobs(), at: later(1000)).token(new.text, at: later(1000)) == nil)
        #expect(try register.list().count == 1)
    }

    @Test("that are revoked work no more at once, nor after a restart, and keep the time of the first revocation")
    func revoked() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let new = try register.create(request(), by: "uid:0", at: Self.start)
        let other = try register.create(request(), by: "uid:0", at: Self.start)
        #expect(try register.revoke(new.token.id, at: later(5)).revoked == later(5))
        #expect(try register.revoke(new.token.id, at: later(9)).revoked == later(5))
        for register in [register, try TokenRegister(folder.jobs(), at: later(10))] {
            #expect(register.token(new.text, at: later(10)) == nil)
            #expect(!register.isLive(new.token.id, at: later(10)))
            #expect(register.token(other.text, at: later(10)) != nil)
        }
        let missing = TokenID(random: Array(repeating: 1, count: TokenID.bytes))
        #expect(throws: StoreError.noSuchToken(missing)) { try register.revoke(missing) }
    }

    @Test("let nobody in either when the revocation can't be written")
    func revokedUnwritten() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let new = try register.create(request(), by: "uid:0", at: Self.start)
        let rival = try DatabaseQueue(path: "\(folder.path)/jobs.sqlite")
        try rival.write { try $0.execute(sql: "DROP TABLE tokens") }
        #expect(throws: StoreError.self) { try register.revoke(new.token.id, at: later(1)) }
        #expect(register.token(new.text, at: later(1)) == nil)
    }

    @Test("say when they were last used, to the minute, and write it no oftener")
    func lastUse() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let new = try register.create(request(), by: "uid:0", at: Self.start)
        func lastUsed() throws -> Instant? { try register.list().first?.lastUsed }
        #expect(try lastUsed() == nil)
        for (use, seen) in [(Int64(1), Int64(1)), (59_000, 1), (60_000, 1), (60_001, 60_001), (60_002, 60_001)] {
            _ = register.token(new.text, at: later(use))
            #expect(try lastUsed() == later(seen), "\(use)")
        }
    }

    @Test("work while their use can't be recorded")
    func unrecordedUse() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let new = try register.create(request(), by: "uid:0", at: Self.start)
        let rival = try DatabaseQueue(path: "\(folder.path)/jobs.sqlite")
        try rival.write { try $0.execute(sql: "DROP TABLE tokens") }
        #expect(register.token(new.text, at: later(1)) != nil)
    }

    @Test("are made unasked once in the life of a service, for a week, and not when there was one before")
    func first() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let first = try #require(try register.first(at: Self.start))
        #expect((first.token.owner, first.token.role) == ("operator", .operator))
        #expect(first.token.expires == later(7 * 86_400_000))
        #expect(register.token(first.text, at: Self.start) != nil)
        #expect(try register.first(at: Self.start) == nil)
        try register.revoke(first.token.id, at: later(1))
        #expect(try TokenRegister(folder.jobs(), at: later(2)).first(at: later(2)) == nil)
    }

    @Test("are refused when as many as there may be can be used, and an ended one makes room")
    func limit() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), limit: 2, at: Self.start)
        _ = try register.create(request(expires: later(10)), by: "uid:0", at: Self.start)
        let second = try register.create(request(), by: "uid:0", at: Self.start)
        #expect(throws: StoreError.tooManyTokens(2)) { try register.create(request(), by: "uid:0", at: later(9)) }
        _ = try register.create(request(), by: "uid:0", at: later(10))
        #expect(throws: StoreError.tooManyTokens(2)) { try register.create(request(), by: "uid:0", at: later(10)) }
        try register.revoke(second.token.id, at: later(11))
        _ = try register.create(request(), by: "uid:0", at: later(11))
    }

    @Test("leave their text nowhere on the disk")
    func secrecy() throws {
        let folder = try Folder()
        let register = try TokenRegister(folder.jobs(), at: Self.start)
        let new = try register.create(request("alice-of-the-test"), by: "uid:0", at: Self.start)
        let (secret, owner) = (new.text.revealed.dropFirst("aibom_".count), "alice-of-the-test")
        var hasOwner = false
        for name in try folder.files() {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
            if bytes.range(of: Data(owner.utf8)) != nil { hasOwner = true }
        }
        // The search can see what is there.
        #expect(hasOwner)
    }

    @Test("come to a database of the version before, and leave its jobs alone")
    func migration() throws {
        let folder = try Folder()
        let path = "\(folder.path)/jobs.sqlite"
        let job = try folder.jobs().accept(newJob()).job
        let before = try DatabaseQueue(path: path)
        try before.write { database in
            try database.execute(sql: "DROP TABLE tokens; DELETE FROM grdb_migrations WHERE identifier = 'tokens'")
        }
        try before.close()
        let store = try folder.jobs()
        #expect(try store.job(job.id).id == job.id)
        #expect(try TokenRegister(store).list().isEmpty)
    }
}
