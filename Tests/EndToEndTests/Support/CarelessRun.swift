import Foundation
import JSON
import Testing

/// One model loaded by `aibom run` under the strict policy, with every check of the loader off.
struct CarelessRun {
    let result: Command.Result
    /// What it left.
    let out: Folder
    /// The most processes of the job that the host saw at a time.
    let processes: Int
    /// Whether the model was the same file with the same bytes afterwards.
    let isInputUnchanged: Bool

    init(of model: String, among models: HostileModels) async throws {
        let input = try Folder()
        let output = try Folder()
        try FileManager.default.copyItem(atPath: models.path(model), toPath: input.path("model.keras"))
        // Anybody could write it, so the file's mode is not what protects it; the job is somebody.
        chmod(input.path, 0o777)
        chmod(input.path("model.keras"), 0o666)
        let before = try Snapshot(input.path)
        async let running = HostileModels.aibom(
            ["--in", input.path, "--out", output.path("out")], ["-B"] + HostileModels.loader())
        let watch = Task { await Self.mostProcesses() }
        let ended: Result<Command.Result, any Error>
        do { ended = .success(try await running) } catch { ended = .failure(error) }
        watch.cancel()
        processes = await watch.value
        result = try ended.get()
        out = output
        let after = try Snapshot(input.path)
        isInputUnchanged = after.changed(since: before).isEmpty && after.added(since: before).isEmpty
    }

    /// Looks until it is cancelled.
    private static func mostProcesses() async -> Int {
        var most = 0
        while !Task.isCancelled {
            most = max(most, Host.careless().count)
            try? await Task.sleep(for: .milliseconds(50))
        }
        return most
    }

    var report: JSON { get throws { try JSON.parse(out.read("out/answers.json"), limits: .document) } }

    /// Whether a secret stands in what it printed or left.
    var tellsSecret: Bool {
        get throws {
            let left = try files(below: out.path("out")).map { try out.read("out/\($0)") }
            let secret = Data(HostileModels.secret.utf8)
            return (left + [result.out, Array(result.err.utf8)]).contains { Data($0).range(of: secret) != nil }
        }
    }
}

extension Host {
    /// The processes of jobs that load carelessly, as the host sees them; not the `aibom` that started one.
    static func careless() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { pid_t($0) != nil }.filter { pid in
            let arguments = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline")))?.split(separator: 0)
            return arguments?.first?.elementsEqual("/usr/bin/python3.11".utf8) == true
                && arguments?.last?.elementsEqual(HostileModels.marker.utf8) == true
        }
    }
}
