import Glibc
import Testing

@testable import Signing

/// What a signer might be made to try, each in a process of its own behind the signer's filter.
enum Attempt: String, CaseIterable, Codable, Sendable {
    case openFile, openSocket, connect, fork, execute, signalOthers, askParent, executableMemory, makeExecutable,
        readElsewhere
    case writeElsewhere, changeRoot, changeUser, rename

    func make() {
        var page = [UInt8](repeating: 0, count: 4096)
        switch self {
        case .openFile: _ = Glibc.open("/etc/passwd", O_RDONLY)
        case .openSocket: _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        case .connect:
            var address = sockaddr()
            _ = Glibc.connect(0, &address, socklen_t(MemoryLayout<sockaddr>.size))
        case .fork: _ = Glibc.fork()
        case .execute: execve("/bin/true", [nil], [nil])
        case .signalOthers: kill(1, 0)
        case .askParent: _ = getppid()
        case .executableMemory: mmap(nil, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        case .makeExecutable: page.withUnsafeMutableBytes { _ = mprotect($0.baseAddress, 1, PROT_READ | PROT_EXEC) }
        case .readElsewhere: _ = Glibc.read(0, &page, 1)
        case .writeElsewhere: _ = Glibc.write(1, page, 1)
        case .changeRoot: _ = chroot("/")
        case .changeUser: _ = setuid(0)
        case .rename: _ = Glibc.rename("/nonexistent/a", "/nonexistent/b")
        }
    }
}

@Suite("Signer's filter")
struct FilterTests {
    @Test("kills the process that tries", arguments: Attempt.allCases)
    func kills(_ attempt: Attempt) async {
        await #expect(processExitsWith: .exitCode(SIGSYS)) { [attempt] in
            exitWithSignal {
                try SignerFilter.load()
                attempt.make()
            }
        }
    }

    /// With a token, files are refused by what the root holds, and other descriptors are the library's.
    @Test(
        "of a token's signer kills the process that tries anything but to read, write and open, and gives it no socket",
        arguments: Attempt.allCases.filter { ![.readElsewhere, .writeElsewhere].contains($0) })
    func token(_ attempt: Attempt) async {
        let expected = attempt == .openSocket ? 0 : SIGSYS
        await #expect(processExitsWith: .exitCode(expected)) { [attempt] in
            exitWithSignal {
                try SignerFilter.load(.token(files: nil))
                attempt.make()
                if attempt == .openSocket, socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0) >= 0 { _exit(99) }
            }
        }
        let expectedWithFiles = attempt == .openFile ? 0 : expected
        await #expect(processExitsWith: .exitCode(expectedWithFiles)) { [attempt] in
            exitWithSignal {
                try SignerFilter.load(.token(files: "/"))
                attempt.make()
            }
        }
    }

    @Test("the attempts alone kill nobody", arguments: Attempt.allCases.filter { $0 != .execute && $0 != .fork })
    func detector(_ attempt: Attempt) async {
        await #expect(processExitsWith: .exitCode(0)) { [attempt] in
            exitWithSignal { attempt.make() }
        }
    }

    @Test("a signer's own work is let through")
    func work() async {
        await #expect(processExitsWith: .exitCode(0)) {
            exitWithSignal {
                let key = try SigningKey.generate()
                _ = try key.sign([1])
                let job = TestJob(key.publicKey)
                let questions: [(Verb, [UInt8])] =
                    [(.signBill, job.bill)] + job.statements.map { (.signStatement, $0) } + [
                        (.signModel, job.modelStatement), (.endJob, []), (.signFailure, job.unbilledFailure),
                    ]
                try SignerFilter.load()
                var desk = SigningDesk(key: key)
                _ = try desk.answer(Frame(kind: Verb.publicKey.rawValue))
                for _ in 0..<20 {
                    for (verb, payload) in questions {
                        let reply = try desk.answer(Frame(kind: verb.rawValue, payload: payload))
                        guard reply.kind == Reply.done.rawValue else { _exit(1) }
                    }
                }
                _ = [UInt8](repeating: 1, count: 32 << 20).reduce(0) { $0 &+ $1 }
            }
        }
    }
}

/// Does `work` in a child of one thread, as a signer is, and exits with the signal that ended it, or 0.
///
/// The test's process has threads of its own, which the filter would stop for what they do, and not for what `work` does.
private func exitWithSignal(_ work: () throws -> Void) -> Never {
    let pid = fork()
    if pid == 0 {
        do { try work() } catch { _exit(100) }
        _exit(0)
    }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let signal = status & 0x7f
    _exit(signal != 0 ? signal : status >> 8 & 0xff)
}
