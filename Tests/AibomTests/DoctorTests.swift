import AuditLog
import Foundation
import JSON
import Jobs
import Linux
import Measure
import ServiceTesting
import Testing

@testable import aibom

/// The doctor before set-ups that are broken in one way each. What the kernel of this machine lacks is not looked at.
@Suite("aibom doctor", .enabled("looks at what is root's") { geteuid() == 0 }, .timeLimit(.minutes(3)))
struct DoctorTests {
    private let folder: TemporaryFolder
    private let state: String

    init() throws {
        folder = try TemporaryFolder()
        state = "\(folder.path)/state"
        try FileManager.default.createDirectory(
            atPath: state, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    /// The lines about one thing, as `status: why | remedy`.
    private func lines(_ name: String, _ settings: [String] = [], config: String? = nil) async throws -> [String] {
        let places = [
            "state=\(state)", "socket=\(folder.path)/s", "runtime=\(folder.path)/run", "rootfs=\(folder.path)/rootfs",
        ]
        let options = (places + settings).flatMap { ["--set", $0] } + (config.map { ["--config", $0] } ?? [])
        let run = try await BuiltAibom.run(["doctor", "--json"] + options)
        let report = try JSON.parse(run.out, limits: .document)
        let findings = report["findings"]?.arrayValue ?? []
        let isBroken = findings.contains { $0["status"] == "broken" }
        #expect(run.status == (isBroken ? 1 : 0), "\(run)")
        #expect(report["ok"] == .bool(!isBroken))
        for finding in findings where finding["status"] != "ok" {
            #expect(finding["remedy"]?.stringValue?.isEmpty == false, "\(finding)")
        }
        return findings.filter { $0["name"] == .string(name) }.map { finding in
            let words = [finding["status"], finding["why"]].map { $0?.stringValue ?? "" }.joined(separator: ": ")
            return words + (finding["remedy"]?.stringValue.map { " | \($0)" } ?? "")
        }
    }

    private func own(_ path: String, mode: Int? = nil, owner: Int? = nil) throws {
        var attributes: [FileAttributeKey: Any] = [:]
        if let mode { attributes[.posixPermissions] = mode }
        if let owner { attributes[.ownerAccountID] = owner }
        try FileManager.default.setAttributes(attributes, ofItemAtPath: path)
    }

    @Test("finds nothing wrong with a set-up that has not begun")
    func fresh() async throws {
        #expect(try await lines("state") == ["ok: \(state) is root's own"])
        #expect(try await lines("key") == ["ok: not made yet; the first start makes \(state)/keys/documents.pem"])
        #expect(try await lines("job store") == ["ok: not made yet"])
        #expect(try await lines("settings") == ["ok: no file sets anything; 4 differ from the defaults"])
        #expect(
            try await lines("rootfs") == ["warning: none is built in \(folder.path)/rootfs | aibom rootfs build keras"])
        #expect(try await lines("service").first?.hasPrefix("warning: nothing is at \(folder.path)/s") == true)
        #expect(
            try await lines("state", ["state=\(folder.path)/later"])
                == ["ok: \(folder.path)/later is not there yet; the first start makes it"])
    }

    @Test(
        "sees a state folder that others can change or look into",
        arguments: [
            (0o777, nil, "broken: STATE has mode 777: others can change what is signed"),
            (0o720, nil, "broken: STATE has mode 720: others can change what is signed"),
            (0o755, nil, "warning: STATE has mode 755: others can look into it"),
            (0o700, 65_534, "broken: STATE belongs to user 65534"),
        ] as [(Int, Int?, String)])
    func ownership(_ mode: Int, _ owner: Int?, _ expected: String) async throws {
        try own(state, mode: mode, owner: owner)
        let found = try await lines("state")
        #expect(found.count == 1 && found[0].hasPrefix(expected.replacing("STATE", with: state)), "\(found)")
    }

    @Test("sees a file system that takes no files, and one that is full")
    func fileSystem() async throws {
        #expect(try await lines("state file system", ["state=/sys"]).first?.hasPrefix("broken: ") == true)
        #expect(try await lines("disk space", ["state=/sys"]).first?.hasPrefix("broken: ") == true)
    }

    @Test("sees a job store that is none")
    func store() async throws {
        _ = try folder.write(
            "this is no database at all, but long enough to be looked at as one", as: "state/jobs.sqlite")
        #expect(
            try await lines("job store").first?.contains("broken: inspect job store: file is not a database") == true)
        // Work was done here, so the key that is missing was lost.
        #expect(
            try await lines("key") == [
                "broken: there is no \(state)/keys/documents.pem | restore it from the backup; "
                    + "or, to sign as somebody new: aibom keys generate --state \(state)"
            ])
    }

    @Test(
        "sees a state folder of a newer version",
        arguments: [
            ("99\n", "broken: STATE has layout 99"), ("x", "broken: STATE/version holds no number"),
            ("1\n", "ok: 1 of "),
        ])
    func layout(_ text: String, _ expected: String) async throws {
        _ = try folder.write(text, as: "state/version")
        #expect(try await lines("state layout").first?.hasPrefix(expected.replacing("STATE", with: state)) == true)
    }

    @Test("sees a clock that went back")
    func clock() async throws {
        let store = try folder.write("", as: "state/jobs.sqlite")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 86_400)], ofItemAtPath: store)
        #expect(try await lines("clock").first?.hasPrefix("broken: it says ") == true)
    }

    @Test("sees a key that others can read, that is none, and whose public half is another's")
    func key() async throws {
        #expect(try await BuiltAibom.run(["keys", "generate", "--state", state]).status == 0)
        let path = "\(state)/keys/documents.pem"
        let fine = try await lines("key")
        #expect(fine.count == 1 && fine[0].hasPrefix("ok: \(path), key id "), "\(fine)")
        #expect(try await lines("public key") == [])

        let other = "\(folder.path)/other"
        #expect(try await BuiltAibom.run(["keys", "generate", "--state", other]).status == 0)
        let publicHalf = "\(state)/keys/documents.pub.pem"
        try FileManager.default.removeItem(atPath: publicHalf)
        #expect(try await lines("public key").first?.hasPrefix("warning: there is no \(publicHalf)") == true)
        try FileManager.default.copyItem(atPath: "\(other)/keys/documents.pub.pem", toPath: publicHalf)
        #expect(
            try await lines("public key").first?.hasPrefix("broken: \(publicHalf) is not the private key's") == true)

        try own(path, mode: 0o644)
        #expect(try await lines("key").first?.contains("broken: key \(path): mode 644 lets others use it") == true)
        let empty = try folder.write("", as: "empty.pem")
        try own(empty, mode: 0o600)
        #expect(try await lines("key", ["key=\(empty)"]).first?.contains("holds no PEM private key") == true)
        #expect(try await lines("key", ["key=/none.pem"]).first?.hasPrefix("broken: there is no /none.pem") == true)
    }

    @Test("sees an audit log whose hashes were changed, that another key signed, and that is behind what was signed")
    func log() async throws {
        #expect(try await lines("audit log") == ["ok: not begun yet"])
        let signer = try MemoryNoteSigner(name: "example.com/log", kind: .ed25519, seed: Digest.of([1]))
        let head = HeadFile("audit.head", in: try OwnedDescriptor.directory(state))
        do {
            let log = try Log(in: try OwnedDescriptor.directory("\(state)/audit"), signer: signer, headFile: head)
            try log.append([Array("one".utf8), Array("two".utf8)], until: .published)
            try log.close()
        }
        try publish(signer.key)
        #expect(try await lines("audit log") == ["ok: 2 entries of example.com/log, under a good signature"])

        let checkpoint = "\(state)/audit/checkpoint"
        let good = try Data(contentsOf: URL(filePath: checkpoint))
        let first = try SignedNote(text: Checkpoint.empty("example.com/log").text, signer: signer)
        try Data(first.bytes).write(to: URL(filePath: checkpoint))
        #expect(
            try await lines("audit log").first?.hasPrefix("warning: 0 entries are published and 2 were signed") == true)
        try good.write(to: URL(filePath: checkpoint))

        try publish(MemoryNoteSigner(name: "example.com/log", kind: .ed25519, seed: Digest.of([2])).key)
        #expect(try await lines("audit log").first?.hasPrefix("broken: note: ") == true)
        try publish(signer.key)

        let tile = "\(state)/audit/tile/0/000.p/2"
        var hashes = try Data(contentsOf: URL(filePath: tile))
        hashes[40] ^= 1
        try FileManager.default.removeItem(atPath: tile)
        try hashes.write(to: URL(filePath: tile))
        let found = try await lines("audit log")
        #expect(found.first?.contains("are not those of its checkpoint") == true, "\(found)")
    }

    /// Puts the public half of a log's key where the service keeps it (RFC 8410, section 4: a prefix and the 32 bytes).
    private func publish(_ key: VerifierKey) throws {
        let der: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00] + key.publicKey
        try FileManager.default.createDirectory(atPath: "\(state)/keys", withIntermediateDirectories: true)
        _ = try folder.write(
            "-----BEGIN PUBLIC KEY-----\n\(Base64.encode(der))\n-----END PUBLIC KEY-----\n",
            as: "state/keys/log.pub.pem")
    }

    @Test("sees a rootfs that is not what was built")
    func rootfs() async throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/rootfs/keras/current", withIntermediateDirectories: true)
        _ = try folder.write("{}", as: "rootfs/keras/current/rootfs.json")
        #expect(try await lines("rootfs keras").first?.hasPrefix("broken: rootfs manifest ") == true)
    }

    @Test("sees settings that a service would not start with, and those that it would warn of")
    func settings() async throws {
        let path = try folder.write("{\n\"logs\": {}}", as: "config.json")
        #expect(
            try await lines("settings", config: path) == ["broken: \(path):2: logs is not known | did you mean log?"])
        try own(path, mode: 0o666)
        #expect(try await lines("settings", config: path).first?.contains("can be written by others") == true)
    }

    @Test("sees a socket that nobody serves, and a service that can't run jobs")
    func service() async throws {
        do {
            let stale = try OwnedDescriptor.datagramSocket()
            try stale.bind(to: UnixAddress("\(folder.path)/s"))
        }
        #expect(try await lines("service").first?.hasPrefix("warning: \(folder.path)/s is there and nobody") == true)
        try await RunningServer.with(FakeService()) { path in
            let found = try await lines("service", ["socket=\(path)"])
            #expect(found == ["ok: answers at \(path)"])
        }
    }
}
