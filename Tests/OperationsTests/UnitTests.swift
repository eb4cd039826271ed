import Foundation
import Testing

/// The units as systemd reads them, where its tools are installed.
@Suite("The systemd units", .enabled("needs systemd-analyze") { await SystemdAnalyze.isThere })
struct UnitTests {
    private static let packaging = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../packaging/systemd").standardized.path

    /// A copy whose programs are there, for their place is looked at as well.
    private func copy() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.packaging) {
            let text = try String(contentsOfFile: "\(Self.packaging)/\(name)", encoding: .utf8)
            try folder.write(
                text.replacing(/\/usr\/bin\/aibom[-a-z]*/, with: "/bin/true"), as: name, mode: 0o644)
        }
        return folder
    }

    @Test("are understood without a remark")
    func verify() async throws {
        let folder = try copy()
        let units = ["aibomd.service", "aibom-gateway.service", "aibom-gateway.socket", "aibom-cosign.service"]
            .map(folder.path)
        let (status, text) = try await SystemdAnalyze.run(["verify"] + units)
        #expect(status == 0 && text.isEmpty, "\(text)")
    }

    @Test("that are wrong are found: the check can fail")
    func detector() async throws {
        let folder = try copy()
        let path = try folder.write("[Service]\nExecStart=/bin/true\nProtectSytem=strict\n", as: "wrong.service")
        let (_, text) = try await SystemdAnalyze.run(["verify", path])
        #expect(text.contains("ProtectSytem"))
    }

    @Test(
        "are as exposed as docs/operations.md says, and no more",
        arguments: [("aibomd", 7.5), ("aibom-gateway", 5.6), ("aibom-cosign", 1.3)])
    func exposure(_ unit: String, _ limit: Double) async throws {
        let folder = try copy()
        let (_, text) = try await SystemdAnalyze.run(["security", "--offline=true", folder.path("\(unit).service")])
        let words = text.split(separator: " ").map(String.init)
        let place = try #require(words.firstIndex(of: "\(unit).service:"), "\(text)")
        let score = try #require(Double(words[place + 1]))
        #expect(score <= limit)
    }

    @Test("set nothing that would forbid a job's sandbox or answer calls in its policy's place")
    func traps() throws {
        let text = try String(contentsOfFile: "\(Self.packaging)/aibomd.service", encoding: .utf8)
        let keys = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
            $0.split(separator: "=").first
        }
        let forbidden: [Substring] = [
            "ProtectKernelLogs", "ProtectKernelTunables", "ProtectKernelModules", "ProtectProc", "ProcSubset",
            "ProtectControlGroups", "ProtectHostname", "ProtectClock", "PrivateUsers", "PrivateDevices", "DevicePolicy",
            "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "RestrictAddressFamilies", "LockPersonality",
            "MemoryDenyWriteExecute", "SystemCallFilter", "SystemCallArchitectures",
        ]
        #expect(keys.count > 20)
        #expect(keys.filter(forbidden.contains).isEmpty)
    }
}

enum SystemdAnalyze {
    static var isThere: Bool {
        get async {
            // A machine that must run every test can't skip these.
            if ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1" { return true }
            return FileManager.default.isExecutableFile(atPath: path)
        }
    }

    private static let path = "/usr/bin/systemd-analyze"

    /// - Returns: the status, and what it printed to both streams.
    static func run(_ arguments: [String]) async throws -> (Int32, String) {
        let folder = try TemporaryFolder()
        try folder.write("", as: "out")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SYSTEMD_LOG_LEVEL": "warning"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: folder.path("out"))
        process.standardError = process.standardOutput
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        return (process.terminationStatus, try String(contentsOfFile: folder.path("out"), encoding: .utf8))
    }
}
