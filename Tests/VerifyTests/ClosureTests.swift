import Foundation
import PythonTesting
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
            Self.closure(of: "aibom").isSuperset(of: [
                "Signing", "Supervisor", "Sandbox", "Isolation", "JobStore", "httpClient",
            ]))
        #expect(
            Self.closure(of: "aibom-verify") == [
                "VerifyCommandLine", "Verify", "Attest", "AuditLog", "Keys", "Measure", "Linux", "CLinux", "JSON",
                "COpenSSL", "system", "arguments",
            ])
    }

    /// Module `Isolation` and the tape's player, as the compilers name them, and what a program asks of libc to start others, to
    /// talk to others, or to load code.
    private static let privileged =
        "\\$s9Isolation|cs_spawn|cs_replay| U (mount|clone|fork|posix_spawn|execv|socket|connect|bind|listen|dlopen|chroot)$"

    /// Which of them the linker wrote into a program that was built beside this test.
    private static func privileges(of program: String) throws -> Set<String> {
        let arguments = ProcessInfo.processInfo.arguments
        let files = (arguments.filter { $0.hasSuffix(".xctest") } + [arguments.first ?? ""]).map {
            URL(filePath: $0).deletingLastPathComponent().appending(path: program).path
        }
        let file = try #require(files.first { FileManager.default.isExecutableFile(atPath: $0) })
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-o", "pipefail", "-c", "nm \"$0\" | { grep -Eo '\(privileged)' || true; }", file]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return Set(text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    }

    @Test("nothing that forks, confines, mounts or connects is linked into aibom-verify")
    func symbols() async throws {
        // The detector: in the supervisor's command line it sees what each expression stands for.
        let all = try await waiting { try Self.privileges(of: "aibom") }
        #expect(
            all.isSuperset(of: ["$s9Isolation", "cs_spawn", "cs_replay", "U posix_spawn", "U connect", "U dlopen"]))
        #expect(try await waiting { try Self.privileges(of: "aibom-verify") } == [])
    }
}
