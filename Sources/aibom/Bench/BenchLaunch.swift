import ArgumentParser
import CLinux
import Catalogue
import Isolation
import Linux
import Policy
import Sandbox

/// `aibom bench launch`: one launch of a static program under a policy, in turn with its peers.
struct BenchLaunch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Launch latency against a floor in plain C and other launchers, interleaved (root)."
    )

    @Option(help: "Folder to use as root; it has a static /bin/true. Left out, one is made.") var root: String?
    @Option(help: "The floor program; left out, it is aibom-floor beside this one.") var floor: String?
    @Option(name: .shortAndLong, help: "Rounds; each launches every candidate once.") var number = 300
    @Option(help: "A policy by name, or a file with a / in its path.") var policy = "strict"
    @Option(help: "MiB of memory that the launching process holds while it is measured.") var resident = 0
    @Flag(help: "Print one JSON document.") var json = false

    private static let warmUp = 10

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
        let bundle = try BenchRoot.bundle()
        defer { BenchRoot.remove(bundle) }
        let filter = try PeerFilter(confined.filter)
        var others = try Launcher.installed(root: root, bundle: bundle).filter { try canLaunch($0, filter) }
            .map { ($0, Figures($0.name == "bwrap" ? "bubblewrap" : $0.name)) }
        let peer = try FloorProcess(
            try floor ?? OwnProcess.neighbour("aibom-floor"), root: root,
            filter: confined.policy.seccomp.compileLinear())
        for round in 0..<(number + Self.warmUp) {
            try pool.fill(to: 1, for: confined.policy)  // off the launch path, as in the supervisor
            Pause.milliseconds(3)
            let own = try timed { try sandbox.launchAndWait(program, inputs: .files([], written: [])) == 0 }
            Pause.milliseconds(3)
            let theirs = try peer.launch()
            let isCounted = round >= Self.warmUp
            if isCounted {
                ours.add(microseconds: try own.orFailed("aibom"))
                floorFigures.add(microseconds: theirs)
            }
            for place in others.indices {
                Pause.milliseconds(3)
                let time = try timed { try others[place].0.launch(round, filter) }.orFailed(others[place].0.name)
                if isCounted { others[place].1.add(microseconds: time) }
            }
        }
        ballast.touch()
        Comparison(subject: "launch", ours: ours, peers: [floorFigures] + others.map(\.1)).print(asDocument: json)
    }

    /// One that is installed and can't run here is left out, and said.
    private func canLaunch(_ launcher: Launcher, _ filter: borrowing PeerFilter) throws -> Bool {
        if try launcher.launch(-1, filter) { return true }
        Console.say("\(launcher.name) is installed but could not launch here; it is left out")
        return false
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
