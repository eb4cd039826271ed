import CLinux
import Foundation
import Glibc
import Isolation
import Keys
import Linux
import Testing

@testable import Signing

/// A peer that has taken over the supervisor's end of the socket, and neighbours that want the key.
@Suite("A hostile supervisor", .serialized)
struct HostileTests {
    private func frames(_ frames: [(Verb, [UInt8])]) -> [UInt8] {
        frames.flatMap { Frame(kind: $0.0.rawValue, payload: $0.1).bytes }
    }

    @Test("asks for a verb in the wrong state, and has no signer any more")
    func states() throws {
        let folder = try Folder()
        let job = TestJob(try SigningKey.generate(at: folder.file("key.pem")))
        let conversations: [[(Verb, [UInt8])]] = [
            [(.signBill, job.bill)], [(.signFailure, job.unbilledFailure)],
            [(.publicKey, []), (.publicKey, [])], [(.publicKey, []), (.signStatement, job.provenance)],
            [(.publicKey, []), (.signModel, job.modelStatement)], [(.publicKey, []), (.endJob, [])],
            [(.publicKey, []), (.signCheckpoint, [])], [(.publicKey, []), (.cosign, [])],
            [(.publicKey, []), (.signBill, job.bill), (.signBill, job.bill)],
            [(.publicKey, []), (.signBill, job.bill), (.signFailure, job.unbilledFailure)],
            [(.publicKey, []), (.signBill, job.bill), (.endJob, []), (.signStatement, job.provenance)],
        ]
        for conversation in conversations {
            // Up to the last verb it is an honest conversation, after which a signer ends in peace.
            #expect(try ending(after: frames(conversation.dropLast()), key: folder.file("key.pem")) == .exited(0))
            #expect(try ending(after: frames(conversation), key: folder.file("key.pem")) == .exited(1))
        }
    }

    @Test("sends a length that no verb has, half a frame, or a flood")
    func lengths() throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        let introduction = frames([(.publicKey, [])])
        let tooLarge = UInt32(8 << 20 + 2)
        let header = [
            UInt8(tooLarge >> 24), UInt8(tooLarge >> 16 & 255), UInt8(tooLarge >> 8 & 255), UInt8(tooLarge & 255),
        ]
        for bytes in [
            introduction + header + [Verb.signBill.rawValue], introduction + header + [Verb.signStatement.rawValue],
            introduction + [0, 0, 0], introduction + [0, 0, 0, 5, Verb.signBill.rawValue, 0x7b],
            introduction + [0, 0, 0, 0, 2],
        ] {
            #expect(try ending(after: bytes, key: folder.file("key.pem")) == .exited(1))
        }
    }

    @Test("sends documents that were made to hurt a parser, and is refused each, by a signer that lives")
    func documents() throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        let client = try SignerClient.spawn(
            executable: SignerTests.executable, key: try KeyFile.open(folder.file("key.pem")))
        let pid = client.processID
        let mebibyte = 1 << 20
        for bytes in [
            [UInt8](repeating: UInt8(ascii: "["), count: 8 * mebibyte), [UInt8](repeating: 0xff, count: 8 * mebibyte),
            Array("\"".utf8) + [UInt8](repeating: UInt8(ascii: "\\"), count: mebibyte), [UInt8](repeating: 0, count: 1),
            Array("[".utf8) + Array(repeating: Array("0,".utf8), count: 2 * mebibyte).flatMap { $0 } + Array("0]".utf8),
            Array("{".utf8) + (0..<200_000).flatMap { Array("\"\($0)\":0,".utf8) } + Array("\"0\":0}".utf8),
            Array("1e".utf8) + [UInt8](repeating: UInt8(ascii: "9"), count: mebibyte),
        ] {
            for request in [SealRequest(bill: bytes), SealRequest(bill: nil, statements: [bytes])] {
                let error = #expect(throws: SigningError.self) { try client.seal(request) }
                guard case .signerRefused = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
        }
        #expect(client.processID == pid)
        _ = try client.seal(TestJob(client.publicKey).request)
    }

    /// Asked as another user than root: root may read any memory, and is whom all of this is run by.
    @Test(
        "has a user that shares the signer's, and cannot read its memory or trace it",
        .enabled(if: geteuid() == 0 || TestsMustRun.isSet, "needs root"))
    func memory() async throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        let client = try SignerClient.spawn(
            executable: SignerTests.executable, key: try KeyFile.open(folder.file("key.pem")))
        let pid = try #require(client.processID)
        #expect(neighbour(reads: pid) == [EACCES, EPERM, EACCES])
        // The detector: the same neighbour reads a process of that user that has not forbidden it.
        let other = dumpableChild()
        defer {
            kill(other, SIGKILL)
            waitpid(other, nil, 0)
        }
        #expect(neighbour(reads: other) == [0, 0, 0])
    }

    @Test("finds its pages locked", .enabled(if: geteuid() == 0 || TestsMustRun.isSet, "needs root"))
    func locked() throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("key.pem"))
        let client = try SignerClient.spawn(
            executable: SignerTests.executable, key: try KeyFile.open(folder.file("key.pem")))
        let locked = try Proc(pid: try #require(client.processID)).status()["VmLck"]
        let kibibytes = try #require(locked?.split(separator: " ").first.flatMap { Int($0) })
        #expect(kibibytes > 0)
        #expect(try Proc(pid: getpid()).status()["VmLck"] == "0 kB")
    }
}

/// What a process of the signer's user gets for opening /proc/PID/mem, for tracing, and for listing descriptors; 0 is success.
private func neighbour(reads pid: Int32) -> [Int32] {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    let path = "/proc/\(pid)/mem"
    let listing = "/proc/\(pid)/fd/3"
    let child = fork()
    if child == 0 {
        guard (try? OwnProcess.become(Lockdown.user)) != nil else { _exit(1) }
        var answers: [Int32] = [0, 0, 0]
        if open(path, O_RDONLY) < 0 { answers[0] = errno }
        let attached = cl_call(Int(SYS_ptrace), 0x4206, UInt64(pid), 0, 0, 0, 0)  // PTRACE_SEIZE
        if attached < 0 { answers[1] = Int32(-attached) }
        var target = [CChar](repeating: 0, count: 64)
        if readlink(listing, &target, 63) < 0 { answers[2] = errno }
        _ = write(ends[1], answers, 12)
        _exit(0)
    }
    var answers: [Int32] = [-1, -1, -1]
    _ = read(ends[0], &answers, 12)
    waitpid(child, nil, 0)
    close(ends[0])
    close(ends[1])
    return answers
}

/// A process of the signer's user that anybody of that user may look into; it sleeps until it is killed.
private func dumpableChild() -> Int32 {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    let child = fork()
    if child == 0 {
        guard (try? OwnProcess.become(Lockdown.user)) != nil else { _exit(1) }
        // The change of user has taken it away.
        _ = cl_call(Int(SYS_prctl), UInt64(PR_SET_DUMPABLE), 1, 0, 0, 0, 0)
        _ = write(ends[1], "r", 1)
        while true { pause() }
    }
    var ready: UInt8 = 0
    _ = read(ends[0], &ready, 1)
    close(ends[0])
    close(ends[1])
    return child
}
