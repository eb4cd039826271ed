import Foundation
import Testing

@testable import Signing

@Suite("link secrets")
struct LinkSecretTests {
    @Test("are made once, root's alone, and new when they were taken away")
    func made() throws {
        let folder = try Folder()
        let (state, path) = (folder.path, folder.file("keys/links.key"))
        let first = try KeyFolder(state: state).linkSecret()
        #expect(first.count == 32)
        #expect(try KeyFolder(state: state).linkSecret() == first)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(state)/keys") == ["links.key"])
        try FileManager.default.removeItem(atPath: path)
        #expect(try KeyFolder(state: state).linkSecret() != first)
    }

    @Test("that others may have read, or that are cut, are refused and not replaced")
    func refused() throws {
        let folder = try Folder()
        let (state, path) = (folder.path, folder.file("keys/links.key"))
        _ = try KeyFolder(state: state).linkSecret()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: SigningError.key(path: path, .mode(0o644))) { try KeyFolder(state: state).linkSecret() }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        for count in [0, 31, 33] {
            try Data(repeating: 1, count: count).write(to: URL(fileURLWithPath: path))
            #expect(throws: SigningError.key(path: path, .length(count))) { try KeyFolder(state: state).linkSecret() }
        }
    }
}
