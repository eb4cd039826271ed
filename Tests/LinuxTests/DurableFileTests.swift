import Foundation
import Linux
import Testing

@Suite("durable files")
final class DurableFileTests {
    private let path = "/tmp/aibom-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    private func bytes(_ name: String) throws -> [UInt8] {
        try OwnedDescriptor.open("\(path)/\(name)", flags: 0).readAll(limit: 1000)
    }

    @Test("replace the old bytes and leave nothing beside them")
    func replace() throws {
        let folder = try OwnedDescriptor.directory(path)
        try DurableFile.publish([1], as: "key", in: folder, mode: 0o400)
        try DurableFile.publish([2, 3], as: "key", in: folder, mode: 0o400)
        #expect(try bytes("key") == [2, 3])
        #expect(try names() == ["key"])
        #expect(try OwnedDescriptor.open("\(path)/key", flags: 0).status().mode == 0o400)
    }

    @Test("sweep what a killed writer left")
    func sweep() throws {
        let folder = try OwnedDescriptor.directory(path)
        try Data([9, 9]).write(to: URL(fileURLWithPath: "\(path)/.key.new"))
        try DurableFile.publish([1], as: "key", in: folder)
        #expect(try names() == ["key"])
        #expect(try bytes("key") == [1])
    }

    @Test("never write through a link that stands in the way")
    func writeThroughNoLink() throws {
        let folder = try OwnedDescriptor.directory(path)
        try Data([7]).write(to: URL(fileURLWithPath: "\(path)/victim"))
        #expect(symlink("victim", "\(path)/.key.new") == 0)
        #expect(symlink("victim", "\(path)/key") == 0)
        try DurableFile.publish([1], as: "key", in: folder)
        #expect(try bytes("victim") == [7])
        #expect(try bytes("key") == [1])
    }

    @Test("keep the old bytes when the new ones can't take the name")
    func keepOld() throws {
        let folder = try OwnedDescriptor.directory(path)
        _ = try folder.directory("key")
        #expect(throws: LinuxError.self) { try DurableFile.publish([1], as: "key", in: folder) }
        #expect(try names() == ["key"])
    }

    @Test("a folder is made for its owner alone, and taken again")
    func makeFolder() throws {
        let folder = try OwnedDescriptor.directory(path)
        #expect(try folder.status().mode == 0o700)
        #expect(try OwnedDescriptor.directory(path).status().inode == folder.status().inode)
    }

    @Test("a folder is refused when others may write to it, or it is a link")
    func refuseFolder() throws {
        let folder = try OwnedDescriptor.directory(path)
        #expect(mkdir("\(path)/open", 0o700) == 0)
        #expect(chmod("\(path)/open", 0o722) == 0)
        #expect(throws: LinuxError.self) { _ = try folder.directory("open") }
        #expect(symlink("/tmp", "\(path)/link") == 0)
        #expect(throws: LinuxError.self) { _ = try folder.directory("link") }
    }
}
