import ArgumentParser
import CLinux
import Export
import JSON
import Linux
import Measure

/// An AIBoM for those who read something else.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Make SPDX 3.0.1, a report for people, or the skeleton of the EU AI Act's documentation out of an AIBoM.",
        discussion: "What comes out is not signed; it names the digest of the aibom.json that it was made from.")

    @Argument(help: "The AIBoM: aibom.json.") var file: String
    @Option(help: "spdx3, html, md or annex.") var format: Export.Format
    @Option(help: "Where to write it; stdout otherwise. An existing file is replaced.") var out: String?

    func run() throws {
        let document = try BillFile.read(file)
        let bytes: [UInt8]
        do throws(ExportError) {
            bytes = try Export.render(document.json, digest: document.digest.hex, as: format)
        } catch {
            throw CommandError.local("\(file): \(error)", remedy: "give an aibom.json")
        }
        guard let out else {
            Console.write(bytes, to: 1)
            return
        }
        do throws(LinuxError) {
            let target = try OwnedDescriptor.open(
                out, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode: 0o644, stage: "open output")
            try target.write(bytes)
        } catch {
            throw CommandError.local(
                "couldn't write \(out): \(error)", remedy: "name a file in a folder that you may write to")
        }
    }
}

extension Export.Format: ExpressibleByArgument {}
