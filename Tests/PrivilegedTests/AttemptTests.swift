import Foundation
import Glibc
import JSON
import Testing

/// All attempts, made once in each of four worlds.
private enum Worlds {
    static let strict = Result { try inSandbox(under: try Policies.strict()) }
    static let landlocked = Result { try inSandbox(under: try Policies.strict(filter: false, landlock: true)) }
    static let unfiltered = Result { try inSandbox(under: try Policies.strict(filter: false, landlock: false)) }
    /// Root with what capabilities it has, in a root that can be written, beside the host's processes and network.
    static let outside = Result { try outsideOfIt() }

    private static let names = Attempt.all.map(\.name) + Array(Attempt.permitted.keys)
    private static let listeners = Listeners()

    private static func inSandbox(under policy: String) throws -> [String: String] {
        let options = environment.map { "env.\($0)" } + ["in.input=\(try Stage.input())", "written.written=x"]
        let document = try Probe.scenario(
            "run", policy: policy, options, program: ["/bin/hostile", "try", "/out"] + names)
        return answers(try #require(document["output"]?.stringValue, "\(document)"))
    }

    /// In a mount and pid namespace, so that nothing of the host is changed or signalled.
    private static func outsideOfIt() throws -> [String: String] {
        let root = try Stage.control.get()
        let control = try Probe.call(
            "/usr/bin/unshare",
            ["--mount", "--pid", "--fork", "--uts", "--mount-proc=\(root)/proc", "/usr/bin/env"] + environment
                + ["HOST_PID=1", "HOST_FILE=/host-file", "/usr/sbin/chroot", root, "/bin/hostile", "try", "/out"]
                + names)
        return answers(String(decoding: control.output, as: UTF8.self))
    }

    private static var environment: [String] {
        [
            "HOST_PID=\(getpid())", "HOST_FILE=/etc/passwd", "HOST_PORT=\(listeners.port)",
            "HOST_NAME=\(listeners.name)",
        ]
    }

    private static func answers(_ text: String) -> [String: String] {
        var answers: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2 { answers[String(parts[0])] = String(parts[1]) }
        }
        return answers
    }
}

@Suite("A job can't", .enabled(if: Privilege.isThere, Privilege.reason))
struct AttemptTests {
    @Test("do what the walls are there for; each tells it so in its own way", arguments: Attempt.all)
    func refused(_ attempt: Attempt) throws {
        #expect(try Worlds.strict.get()[attempt.name] == attempt.answer)
    }

    @Test(
        "do it without the filter and Landlock either, where another wall stands behind",
        arguments: Attempt.all.filter { $0.behind != nil })
    func behind(_ attempt: Attempt) throws {
        #expect(try Worlds.unfiltered.get()[attempt.name] == attempt.behind)
    }

    @Test("do it without the filter either, where Landlock stands behind", arguments: Attempt.landlocked.keys.sorted())
    func landlocked(_ name: String) throws {
        #expect(try Worlds.landlocked.get()[name] == Attempt.landlocked[name])
        #expect(try Worlds.unfiltered.get()[name] != Attempt.landlocked[name], "it is Landlock that answers")
    }

    @Test(
        "and the attempts are real: outside, or without the filter, each gets further",
        arguments: Attempt.all.filter(\.hasControl))
    func control(_ attempt: Attempt) throws {
        let outside = try #require(try Worlds.outside.get()[attempt.name])
        let unfiltered = try #require(try Worlds.unfiltered.get()[attempt.name])
        #expect(outside != attempt.answer || unfiltered != attempt.answer)
        #expect(outside != "no such attempt")
    }

    @Test("but is let through with what a numeric program needs", arguments: Attempt.permitted.keys.sorted())
    func permitted(_ name: String) throws {
        #expect(try Worlds.strict.get()[name] == Attempt.permitted[name])
    }
}

/// Services of the host that a job must not reach: a port of the loopback, and an abstract name.
private final class Listeners: Sendable {
    let port: Int
    let name = "aibom-\(UUID().uuidString)"

    init() {
        let inet = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address) { raw in
            let pointer = raw.assumingMemoryBound(to: sockaddr.self).baseAddress
            _ = bind(inet, pointer, size)
            _ = getsockname(inet, pointer, &size)
        }
        listen(inet, 16)
        port = Int(UInt16(bigEndian: address.sin_port))

        let local = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + [0] + Array(name.utf8)
        let count = socklen_t(bytes.count)
        bytes.withUnsafeMutableBytes { _ = bind(local, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, count) }
        listen(local, 16)
    }
}
