import Foundation
import Testing

/// The product as its users meet it: a real `aibomd`, talked to by the real `aibom`, training in the real rootfs.
///
/// One daemon serves all suites that do not end it. They run one after the other, so that what one leaves behind is not
/// taken for another's.
@Suite(
    "end to end", .serialized,
    .enabled("needs root, a kernel that confines and rootfs/build keras") { await Ground.isFirm },
    .withDaemon, .timeLimit(.minutes(5)))
struct EndToEnd {
    @TaskLocal static var shared: Daemon?
    @TaskLocal static var cache: Folder?
    @TaskLocal static var models: HostileModels?

    static var daemon: Daemon { get throws { try #require(shared) } }
}

/// Whether a job can be run here at all.
private enum Ground {
    /// A machine that must run every test can't skip one.
    private static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"

    /// Root, a kernel that can confine a job, and a rootfs to train in.
    static var isFirm: Bool {
        get async {
            if mustRun { return true }
            guard geteuid() == 0, FileManager.default.fileExists(atPath: "\(Caches.keras)/rootfs.json") else {
                return false
            }
            return (try? await Command.run(Built.aibom, ["doctor"]).status == 0) ?? false
        }
    }
}

/// Starts the daemon before the first test and ends it, gracefully, after the last.
struct DaemonTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let cache = try await Caches.make()
        let daemon = try await Daemon(cache: cache.path)
        try await daemon.start()
        let result: Result<Void, any Error>
        do {
            try await EndToEnd.$cache.withValue(cache) {
                try await Self.warmUp(daemon)
                try await EndToEnd.$shared.withValue(daemon) { try await function() }
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        #expect(await daemon.terminate() == 0, "aibomd ends well when it is asked to")
        try result.get()
    }
}

extension DaemonTrait {
    /// Each rootfs is measured and mounted with its first job and stays: no later job leaves that behind.
    private static func warmUp(_ daemon: Daemon) async throws {
        let folder = try Folder()
        let hostile = try await daemon.train(try Submission.hostile("obey", in: folder))
        try #require(hostile.result.status == 0, "\(hostile)\n\(daemon.log)")
        var keras = Examples.seed
        keras.model = try folder.write("", as: "empty.keras")
        let refused = try await daemon.train(keras)
        try #require(refused.result.status == 3, "\(refused)\n\(daemon.log)")
    }
}

extension Trait where Self == DaemonTrait {
    static var withDaemon: Self { DaemonTrait() }
}
