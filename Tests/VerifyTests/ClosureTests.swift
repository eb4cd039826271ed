import Foundation
import Testing

/// `aibom-verify` runs on what strangers made: what is linked into it is all that they can reach.
@Suite("what a verifier is made of")
struct ClosureTests {
    private static let manifest: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)) ?? ""
    }()

    /// The names in a target's list of dependencies; products of other packages go by the constants of the manifest.
    private static func dependencies(of target: String) -> [String] {
        guard let start = manifest.range(of: "name: \"\(target)\","),
            let list = manifest.range(of: "dependencies: [", range: start.upperBound..<manifest.endIndex),
            let end = manifest.range(of: "]", range: list.upperBound..<manifest.endIndex),
            // A target without dependencies has none before the next target begins.
            manifest.range(of: "arget(", range: start.upperBound..<list.lowerBound) == nil
        else { return [] }
        return manifest[list.upperBound..<end.lowerBound].split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespacesAndNewlines.union(["\""]))
        }.filter { !$0.isEmpty }
    }

    private static func closure(of target: String) -> Set<String> {
        var found: Set<String> = []
        var open = [target]
        while let next = open.popLast() {
            for name in dependencies(of: next) where found.insert(name).inserted { open.append(name) }
        }
        return found
    }

    @Test("aibom-verify depends on nothing that signs, serves, stores or confines")
    func verifier() {
        // The detector: the command line that does all of that is seen to.
        #expect(
            Self.closure(of: "aibom").isSuperset(of: ["Signing", "Supervisor", "Sandbox", "JobStore", "httpClient"]))
        #expect(
            Self.closure(of: "aibom-verify") == [
                "VerifyCommandLine", "Verify", "Attest", "AuditLog", "Keys", "Measure", "Linux", "CSandbox", "JSON",
                "COpenSSL", "system", "arguments",
            ])
    }
}
