import ArgumentParser
import CLinux
import Foundation
import Isolation
import Jobs
import Linux
import Measure
import Sandbox
import Signing
import Supervisor

/// `aibom bench seal`: from the last process's death to the signed AIBoM, and hashing beside openssl.
struct BenchSeal: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Evidence time of the sample job, and hashing against openssl on the same file (root).")

    @Option(name: .shortAndLong, help: "Rounds.") var number = 20
    @Option(help: "MiB of the file that is hashed.") var megabytes = 512
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
        let folder = "/var/tmp/aibom-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let trial = try makeTrial(in: folder)
        var evidence = Figures("evidence")
        for round in 0..<(number + 3) {
            let time = Double(try trial.run()) / 1000
            if round >= 3 { evidence.add(microseconds: time) }
        }
        let (ours, openssl) = try hash(in: folder)
        Comparison(subject: "seal", ours: ours, peers: [openssl], others: [evidence]).print(asDocument: json)
    }

    private func makeTrial(in folder: String) throws -> EvidenceTrial {
        _ = try OwnedDescriptor.directory(folder)
        _ = try KeyFolder(state: folder).generate()
        return try EvidenceTrial(
            Configuration(state: folder, runtime: RuntimeFolder.path, signer: try OwnProcess.neighbour("aibom-signer")),
            rootfs: "keras",
            policy: "strict",
            inputs: SampleJob.inputs,
            outputs: [
                ("trained_model.keras", PackageResources.model_keras),
                ("metrics.json", [UInt8](repeating: 32, count: 2000)),
            ])
    }

    /// In turn, on the same file, warm in the page cache: our digest, and a whole `openssl dgst -sha256`.
    private func hash(in folder: String) throws -> (Figures, Figures) {
        let path = "\(folder)/data"
        let file = try OwnedDescriptor.open(path, flags: O_RDWR | O_CREAT, mode: 0o600)
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<megabytes {
            for index in stride(from: 0, to: bytes.count, by: 64) { bytes[index] = .random(in: .min ... .max) }
            try file.write(bytes)
        }
        var ours = Figures("aibom")
        var openssl = Figures("openssl")
        for round in 0..<(max(5, number / 2) + 1) {
            try file.seek(to: 0)
            let start = Clock.nanoseconds()
            _ = try Digest.of(file: file)
            let middle = Clock.nanoseconds()
            let peer = try Child.spawn(
                "/usr/bin/openssl", arguments: ["openssl", "dgst", "-sha256", path], third: file, fourth: file)
            guard try peer.wait().status == .exited(0) else {
                throw CommandError.local("openssl failed", remedy: "install it: apt-get install openssl")
            }
            guard round > 0 else { continue }
            ours.add(microseconds: Double(middle - start) / 1000)
            openssl.add(microseconds: Double(Clock.nanoseconds() - middle) / 1000)
        }
        return (ours, openssl)
    }
}

/// The sample's inputs, as a submitter would upload them.
enum SampleJob {
    static let inputs: [(role: InputRole, name: String, bytes: [UInt8])] = [
        (.model, "model.keras", PackageResources.model_keras), (.dataset, "wine.csv", PackageResources.wine_csv),
        (.definition, "definition.yaml", PackageResources.definition_yaml),
    ]
}
