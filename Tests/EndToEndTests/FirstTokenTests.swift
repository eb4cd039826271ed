import Foundation
import Glibc
import JSON
import Testing

extension EndToEnd {
    @Suite("the first token")
    struct FirstToken {
        @Test("is shown to a terminal, once, lets its holder in, and is in no log")
        func onTerminal() async throws {
            let daemon = try await Daemon(cache: try #require(EndToEnd.cache).path)
            try OpenGateway.letThrough(to: daemon)
            let first = try Terminal()
            try await daemon.start(["--set", "gateway.user=65532"], terminal: first.path)
            let shown = try await first.read(until: "aibom_")
            await daemon.kill()
            let token = try #require(shown.firstMatch(of: /aibom_[A-Za-z0-9_-]+/)).output
            #expect(token.count > 40)
            #expect(!daemon.log.contains("aibom_"))

            let second = try Terminal()
            try await daemon.start(["--set", "gateway.user=65532"], terminal: second.path)
            let answer = try await Command.run(
                "setpriv",
                [
                    "--reuid", "65532", "--clear-groups", "curl", "-s", "-H", "authorization: Bearer \(token)",
                    "--unix-socket", daemon.socket, "http://localhost/v1/tokens",
                ])
            await daemon.kill()
            #expect(answer.text.contains("\"owner\": \"operator\""), "\(answer)")
            #expect(try await !second.read(until: "aibom_").contains("aibom_"))
        }

        @Test("is not made for a log, which says how to make one")
        func inLog() async throws {
            try await Daemon.own(["--set", "gateway.user=65532"]) { daemon in
                let isTold = try await eventually(within: .seconds(5)) { daemon.log.contains("aibom token create") }
                #expect(isTold && !daemon.log.contains("aibom_"), "\(daemon.log)")
                let tokens = try await daemon.aibom("token", "list", "--json")
                #expect(try tokens.json["tokens"]?.arrayValue?.isEmpty == true, "\(tokens)")
            }
        }
    }
}

/// A terminal of a test's own, pty(7).
private final class Terminal {
    private let master: Int32
    let path: String
    private var text: [UInt8] = []

    init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        // ioctl_tty(2): TIOCSPTLCK unlocks the other end, TIOCGPTN tells its number.
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        let isMade = ioctl(master, 0x4004_5431, &isLocked) == 0 && ioctl(master, 0x8004_5430, &number) == 0
        path = "/dev/pts/\(number)"
        try #require(isMade)
    }

    deinit { close(master) }

    /// What was written there until a line with `word` ended, or for two seconds.
    func read(until word: String) async throws -> String {
        _ = try await eventually(within: .seconds(2)) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(master, &buffer, buffer.count)
            if count > 0 { text += buffer.prefix(count) }
            let all = String(decoding: text, as: UTF8.self)
            return all.range(of: word).map { all[$0.lowerBound...].contains("\n") } ?? false
        }
        return String(decoding: text, as: UTF8.self)
    }
}
