import Foundation
import JSON

/// A program run to its end.
enum Command {
    struct Result: Sendable, CustomStringConvertible {
        let status: Int32
        let out: [UInt8]
        let err: String

        var text: String { String(decoding: out, as: UTF8.self) }
        var json: JSON { get throws { try JSON.parse(out, limits: .document) } }
        var description: String { "status \(status)\n\(text.prefix(4000))\n\(err.suffix(4000))" }
    }

    static let path = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]

    /// Both streams go to files, so that nobody has to read two pipes at once.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = path
    ) async throws -> Result {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let child = try Spawned(
            program, arguments, environment: environment, out: folder.path("out"), err: folder.path("err"))
        let status = await child.status
        return Result(
            status: status, out: try folder.read("out"), err: String(decoding: try folder.read("err"), as: UTF8.self))
    }
}

/// The executables under test, built beside the test bundle.
enum Built {
    static let folder: String = {
        let arguments = ProcessInfo.processInfo.arguments
        let candidates = arguments.filter { $0.hasSuffix(".xctest") } + [arguments.first ?? ""]
        let folders = candidates.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
        return folders.first { FileManager.default.isExecutableFile(atPath: "\($0)/aibomd") } ?? "."
    }()

    static var aibom: String { "\(folder)/aibom" }
    static var aibomd: String { "\(folder)/aibomd" }
}

/// A folder that is gone with its owner.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/aibom-e2e-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    @discardableResult
    func write(_ text: String, as name: String) throws -> String { try write(text.utf8, as: name) }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }
}

/// Everything below a folder, as paths relative to it; empty when there is no folder. Links are named, not followed.
///
/// Not by `FileManager`'s enumerator: that counts on a folder's link count to tell how many folders are in it (fts(3) with
/// `FTS_NOSTAT`), so of a folder in which others are made meanwhile it can leave out all that is in one.
func files(below folder: String) -> [String] {
    let manager = FileManager.default
    func walk(_ place: String, _ prefix: String) -> [String] {
        ((try? manager.contentsOfDirectory(atPath: place)) ?? []).flatMap { name in
            let path = "\(place)/\(name)"
            let type = (try? manager.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
            let below = type == .typeDirectory ? walk(path, "\(prefix)\(name)/") : []
            return ["\(prefix)\(name)"] + below
        }
    }
    return walk(folder, "").sorted()
}

/// Asks again until `condition` holds or the time is over.
///
/// - Returns: whether it came to hold.
func eventually(
    within limit: Duration, every pause: Duration = .milliseconds(20), isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    while true {
        if try await condition() { return true }
        guard clock.now < deadline else { return false }
        try await Task.sleep(for: pause)
    }
}
