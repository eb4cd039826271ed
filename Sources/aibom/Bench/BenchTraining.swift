import ArgumentParser
import Foundation
import JSON
import Linux
import Signing
import Supervisor

/// `aibom bench training`: what confinement costs the training itself.
struct BenchTraining: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training",
        abstract: "The sample's training in the sandbox and bare, by chroot in the same rootfs, in turn (root).")

    @Option(name: .shortAndLong, help: "Rounds; each trains once confined and twice bare.") var number = 10
    @Option(help: "Epochs of each training.") var epochs = 200
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
        let folder = "/var/tmp/aibom-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try OwnedDescriptor.directory(folder)
        _ = try KeyFolder(state: folder).generate()
        var parameters = JSONObject()
        parameters["epochs"] = .integer(Int64(epochs))
        let trial = try TrainingTrial(
            Configuration(state: folder, runtime: RuntimeFolder.path, signer: try OwnProcess.neighbour("aibom-signer")),
            rootfs: "keras", policy: "strict", inputs: SampleJob.inputs, parameters: parameters)
        var costs = Costs()
        for round in 0...number {
            let taken = try Costs.order(of: round).map { subject in
                (subject, try subject == .ours ? trial.runConfined() : trial.runBare())
            }
            // The first round warms the caches.
            if round > 0 { for (subject, cost) in taken { costs.add(cost, to: subject) } }
        }
        costs.print(asDocument: json)
    }
}

/// What the runs took: by the clock, and on a processor, which a busy machine disturbs less.
///
/// Each round runs bare twice, so that every table says what the machine alone does to such a ratio.
private struct Costs {
    enum Subject: String, CaseIterable {
        case ours = "aibom"
        case bare
        case again = "bare again"
    }

    private var wall = Dictionary(uniqueKeysWithValues: Subject.allCases.map { ($0, Figures($0.rawValue)) })
    private var processor = Dictionary(uniqueKeysWithValues: Subject.allCases.map { ($0, Figures($0.rawValue)) })

    /// Each of the six orders in turn: caches and clocks favour nobody.
    static func order(of round: Int) -> [Subject] {
        let first = round % Subject.allCases.count
        let rotated = Subject.allCases[first...] + Subject.allCases[..<first]
        return round % 2 == 0 ? Array(rotated) : rotated.reversed()
    }

    mutating func add(_ cost: TrainingTrial.Cost, to subject: Subject) {
        wall[subject]?.add(microseconds: Double(cost.wall) / 1000)
        processor[subject]?.add(microseconds: Double(cost.processor))
    }

    func print(asDocument: Bool) {
        let all = [("training", wall), ("training, processor time", processor)].flatMap { name, figures in
            guard let ours = figures[.ours], let bare = figures[.bare], let again = figures[.again] else {
                return [Comparison]()
            }
            return [
                Comparison(subject: name, ours: ours, peers: [bare]),
                Comparison(subject: "\(name), nothing but the machine", ours: again, peers: [bare]),
            ]
        }
        if asDocument { return Console.show(.array(all.map(\.json))) }
        for comparison in all { comparison.print(asDocument: false) }
    }
}
