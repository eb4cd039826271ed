import Catalogue
import Foundation
import Policy
import Sandbox
import Testing

@Suite("Catalogue of policies")
struct PolicyTests {
    private let policies = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../policies")
    private var strict: URL { policies.appending(path: "strict.json") }

    @Test("the built-in policies are the files in policies/, byte for byte", arguments: ["strict", "gpu", "open"])
    func builtIn(_ name: String) throws {
        #expect(PolicyCatalogue.names == ["strict", "gpu", "open"])
        let file = Array(try Data(contentsOf: policies.appending(path: "\(name).json")))
        #expect(try PolicyCatalogue.policy(name).policy.source == file)
        #expect(try !PolicyCatalogue.check(name).hasErrors)
    }

    @Test("a profile that asks for the kernel's version is read for this one")
    func kernel() throws {
        let text = String(decoding: try Data(contentsOf: strict), as: UTF8.self).replacing(
            "\"syscalls\": [",
            with:
                "\"syscalls\": [{\"names\": [\"vhangup\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": \"4.8\"}},"
        )
        let file = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try PolicyCatalogue.policy(file.path).policy.seccomp.rules.first?.names == ["vhangup"])
        #expect(try PolicyCatalogue.check(file.path).findings == [])
    }

    @Test("a path with a / is a file's, and has the digest of that file")
    func file() throws {
        let read = try PolicyCatalogue.policy(strict.path)
        let builtIn = try PolicyCatalogue.policy("strict")
        #expect(read.digest == builtIn.digest)
        #expect(read.filterDigest == builtIn.filterDigest)
    }

    @Test("a name without a / is never a file's")
    func unknown() {
        #expect(throws: CatalogueError.unknownPolicy(name: "strict.json", known: ["strict", "gpu", "open"])) {
            try PolicyCatalogue.policy("strict.json")
        }
    }

    @Test("a file that is missing or no policy is told")
    func bad() throws {
        #expect(throws: CatalogueError.self) { try PolicyCatalogue.policy("/nonexistent/policy") }
        let error = #expect(throws: CatalogueError.self) { try PolicyCatalogue.policy("/dev/null") }
        guard case .badPolicy(let name, .syntax) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name == "/dev/null")
    }
}
