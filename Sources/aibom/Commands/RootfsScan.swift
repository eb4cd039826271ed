import ArgumentParser
import Catalogue
import Foundation
import JSON
import Linux
import Measure
import Vulnerabilities

/// Searches an environment's packages for known vulnerabilities, without a network.
struct RootfsScan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Search an environment's packages for known vulnerabilities in a folder of OSV advisories (root).",
        discussion: """
            The result is kept beside the environment and stands in the AIBoM of every later job in it. Without one, AIBoMs say that nobody
            searched. A VEX document (CycloneDX or OpenVEX) adds what somebody who looked at a finding says of it.
            """)

    @Argument(help: "The environment's name, such as keras.") var name: String
    @Option(help: "A folder of OSV advisories, one JSON file each, at any depth.", completion: .directory) var osv:
        String
    @Option(help: "A VEX document. May be repeated; the later one counts.", completion: .file()) var vex: [String] = []
    @Option(help: "A distribution's InRelease file, such as that of its security suite, and with it --packages.")
    var release: String?
    @Option(help: "The uncompressed Packages file that the InRelease file lists.") var packages: String?
    @Option(help: "Keys that may have signed the InRelease file.")
    var keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    @OptionGroup var format: FormatOptions

    func validate() throws {
        guard (release == nil) == (packages == nil) else {
            throw ValidationError("--release and --packages go together")
        }
    }

    func run() throws {
        let catalogue = RootfsCatalogue()
        let (bytes, digest) = try catalogue.inventory(name)
        let inventory = try JSON.parse(bytes, limits: .document)
        let database = try AdvisoryFolder.read(osv)
        guard
            var scan = Scan.search(
                inventory, digest: digest.hex, for: database.advisories, database: database.digest.hex,
                time: Instant.now().description)
        else {
            throw CommandError.local("the inventory of \(name) is none that can be searched", remedy: "build it again")
        }
        if let release, let packages {
            let index = try SignedIndex.read(release: release, packages: packages, keyring: keyring)
            scan.outdated = index.newer(than: inventory)
        }
        for path in vex { try apply(path, to: &scan) }
        try catalogue.publish(scan: scan.json.prettyBytes(), of: name)
        show(scan, unreadable: database.unreadable)
    }

    private func apply(_ path: String, to scan: inout Scan) throws {
        guard let vex = VEX(try BillFile.read(path).json) else {
            throw CommandError.local(
                "\(path) is no VEX document that can be read whole", remedy: "give one of CycloneDX or OpenVEX 0.2")
        }
        Console.say("\(path): \(vex.apply(to: &scan)) of \(scan.findings.count) findings have a state")
    }

    private func show(_ scan: Scan, unreadable: Int) {
        if format.json { return Console.show(scan.json) }
        for finding in scan.findings {
            let state = finding.analysis?.state ?? "not looked at"
            Console.show("\(finding.id)  \(finding.package)  \(state)  fixed: \(finding.fixed ?? "in no version")")
        }
        for package in scan.unscanned { Console.show("NOT SCANNED  \(package)") }
        for package in scan.outdated ?? [] { Console.show("OUTDATED  \(package)") }
        Console.say(
            "\(scan.findings.count) findings, \(scan.unscanned.count) packages not scanned, \(scan.advisories) advisories, the newest "
                + "of \(scan.newest ?? "an unknown time"), sha256:\(scan.database)")
        if unreadable > 0 { Console.say("\(unreadable) files in the folder are no advisories, or withdrawn") }
    }
}
