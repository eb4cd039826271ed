import CLinux
import Glibc
import Linux
import Policy

#if DEBUG
    @testable import Sandbox
#else
    import Sandbox
#endif

/// All that a job needs, made once and in the order of a supervisor: the workplace before anything else.
struct Setting {
    let workplace: Workplace
    let rootfs: Rootfs
    let policy: ConfinedPolicy
    let pool: JobPool
    let sandbox: Sandbox
    let request: Request

    init(_ request: Request) throws {
        if request["signals"] == "ignored" { for number in 1..<Int32(32) { signal(number, SIG_IGN) } }
        workplace = try Workplace(at: try request.required("state"))
        let file = try OwnedDescriptor.open(try request.required("policy"), flags: O_RDONLY)
        policy = try ConfinedPolicy(try Policy(parsing: try file.readAll(limit: 1 << 20)))
        pool = JobPool(workplace: workplace)
        rootfs = try Self.rootfs(request, workplace)
        sandbox = Sandbox(workplace: workplace, rootfs: rootfs, policy: policy, pool: pool)
        self.request = request
    }

    private static func rootfs(_ request: Request, _ workplace: Workplace) throws -> Rootfs {
        guard let image = request["image"] else {
            return try Rootfs(folder: try request.required("rootfs"), in: workplace)
        }
        let file = try OwnedDescriptor.open(image, flags: O_RDONLY)
        return try Rootfs(image: file, filesystem: "squashfs", name: "image", in: workplace)
    }

    /// What a supervisor does when no job waits: what jobs left is removed, the next slot is made. A count follows.
    func census() throws -> Census {
        try pool.fill(to: 1, for: policy.policy)
        return Census(state: try request.required("state"))
    }

    var program: Program {
        let environment = request.all("env").map { "\($0.key)=\($0.value)" }
        return Program(path: request.program.first ?? "", arguments: request.program, environment: environment)
    }

    /// Files of the host by `in.NAME=PATH`, bytes of ours by `written.NAME=TEXT`, or one folder by `folder=PATH`.
    func inputs() throws -> JobInputs {
        if let folder = request["folder"] { return .folder(folder) }
        var files: [InputFile] = []
        for (name, path) in request.all("in") {
            files.append(InputFile(name: name, file: try OwnedDescriptor.open(path, flags: O_RDONLY)))
        }
        return .files(files, written: request.all("written").map { (name: $0.key, bytes: Array($0.value.utf8)) })
    }
}

/// A thread that ends before `join` answers.
final class Runner {
    private var thread = pthread_t()
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    init(_ body: @escaping () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
    }

    func join() { pthread_join(thread, nil) }
}
