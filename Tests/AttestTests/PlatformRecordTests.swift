import JSON
import Testing

@testable import Attest

@Suite("platform record")
struct PlatformRecordTests {
    static let record: PlatformRecord = {
        var kernel = PlatformRecord.Kernel()
        kernel.release = "6.1.0"
        kernel.taint = 0
        kernel.securityModules = ["lockdown", "landlock"]
        kernel.isSecureBoot = false
        return PlatformRecord(
            startedAt: "2026-11-23T18:00:00.000Z", productVersion: "0.1.0",
            executables: [.init(name: "aibomd", sha256: hex("a"), size: 9)],
            configuration: .init(sha256: hex("b"), settings: ["state": "/state", "key": "null"], withheld: ["x"]),
            policies: [.init(name: "strict", sha256: hex("c"), filterSHA256: hex("d"))],
            rootfs: [.init(name: "keras", manifestSHA256: hex("e"), imageSHA256: hex("f"), recipe: "sha256:1")],
            kernel: kernel, keys: ["documents": hex("1"), "log": hex("2")],
            tpm: .init(attestationKeyName: "000b" + hex("3"), register: 13))
    }()

    private static func hex(_ digit: Character) -> String { String(repeating: digit, count: 64) }

    @Test("reads what it wrote, and the same record has the same bytes")
    func roundTrip() throws {
        let bytes = try Self.record.bytes()
        #expect(try PlatformRecord(bytes) == Self.record)
        #expect(try Self.record.bytes() == bytes)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""boot_id":null"#))
    }

    @Test(
        "no other bytes are that record",
        arguments: [
            (#""version":"0.1.0"}"#, #""version":"0.1.0"} "#, "not in its one form"),
            (#""version":"0.1.0""#, #""version":"0.1.0","more":1"#, "not in its one form"),
            (#""tainted":0"#, #""tainted":0.0"#, "kernel.tainted is no whole number"),
            (#""tainted":0,"#, "", "kernel.tainted is missing"),
            (#""tainted":0"#, #""tainted":-1"#, "kernel.tainted is no whole number"),
            (#""secure_boot":false"#, #""secure_boot":"no""#, "kernel.secure_boot is neither"),
            (#""size":9"#, #""size":"9""#, "executables[0].size is no whole number"),
            ("aibom-platform/1", "aibom-platform/2", "format is not aibom-platform/1"),
            (#""register":13"#, #""register":null"#, "tpm.register is no whole number"),
            ("cccc", "CCCC", "policies[0].sha256 is not 64"),
            (#""withheld":["x"]"#, #""withheld":[1]"#, "configuration.withheld is no list of texts"),
            (#""keys":{"documents""#, #""keys":{"documents":"0","documents""#, "a second time"),
        ])
    func strict(old: String, new: String, reason: String) throws {
        let text = String(decoding: try Self.record.bytes(), as: UTF8.self)
        try #require(text.contains(old), "\(old)")
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: AttestError.self) { try PlatformRecord(Array(changed.utf8)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
}
