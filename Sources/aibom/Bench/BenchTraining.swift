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
        var ours = Figures("aibom")
        var bare = Figures("bare")
        for round in 0..<(number + 1) {
            // Who goes first changes from round to round: caches and clocks favour neither.
            let confinedFirst = round % 2 == 0
            var (confined, plain) = (Int64(0), Int64(0))
            if confinedFirst { confined = try trial.runConfined() }
            plain = try trial.runBare()
            if !confinedFirst { confined = try trial.runConfined() }
            guard round > 0 else { continue }
            ours.add(microseconds: Double(confined) / 1000)
            bare.add(microseconds: Double(plain) / 1000)
        }
        Comparison(subject: "training", ours: ours, peers: [bare]).print(asDocument: json)
    }
}
