import ArgumentParser
import CSandbox
import Catalogue
import Linux
import Policy
import Sandbox

/// `aibom bench launch`: one launch of a static program under a policy, in turn with its peers.
struct BenchLaunch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch", abstract: "Launch latency against a floor in plain C and bubblewrap, interleaved (root)."
    )

    @Option(help: "Folder to use as root; it has a static /bin/true. Left out, one is made.") var root: String?
    @Option(help: "The floor program; left out, it is aibom-floor beside this one.") var floor: String?
    @Option(name: .shortAndLong, help: "Rounds; each launches every candidate once.") var number = 300
    @Option(help: "A policy by name, or a file with a / in its path.") var policy = "strict"
    @Option(help: "MiB of memory that the launching process holds while it is measured.") var resident = 0
    @Flag(help: "Print one JSON document.") var json = false

    private static let warmUp = 10
    private static let bubblewrap = "/usr/bin/bwrap"

    func run() throws {
        if let root { return try measure(root: root) }
        let made = try BenchRoot()
        try measure(root: made.path)
    }

    private func measure(root: String) throws {
        let workplace = try Workplace(at: RuntimeFolder.path)
        let confined = try PolicyCatalogue.policy(policy)
        let pool = JobPool(workplace: workplace)
        let sandbox = Sandbox(
            workplace: workplace, rootfs: try Rootfs(folder: root, in: workplace), policy: confined, pool: pool)
        let program = Program(path: "/bin/true", arguments: ["true"], environment: [])
        let ballast = Ballast(mebibytes: resident)
        var ours = Figures("aibom")
        var floorFigures = Figures("floor")
        var bubblewrapFigures = Figures("bubblewrap")
        let peer = try FloorProcess(
            try floor ?? OwnProcess.neighbour("aibom-floor"), root: root,
            filter: confined.policy.seccomp.compileLinear())
        let filter = try PeerFilter(confined.filter)
        for round in 0..<(number + Self.warmUp) {
            try pool.fill(to: 1, for: confined.policy)  // off the launch path, as in the supervisor
            Pause.milliseconds(3)
            let own = try timed { try sandbox.launchAndWait(program, inputs: .files([], written: [])) == 0 }
            Pause.milliseconds(3)
            let theirs = try peer.launch()
            Pause.milliseconds(3)
            let wrapped = try timed { try launchBubblewrap(filter, root: root) }
            guard round >= Self.warmUp else { continue }
            ours.add(microseconds: try own.orFailed("aibom"))
            floorFigures.add(microseconds: theirs)
            if let wrapped { bubblewrapFigures.add(microseconds: wrapped) }
        }
        ballast.touch()
        Comparison(subject: "launch", ours: ours, peers: [floorFigures, bubblewrapFigures]).print(asDocument: json)
    }

    /// - Returns: whether the program exited with 0; nil-time when bubblewrap is not installed.
    private func launchBubblewrap(_ filter: borrowing PeerFilter, root: String) throws -> Bool {
        guard OwnedDescriptor.exists(Self.bubblewrap) else { return false }
        let arguments = [
            "bwrap", "--unshare-all", "--uid", "1000", "--gid", "1000", "--ro-bind", root, "/", "--tmpfs", "/tmp",
            "--proc", "/proc", "--dev", "/dev", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--seccomp",
            "3", "/bin/true",
        ]
        let program = try filter.open()
        let child = try Child.spawn(Self.bubblewrap, arguments: arguments, third: program, fourth: program)
        return try child.wait().status == .exited(0)
    }

    /// The time that `body` took in microseconds; nil when it says that it failed.
    private func timed(_ body: () throws -> Bool) rethrows -> Double? {
        let start = Clock.nanoseconds()
        guard try body() else { return nil }
        return Double(Clock.nanoseconds() - start) / 1000
    }
}

extension Optional where Wrapped == Double {
    fileprivate func orFailed(_ name: String) throws -> Double {
        guard let self else {
            throw CommandError.local("a launch of \(name) failed", remedy: "look at what it printed above")
        }
        return self
    }
}

extension Ending {
    fileprivate static func == (ending: Ending, status: Int32) -> Bool { ending.status == .exited(status) }
}
