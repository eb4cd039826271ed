import Foundation
import JSON
import Measure
import Testing

/// `aibom rootfs scan` on an environment that is only a manifest and an inventory.
@Suite("aibom rootfs scan")
struct ScanTests {
    private let folder: TemporaryFolder
    private let advisories: TemporaryFolder

    private static let inventory = """
        {"schema": "aibom-inventory/1", "components": [
         {"source": "pypi", "name": "toy", "version": "1.5", "purl": "pkg:pypi/toy@1.5"},
         {"source": "debian", "name": "libtoy1", "version": "1-1", "purl": "pkg:deb/debian/libtoy1@1-1?distro=bookworm"}]}
        """

    init() throws {
        folder = try TemporaryFolder()
        advisories = try TemporaryFolder()
        let place = "\(folder.path)/toy/current"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let manifest = """
            {"schema": "aibom-rootfs/1", "name": "toy", "recipe_digest": "sha256:00",
             "image": {"file": "image.squashfs", "format": "squashfs", "sha256": "\(Digest.of([]).hex)", "size": 0},
             "inventory": {"file": "inventory.json", "sha256": "\(Digest.of(Array(Self.inventory.utf8)).hex)"},
             "run": {"argv": ["/bin/train"], "environment": {}}, "parameters": {}, "inputs": {}, "outputs": []}
            """
        _ = try folder.write(Self.inventory, as: "toy/current/inventory.json")
        _ = try folder.write(manifest, as: "toy/current/rootfs.json")
        _ = try advisories.write(
            #"{"id":"T-1","affected":[{"package":{"ecosystem":"PyPI","name":"Toy"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1"},{"fixed":"2"}]}]}]}"#,
            as: "a.json")
    }

    private func scan(_ arguments: String...) async throws -> BuiltAibom.Run {
        try await BuiltAibom.run(
            ["rootfs", "scan", "toy"] + arguments, environment: ["AIBOM_ROOTFS_CACHE": folder.path])
    }

    private func kept() throws -> JSON {
        try JSON.parse(Array(try folder.read("toy/current/scan.json")), limits: .document)
    }

    @Test("keeps what it found beside the build, and says what nobody could search")
    func found() async throws {
        let run = try await scan("--osv", advisories.path)
        #expect(run.status == 0, "\(run.err)")
        #expect(run.text.contains("T-1  pkg:pypi/toy@1.5  not looked at  fixed: 2"))
        #expect(run.text.contains("NOT SCANNED  pkg:deb/debian/libtoy1@1-1?distro=bookworm"))
        let kept = try kept()
        #expect(kept["inventory_sha256"] == .string(Digest.of(Array(Self.inventory.utf8)).hex))
        #expect(kept["findings"]?.arrayValue?.count == 1 && kept["unscanned"]?.arrayValue?.count == 1)
        #expect(kept["outdated"] == .null)
    }

    @Test("the digest of the advisories is of what they say, wherever they lie; a file that is none is counted")
    func database() async throws {
        #expect(try await scan("--osv", advisories.path).status == 0)
        let first = try kept()["database"]?["sha256"]
        _ = try advisories.write("not json", as: "b.json")
        let second = try await scan("--osv", advisories.path)
        #expect(second.status == 0 && second.err.contains("1 files in the folder are no advisories"))
        #expect(try kept()["database"]?["sha256"] != first)
    }

    @Test("a VEX document gives a finding its state, and one that can't be read whole stops all")
    func vex() async throws {
        let good = try folder.write(
            #"{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"T-1","analysis":{"state":"false_positive"}}]}"#,
            as: "v.json")
        let run = try await scan("--osv", advisories.path, "--vex", good)
        #expect(run.status == 0 && run.text.contains("false_positive"))
        let bad = try folder.write(
            #"{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"T-1","analysis":{"state":"ok"}}]}"#, as: "w.json")
        #expect(try await scan("--osv", advisories.path, "--vex", bad).status == 1)
        #expect(try kept()["findings"]?.arrayValue?.first?["analysis"]?["state"] == "false_positive")
    }

    @Test("without advisories there is no scan: an empty folder would make everything look clean")
    func nothing() async throws {
        let empty = try TemporaryFolder()
        #expect(try await scan("--osv", empty.path).status == 1)
        #expect(try await scan("--osv", "\(empty.path)/none").status == 1)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/toy/current/scan.json"))
        #expect(try await scan("--osv", advisories.path, "--release", "x").status == 2)
    }

    @Test("an index whose signature does not hold, or an inventory that was changed, is refused")
    func unsigned() async throws {
        let release = try folder.write("SHA256:\n", as: "InRelease")
        let packages = try folder.write("Package: libtoy1\nVersion: 2-1\n", as: "Packages")
        let run = try await scan("--osv", advisories.path, "--release", release, "--packages", packages)
        #expect(run.status == 4 && run.err.contains("signature"))
        _ = try folder.write(Self.inventory + " ", as: "toy/current/inventory.json")
        #expect(try await scan("--osv", advisories.path).status == 1)
    }
}
