import Foundation
import JSON
import Testing

/// A real `aibomd` with a state, run-time folder and socket of its own.
actor Daemon {
    struct NotReady: Error { let log: String }

    nonisolated let home: Folder
    nonisolated let state: String
    nonisolated let cache: String
    private var process: Spawned?

    /// Finds its rootfs in `cache`, and makes a key in its state folder, which is one in its home unless another is given.
    init(cache: String, state: String? = nil, algorithm: String = "p256") async throws {
        home = try Folder()
        self.state = state ?? home.path("state")
        self.cache = cache
        let made = try await Command.run(
            Built.aibom, ["keys", "generate", "--state", self.state, "--algorithm", algorithm])
        try #require(made.status == 0, "\(made)")
        try home.write(made.out, as: "key.pem")
    }

    nonisolated var socket: String { home.path("aibomd.sock") }
    nonisolated var runtime: String { home.path("run") }
    /// The public key as PEM.
    nonisolated var key: String { home.path("key.pem") }
    nonisolated var log: String { (try? home.read("log")).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Its pid; nil when it does not run.
    var pid: pid_t? { process?.pid }

    /// Starts it and waits until it serves.
    ///
    /// - Parameters:
    ///   - arguments: beside those that every daemon gets.
    ///   - environment: the same of variables.
    ///   - launcher: a program and its arguments that starts the daemon in its own place.
    ///   - terminal: the path of one for its standard error; nil is its log.
    /// - Throws: `NotReady` with its log.
    func start(
        _ arguments: [String] = [], environment: [String: String] = [:], by launcher: [String] = [],
        terminal: String? = nil
    ) async throws {
        try launch(arguments, environment: environment, by: launcher, terminal: terminal)
        let isReady = try await eventually(within: .seconds(20)) {
            try await Command.run("curl", ["-fs", "--unix-socket", socket, "http://localhost/readyz"]).status == 0
        }
        guard isReady else {
            await kill()
            throw NotReady(log: log)
        }
    }

    /// Starts it; who asks it something has to wait until it serves.
    func launch(
        _ arguments: [String] = [], environment: [String: String] = [:], by launcher: [String] = [],
        terminal: String? = nil
    ) throws {
        let words =
            launcher + [Built.aibomd, "--state", state, "--socket", socket, "--runtime", runtime] + arguments
        process = try Spawned(
            words[0], Array(words.dropFirst()),
            environment: Command.path.merging(["AIBOM_ROOTFS_CACHE": cache]) { $1 }.merging(environment) { $1 },
            out: home.path("log"), err: terminal ?? home.path("log"))
    }

    /// - Returns: its exit status.
    @discardableResult
    func terminate() async -> Int32? {
        guard let process else { return nil }
        self.process = nil
        process.signal(SIGTERM)
        return await process.status
    }

    func signal(_ number: Int32) { process?.signal(number) }

    /// - Returns: 137, unless it was dead before.
    @discardableResult
    func kill() async -> Int32? {
        guard let process else { return nil }
        self.process = nil
        process.signal(SIGKILL)
        return await process.status
    }

    /// Waits for it to end by itself.
    ///
    /// - Returns: its exit status; that of a SIGALRM, at which it ends at once, when it lives longer than `limit`.
    func died(within limit: Duration) async -> Int32? {
        guard let process else { return nil }
        let watch = Task {
            try await Task.sleep(for: limit)
            process.signal(SIGALRM)
        }
        defer { watch.cancel() }
        let status = await process.status
        self.process = nil
        return status
    }

    /// `aibom` with this daemon's socket.
    nonisolated func aibom(_ arguments: String...) async throws -> Command.Result {
        try await Command.run(
            Built.aibom, arguments, environment: Command.path.merging(["AIBOM_SOCKET": socket]) { $1 })
    }

    /// Runs `body` with a daemon of its own, which is ended however `body` ends.
    static func own<Answer: Sendable>(
        _ arguments: [String] = [], state: String? = nil, by launcher: [String] = [],
        environment: [String: String] = [:], _ body: @Sendable (Daemon) async throws -> Answer
    ) async throws -> Answer {
        let daemon = try await Daemon(cache: try #require(EndToEnd.cache).path, state: state)
        try await daemon.start(arguments, environment: environment, by: launcher)
        let answer: Result<Answer, any Error>
        do { answer = .success(try await body(daemon)) } catch { answer = .failure(error) }
        await daemon.kill()
        return try answer.get()
    }
}
