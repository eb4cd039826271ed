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

    @Option(name: .shortAndLong, help: "Rounds; each trains twice.") var number = 10
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
            // Who goes first changes from round to round: caches and clocks favour neither. The first round warms them.
            let ours, theirs: TrainingTrial.Cost
            if round % 2 == 0 {
                ours = try trial.runConfined()
                theirs = try trial.runBare()
            } else {
                theirs = try trial.runBare()
                ours = try trial.runConfined()
            }
            if round > 0 { costs.add(ours, theirs) }
        }
        costs.print(asDocument: json)
    }
}

/// What the runs took, confined and bare: by the clock, and on a processor, which a busy machine disturbs less.
private struct Costs {
    private var wall = (ours: Figures("aibom"), bare: Figures("bare"))
    private var processor = (ours: Figures("aibom"), bare: Figures("bare"))

    mutating func add(_ ours: TrainingTrial.Cost, _ bare: TrainingTrial.Cost) {
        wall.ours.add(microseconds: Double(ours.wall) / 1000)
        wall.bare.add(microseconds: Double(bare.wall) / 1000)
        processor.ours.add(microseconds: Double(ours.processor))
        processor.bare.add(microseconds: Double(bare.processor))
    }

    func print(asDocument: Bool) {
        let all = [("training", wall), ("training, processor time", processor)].map {
            Comparison(subject: $0.0, ours: $0.1.ours, peers: [$0.1.bare])
        }
        if asDocument { return Console.show(.array(all.map(\.json))) }
        for comparison in all { comparison.print(asDocument: false) }
    }
}
