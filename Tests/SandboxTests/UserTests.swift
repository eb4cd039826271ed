import Foundation
import Sandbox
import Testing

@Suite("Host uids of jobs")
final class UserTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "users-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: file) }

    @Test("lie above every account and below what the kernel keeps for nobody")
    func range() {
        #expect(HostUser.range.lowerBound > 1_879_048_191)
        #expect(HostUser.range.upperBound <= 2_147_483_647)
    }

    @Test("are never shared: one that is held is passed over, one that was let go is free again")
    func exclusive() throws {
        let first = try HostUser.reserve(in: file, from: 5)
        #expect(first.id == HostUser.range.lowerBound + 5)
        do {
            let second = try HostUser.reserve(in: file, from: 5)
            #expect(second.id == first.id + 1)
        }
        #expect(try HostUser.reserve(in: file, from: 6).id == first.id + 1)
    }

    @Test("begin again at the range's start after its end")
    func wraps() throws {
        let last = try HostUser.reserve(in: file, from: UInt32(HostUser.range.count) - 1)
        #expect(last.id == HostUser.range.upperBound - 1)
        #expect(try HostUser.reserve(in: file, from: UInt32(HostUser.range.count) - 1).id == HostUser.range.lowerBound)
    }

    @Test("a file of uids that is a link is not followed")
    func link() throws {
        #expect(symlink("/etc/passwd", file) == 0)
        #expect(throws: SandboxError.self) { _ = try HostUser.reserve(in: self.file, from: 0) }
    }
}
