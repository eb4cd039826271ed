import CSandbox
import Glibc
import JSON
import Linux
import Sandbox

/// Launches `launches` jobs, every third of which fails to start, and counts what is there before and after.
///
/// `plant=KIND` leaves one of a kind behind on purpose: the proof that the count would show it.
func leakScenario(_ request: Request) throws -> JSON {
    let setting = try Setting(request)
    let state = try request.required("state")
    let launches = request.number("launches", default: 1)
    let missing = Program(path: "/bin/missing", arguments: ["missing"], environment: [])
    // What is made once (buffers of the runtime, the folder of uids) is there before the first count.
    try launch(setting, setting.program)
    try launch(setting, missing)
    let before = try setting.census()
    for number in 0..<launches { try launch(setting, number % 3 == 2 ? missing : setting.program) }
    let planted = try Planted(request["plant"] ?? "nothing", state: state, image: request["image"])
    let after = try setting.census()
    planted.remove()
    return ["before": before.json, "after": after.json]
}

private func launch(_ setting: Setting, _ program: Program) throws {
    do throws(SandboxError) {
        let finished = try setting.sandbox.run(
            program, inputs: .files([], written: [(name: "a", bytes: [1])]), streams: JobStreams { _, _ in },
            cancellation: try cancellation())
        guard finished.outcome.succeeded else { throw SandboxError.noUser(range: "the job failed") }
    } catch {
        guard case .program = error else { throw error }
    }
}

private func cancellation() throws(SandboxError) -> Cancellation {
    do throws(LinuxError) { return try Cancellation() } catch { throw .preparation(error) }
}

/// One thing left behind.
final class Planted {
    private var undo: () -> Void = {}

    init(_ kind: String, state: String, image: String?) throws {
        switch kind {
        case "nothing": break
        case "descriptors":
            let copy = dup(1)
            undo = { close(copy) }
        case "mounts":
            guard mount("none", "\(state)/mnt", "tmpfs", 0, nil) == 0 else { throw RequestFault("mount: \(errno)") }
        case "loops":
            let mount = try DetachedMount(
                image: try OwnedDescriptor.open(image ?? "", flags: O_RDONLY), filesystem: "squashfs")
            let raw = try mount.descriptor.duplicate().release()
            undo = { close(raw) }
        case "children":
            let child = fork()
            if child == 0 { _exit(0) }
            undo = { waitpid(child, nil, 0) }
        case "entries": mkdir("\(state)/left", 0o700)
        default: throw RequestFault("can't plant \(kind)")
        }
    }

    func remove() { undo() }
}
