import Attest
import Catalogue
import Foundation
import Measure
import Sandbox
import Testing

@testable import Supervisor

/// A root with the files of /proc and /sys that are asked, programs, and one built rootfs.
final class FakeMachine {
    let folder = "/tmp/aibom-machine-\(UUID().uuidString)"

    init() throws {
        for (path, text) in [
            ("proc/cmdline", "quiet\n"), ("proc/sys/kernel/tainted", "4097\n"),
            ("proc/sys/kernel/random/boot_id", "5f0c\n"), ("sys/kernel/security/lockdown", "none [integrity] all\n"),
            ("sys/module/module/parameters/sig_enforce", "Y\n"), ("sys/kernel/security/lsm", "lockdown,landlock"),
            ("bin/aibomd", "supervisor"), ("bin/aibom-signer", "signer"), ("bin/aibom", "command line"),
            ("rootfs/toy/current/rootfs.json", Self.manifest), ("rootfs/broken/current/rootfs.json", "{}"),
        ] { try write(Array(text.utf8), path) }
        try write([6, 0, 0, 0, 1], "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ bytes: [UInt8], _ path: String) throws {
        let file = URL(filePath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(folder)/\(path)") }

    static let manifest = """
        {"schema": "aibom-rootfs/1", "name": "toy", "recipe_digest": "sha256:00",
         "image": {"file": "i", "format": "squashfs", "sha256": "\(Digest.of([1]).hex)", "size": 1},
         "inventory": {"file": "v", "sha256": "\(Digest.of([2]).hex)"},
         "run": {"argv": ["/bin/train"], "environment": {}}, "parameters": {}, "inputs": {}, "outputs": []}
        """

    func subject() throws -> PlatformMeasurement.Subject {
        let strict = try PolicyCatalogue.policy("strict")
        return PlatformMeasurement.Subject(
            supervisor: "\(folder)/bin/aibomd", signer: "\(folder)/bin/aibom-signer",
            settings: ["state": "/state", "password": "hunter2"], secrets: ["password"], policies: ["strict": strict],
            catalogue: RootfsCatalogue(folder: "\(folder)/rootfs"), environment: .current(),
            keys: ["documents": "d"], tpm: nil, root: folder)
    }
}

@Suite("measured start")
struct PlatformMeasurementTests {
    @Test("names programs, settings, policies, images and the kernel")
    func measures() throws {
        let machine = try FakeMachine()
        let subject = try machine.subject()
        let measured = try PlatformMeasurement(of: subject, at: Instant(milliseconds: 0))
        let record = measured.record
        #expect(record.startedAt == "1970-01-01T00:00:00.000Z")
        #expect(record.executables.map(\.name) == ["aibomd", "aibom-signer", "aibom"])
        #expect(record.executables[0].sha256 == Digest.of(Array("supervisor".utf8)).hex)
        #expect(record.executables[0].size == 10)
        #expect(record.configuration.settings == ["state": "/state"])
        #expect(record.configuration.withheld == ["password"])
        #expect(record.policies.map(\.name) == ["strict"])
        #expect(record.policies[0].filterSHA256 == subject.policies["strict"]?.filterDigest.hex)
        #expect(record.rootfs.map(\.name) == ["toy"], "one that can't be read is no environment")
        #expect(record.rootfs[0].manifestSHA256 == Digest.of(Array(FakeMachine.manifest.utf8)).hex)
        #expect(record.kernel.commandLineSHA256 == Digest.of(Array("quiet\n".utf8)).hex)
        #expect(record.kernel.lockdown == "integrity")
        #expect(record.kernel.taint == 4097)
        #expect(record.kernel.enforcesModuleSignatures == true)
        #expect(record.kernel.isSecureBoot == true)
        #expect(record.kernel.securityModules == ["lockdown", "landlock"])
        #expect(record.kernel.bootID == "5f0c")
        #expect(record.kernel.release == subject.environment.kernelRelease.value)
        #expect(measured.digest == Digest.of(measured.bytes))
        #expect(!String(decoding: measured.bytes, as: UTF8.self).contains("hunter2"))
        #expect(try PlatformRecord(measured.bytes) == record)
    }

    @Test("what the kernel does not tell is not known, and not a no")
    func unknown() throws {
        let machine = try FakeMachine()
        try machine.remove("sys")
        try machine.remove("proc")
        let kernel = try PlatformMeasurement(of: try machine.subject()).record.kernel
        #expect(kernel.isSecureBoot == nil && kernel.lockdown == nil && kernel.enforcesModuleSignatures == nil)
        #expect(kernel.taint == nil && kernel.securityModules == nil && kernel.bootID == nil)
    }

    @Test("another byte anywhere is another record")
    func changes() throws {
        let machine = try FakeMachine()
        let now = Instant(milliseconds: 0)
        let before = try PlatformMeasurement(of: try machine.subject(), at: now).digest
        #expect(try PlatformMeasurement(of: try machine.subject(), at: now).digest == before)
        for path in ["bin/aibom-signer", "proc/cmdline", "bin/aibom-gateway"] {
            let last = try PlatformMeasurement(of: try machine.subject(), at: now).digest
            try machine.write(Array("other".utf8), path)
            #expect(try PlatformMeasurement(of: try machine.subject(), at: now).digest != last, "\(path)")
        }
    }

    @Test("a supervisor without its signer starts nothing")
    func missing() throws {
        let machine = try FakeMachine()
        try machine.remove("bin/aibom-signer")
        #expect(throws: SupervisorError.self) { try PlatformMeasurement(of: try machine.subject()) }
    }

    @Test("this machine can be measured")
    func host() throws {
        let machine = try FakeMachine()
        var subject = try machine.subject()
        subject.root = ""
        subject.supervisor = "/proc/self/exe"
        let kernel = try PlatformMeasurement(of: subject).record.kernel
        #expect(kernel.bootID?.utf8.count == 36)
        #expect(kernel.taint != nil)
    }
}
