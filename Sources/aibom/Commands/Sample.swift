import ArgumentParser
import CLinux
import Linux

/// Writes a small real model, dataset and definition.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a small real model, dataset and definition to train.")

    @Argument(help: "The folder to write to; made when it is missing.") var folder: String

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("model.keras", PackageResources.model_keras), ("wine.csv", PackageResources.wine_csv),
        ("definition.yaml", PackageResources.definition_yaml), ("README.md", PackageResources.README_md),
    ]

    func run() throws {
        do throws(LinuxError) {
            try OwnedDescriptor.makeFolder(Array(folder.utf8))
            for file in Self.files { try write(file.name, file.bytes) }
        } catch {
            throw CommandError.local(
                "couldn't write the sample: \(error)", remedy: "give a folder that you may write to")
        }
        Console.say("wrote \(Self.files.map(\.name).joined(separator: ", ")) to \(folder)")
        Console.say(
            "next: aibom submit --model \(folder)/model.keras --dataset \(folder)/wine.csv "
                + "--definition \(folder)/definition.yaml --wait")
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws(LinuxError) {
        let place = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY, stage: "open sample folder")
        try DurableFile.publish(bytes, as: name, in: place, mode: 0o644)
    }
}
