import Catalogue
import Foundation
import Policy
import Sandbox
import Testing

@Suite("Catalogue of policies")
struct PolicyTests {
    private let strict = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../policies/strict.json")

    @Test("the built-in policy is the file in policies/, byte for byte")
    func builtIn() throws {
        #expect(PolicyCatalogue.names == ["strict"])
        #expect(try PolicyCatalogue.policy("strict").policy.source == Array(try Data(contentsOf: strict)))
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
        #expect(throws: CatalogueError.unknownPolicy(name: "strict.json", known: ["strict"])) {
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
