import Foundation
import Keys
import Testing

@testable import Signing

@Suite("The shape of an AIBoM")
struct BillShapeTests {
    private static let job = TestJob(keyID: String(repeating: "5", count: 64))

    private func check(_ bytes: [UInt8]) throws(SigningError) -> Bill {
        try BillShape.check(bytes, keyID: Self.job.keyID)
    }

    @Test("is read as what it says")
    func read() throws {
        let bill = try check(Self.job.bill)
        #expect(bill.job == Self.job.id && bill.isCompleted && bill.builder == "urn:aibomgen:builder:test:1")
        #expect(bill.inputs == [Resource(name: "input-dataset", sha256: TestJob.input)])
        #expect(bill.parts == bill.inputs + [Resource(name: "policy", sha256: TestJob.policy)])
        #expect(bill.model == Resource(name: "trained_model.bin", sha256: TestJob.model))
        #expect(bill.outputs == [try #require(bill.model), Resource(name: "logs.txt", sha256: TestJob.logs)])
        #expect(bill.platform == Resource(name: "platform.json", sha256: TestJob.platform))
        // A decimal somewhere is no fault of the shape: changes below fail for their own reason.
        _ = try check(changed(Self.job.bill, "{\"bomFormat\"", "{\"a\":1.5,\"bomFormat\""))
    }

    @Test(
        "is refused with anything else in a place that counts",
        arguments: [
            ("\"CycloneDX\"", "\"SPDX\""), ("\"1.6\"", "\"1.5\""), ("\"version\":1", "\"version\":2"),
            ("7c3a", "4c3a"), ("9f00", "cf00"), ("0198f3c2", "0198F3C2"), ("urn:uuid:", "urn:oid:"),
            ("observed:job.id", "observed:job"), ("\"aibomgen:", "\"other:"), ("6789ab\"}", "6789ac\"}"),
            ("\"version\":1", "\"version\":1,\"version\":1"), ("\"version\":1", "\"version\":1,\"signature\":{}"),
            ("}]}", "}]"), ("\"completed\"", "\"done\""), ("\"completed\"", "\"failed\""),
            ("observed:builder.id", "declared:builder.id"), ("observed:key.id", "reported:key.id"),
            ("\"trained-model\"", "\"other\""), ("\"logs\"", "\"trained-model\""),
            ("\"value\":\"logs.txt\"", "\"value\":\"trained_model.bin\""),
            ("\"value\":\"logs.txt\"", "\"value\":\"platform.json\""),
            ("\"value\":\"logs.txt\"", "\"value\":\"aibom.json\""),
            ("\"value\":\"logs.txt\"", "\"value\":\"../logs.txt\""),
            ("\"value\":\"logs.txt\"", "\"value\":\"\""), ("SHA-256", "SHA-512"),
            ("\"content\":\"", "\"content\":\"0"), ("\"hashes\":[", "\"hashes\":[{},"),
            ("\"bom-ref\":\"policy\"", "\"bom-ref\":\"input-dataset\""), ("\"bom-ref\":\"policy\",", ""),
        ])
    func changes(part: String, replacement: String) throws {
        #expect(throws: SigningError.self) { try check(changed(Self.job.bill, part, replacement)) }
    }

    @Test("is refused when it names another key")
    func otherKey() throws {
        let other = try SigningKey.generate().publicKey.keyID
        #expect(throws: SigningError.self) { try BillShape.check(Self.job.bill, keyID: other) }
    }

    @Test("is refused when its model is not the one that the whole document is about")
    func otherModel() throws {
        let text = String(decoding: Self.job.bill, as: UTF8.self)
        let first = try #require(text.range(of: TestJob.model))
        #expect(throws: SigningError.self) {
            try check(Array(text.replacingCharacters(in: first, with: TestJob.logs).utf8))
        }
    }

    @Test("is strict JSON, and so never a text that DSSE signs, however it goes on")
    func strict() throws {
        for bytes in [
            encoded(Self.job.bill), encoded(Self.job.provenance), Self.job.bill + Self.job.bill,
            [0xef, 0xbb, 0xbf] + Self.job.bill, Array(repeating: UInt8(ascii: "["), count: 100_000), [],
        ] {
            #expect(throws: SigningError.self) { try check(bytes) }
        }
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(throws: SigningError.self) {
            try check(changed(Self.job.bill, "{\"bomFormat\"", "{\"a\":\(deep),\"bomFormat\""))
        }
    }
}
