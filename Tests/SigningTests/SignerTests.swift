import Foundation
import Glibc
import Isolation
import Keys
import Linux
import Testing

@testable import Signing

/// The real `aibom-signer`, beside the test bundle where SwiftPM builds it.
@Suite("Signer process", .serialized)
struct SignerTests {
    static let executable =
        Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        .map { $0.appending(path: "aibom-signer").path }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "aibom-signer").path

    private func client(_ folder: borrowing Folder) throws -> SignerClient {
        try SigningKey.generate(at: folder.file("key.pem"))
        return try SignerClient.spawn(executable: Self.executable, key: try KeyFile.open(folder.file("key.pem")))
    }

    @Test("signs all about a job at once, refuses anything else, and goes on")
    func signs() throws {
        let folder = try Folder()
        let client = try client(folder)
        let pid = client.processID
        for isCompleted in [true, false, true] {
            let job = TestJob(client.publicKey, isCompleted: isCompleted)
            let signatures = try client.seal(job.request)
            #expect(client.publicKey.verify(signature: try #require(signatures.bill), over: job.bill))
            #expect(signatures.statements.count == job.statements.count)
            for (signature, statement) in zip(signatures.statements, job.statements) {
                #expect(client.publicKey.verify(signature: signature, over: encoded(statement)))
            }
            #expect((signatures.model != nil) == isCompleted)
            // Refused in the middle of a job: the next one is not held up, and neither is the process.
            var twice = job.request
            twice.statements.append(job.claims)
            #expect(throws: SigningError.self) { try client.seal(twice) }
            #expect(throws: SigningError.self) { try client.seal(SealRequest(bill: Array("{}".utf8))) }
            let failure = try client.seal(SealRequest(bill: nil, statements: [job.unbilledFailure]))
            #expect(
                client.publicKey.verify(signature: failure.statements[0], over: encoded(job.unbilledFailure)))
            #expect(failure.bill == nil && failure.model == nil)
            #expect(throws: SigningError.self) { try client.seal(SealRequest(bill: nil, statements: [])) }
            #expect(throws: SigningError.self) {
                try client.seal(SealRequest(bill: nil, statements: [job.unbilledFailure], model: job.modelStatement))
            }
        }
        #expect(client.processID == pid)
    }

    @Test("signs a document of megabytes inside its lockdown")
    func large() throws {
        let folder = try Folder()
        let client = try client(folder)
        let padding = "\"services\":[" + Array(repeating: "{\"name\":\"x\"}", count: 200_000).joined(separator: ",")
        let bill = try changed(TestJob(client.publicKey).bill, "\"version\":1,", "\"version\":1,\(padding)],")
        let signature = try client.seal(SealRequest(bill: bill)).bill
        #expect(client.publicKey.verify(signature: try #require(signature), over: bill))
        #expect(throws: SigningError.self) {
            try client.seal(SealRequest(bill: [UInt8](repeating: 0x20, count: 8 << 20 + 1)))
        }
        _ = try client.seal(TestJob(client.publicKey).request)
    }

    @Test("is locked down before it answers", .enabled(if: geteuid() == 0 || TestsMustRun.isSet, "needs root"))
    func lockdown() throws {
        let folder = try Folder()
        let client = try client(folder)
        let pid = try #require(client.processID)
        let status = try Proc(pid: pid).status()
        #expect(status["Seccomp"] == "2")
        #expect(status["NoNewPrivs"] == "1")
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] { #expect(status[set] == "0000000000000000") }
        #expect(status["Uid"] == "61007\t61007\t61007\t61007")
        #expect(status["Gid"] == "61007\t61007\t61007\t61007")
        #expect(status["Groups"] == "")
        #expect(status["Threads"] == "1")
        for name in ["net", "mnt", "ipc", "uts", "cgroup"] {
            #expect(try Proc(pid: pid).namespace(name) != Proc(pid: getpid()).namespace(name), "\(name)")
        }
        // Its root holds nothing, its memory is nobody else's, and its key file is closed.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/root/").isEmpty)
        #expect(try Proc(pid: pid).owner() == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").sorted() == ["0", "1", "2", "3"])
        let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
        for limit in ["Max core file size", "Max open files", "Max processes"] {
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix(limit) })
            #expect(line.dropFirst(limit.count).split(separator: " ").prefix(2) == ["0", "0"], "\(line)")
        }
    }

    @Test("gives up, under any user, what does not take root to give up")
    func withoutRoot() throws {
        let folder = try Folder()
        let client = try client(folder)
        let status = try Proc(pid: try #require(client.processID)).status()
        #expect(status["Seccomp"] == "2")
        #expect(status["NoNewPrivs"] == "1")
        #expect(status["Threads"] == "1")
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(status[set] == "0000000000000000") }
    }

    @Test("many ask at once, and each gets the signature of its own statement")
    func concurrent() async throws {
        let folder = try Folder()
        let client = try client(folder)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<32 {
                group.addTask {
                    var job = TestJob(client.publicKey)
                    job.id = "0198f3c2-7b1e-7c3a-9f00-0123456789\(index + 10)"
                    let signatures = try client.seal(job.request)
                    return zip(signatures.statements, job.statements).allSatisfy { signature, statement in
                        client.publicKey.verify(signature: signature, over: encoded(statement))
                    }
                }
            }
            for try await verified in group { #expect(verified) }
        }
    }

    @Test("the lockdown's detector sees a process that is not locked down")
    func detector() throws {
        let status = try Proc(pid: getpid()).status()
        #expect(status["Seccomp"] == "0" || status["NoNewPrivs"] == "0")
    }

    @Test(
        "garbage ends it",
        arguments: [
            [0, 0, 0, 0, 1], [0, 0, 0, 1, 9], [0xff, 0xff, 0xff, 0xff, 2], [0, 0, 0, 2, 1, 0], [0, 0, 0, 1, 2],
            [0, 0, 0, 9, 2, 0x7b],
        ] as [[UInt8]])
    func garbage(_ bytes: [UInt8]) throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        #expect(try ending(after: bytes, key: folder.file("key.pem")) == .exited(1))
    }

    @Test("it ends in peace when the supervisor goes")
    func peace() throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        #expect(try ending(after: [], key: folder.file("key.pem")) == .exited(0))
    }

    @Test("a key that is unfit is the client's error, in the signer's words")
    func unfit() throws {
        let folder = try Folder()
        try folder.write(Array("junk".utf8), to: "key.pem")
        chmod(folder.file("key.pem"), 0o600)
        let error = #expect(throws: SigningError.self) {
            try SignerClient.spawn(executable: Self.executable, key: try KeyFile.open(folder.file("key.pem")))
        }
        guard case .signerFailed(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("no PEM private key"))
    }

    @Test("a signer that was killed is an error once; the next question starts another with the same key")
    func respawn() throws {
        let folder = try Folder()
        let client = try client(folder)
        for _ in 0..<3 {
            kill(try #require(client.processID), SIGKILL)
            let job = TestJob(client.publicKey)
            let error = #expect(throws: SigningError.self) { try client.seal(job.request) }
            guard case .signerEnded = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(client.processID == nil)
            let signature = try client.seal(job.request).bill
            #expect(client.publicKey.verify(signature: try #require(signature), over: job.bill))
        }
    }

    @Test("no executable, no signer")
    func missing() throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        #expect(throws: SigningError.self) {
            try SignerClient.spawn(executable: folder.file("none"), key: try KeyFile.open(folder.file("key.pem")))
        }
    }

    @Test("started by hand, it says who starts it")
    func byHand() throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.executable)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
    }
}

/// How a signer ends that is sent `bytes`, and nothing after them, by somebody without the client's manners.
func ending(after bytes: [UInt8], key: String) throws -> Ending.Status {
    let pair = try SocketPair()
    let socket = try pair.ours.duplicate()
    let child = try Child.spawn(
        SignerTests.executable, arguments: ["aibom-signer", "documents"], third: pair.theirs,
        fourth: try KeyFile.open(key))
    try socket.send(bytes)
    shutdown(socket.raw, Int32(SHUT_WR))
    return try child.wait().status
}

/// What proc(5) says of a process.
struct Proc {
    let pid: Int32

    func status() throws -> [String: String] {
        let lines = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8).split(separator: "\n")
        let pairs = lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    func namespace(_ name: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/\(name)")
    }

    func owner() throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: "/proc/\(pid)/mem")[.ownerAccountID] as? NSNumber)?.intValue
    }
}
