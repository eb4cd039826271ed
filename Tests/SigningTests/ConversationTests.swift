import Foundation
import Keys
import Measure
import Testing

@testable import Signing

/// What somebody can get signed who has the socket and wants something else signed.
@Suite("A job's conversation")
struct ConversationTests {
    /// A desk that has signed the job's AIBoM.
    private func billed(
        _ algorithm: KeyAlgorithm = .p256, isCompleted: Bool = true
    ) throws -> (desk: Desk, job: TestJob) {
        let key = try SigningKey.generate(algorithm)
        let job = TestJob(key.publicKey, isCompleted: isCompleted)
        let desk = Desk(key)
        try desk.ask(.publicKey)
        try #require(try desk.signs(.signBill, job.bill, over: job.bill))
        return (desk, job)
    }

    @Test("signs every statement about a job, over the text of DSSE", arguments: [true, false])
    func all(isCompleted: Bool) throws {
        let (desk, job) = try billed(isCompleted: isCompleted)
        for statement in job.statements {
            #expect(try desk.signs(.signStatement, statement, over: encoded(statement)))
        }
        let model = try desk.reply(.signModel, job.modelStatement)
        #expect((model.kind == Reply.done.rawValue) == isCompleted)
        #expect(!isCompleted || desk.publicKey.verify(signature: model.payload, over: encoded(job.modelStatement)))
    }

    @Test("signs each kind once", arguments: [true, false])
    func once(isCompleted: Bool) throws {
        let (desk, job) = try billed(isCompleted: isCompleted)
        for statement in job.statements {
            #expect(try desk.signs(.signStatement, statement, over: encoded(statement)))
            #expect(try desk.refuses(.signStatement, statement))
        }
        guard isCompleted else { return }
        #expect(try desk.signs(.signModel, job.modelStatement, over: encoded(job.modelStatement)))
        #expect(try desk.refuses(.signModel, job.modelStatement))
    }

    @Test("what was refused was not said: the right statement is signed afterwards")
    func refusedIsNotSaid() throws {
        let (desk, job) = try billed()
        #expect(try desk.refuses(.signStatement, changed(job.provenance, ":builder:test:1", ":builder:strict:2")))
        #expect(try desk.signs(.signStatement, job.provenance, over: encoded(job.provenance)))
    }

    @Test("no provenance and no model of a failed job, and no failure of a completed one")
    func outcomes() throws {
        let (failed, job) = try billed(isCompleted: false)
        // With the failed job's own subject, so that it is the outcome that is refused.
        #expect(try failed.refuses(.signStatement, job.provenance))
        #expect(try failed.refuses(.signModel, job.modelStatement))
        let (completed, other) = try billed()
        #expect(try completed.refuses(.signStatement, other.failure))
    }

    @Test("a job's end is the end of what is signed about it, and the next job's turn")
    func end() throws {
        let (desk, job) = try billed()
        #expect(throws: SigningDesk.Violation.notNow(.signBill)) { try desk.ask(.signBill, job.bill) }
        try desk.ask(.endJob)
        #expect(throws: SigningDesk.Violation.notNow(.signStatement)) { try desk.ask(.signStatement, job.provenance) }
        var next = job
        next.id = "0198f3c2-7b1e-7c3a-9f00-0123456789ac"
        #expect(try desk.signs(.signBill, next.bill, over: next.bill))
        for statement in job.statements { #expect(try desk.refuses(.signStatement, statement)) }
        #expect(try desk.refuses(.signModel, job.modelStatement))
        #expect(try desk.signs(.signStatement, next.provenance, over: encoded(next.provenance)))
    }

    @Test("P-384 signs all of it, with SHA-384")
    func p384() throws {
        let (desk, job) = try billed(.p384)
        for statement in job.statements { #expect(try desk.signs(.signStatement, statement, over: encoded(statement))) }
        #expect(try desk.signs(.signModel, job.modelStatement, over: encoded(job.modelStatement)))
    }

    @Test("Ed25519 signs documents and statements, and no model: OMS has no such signatures")
    func ed25519() throws {
        let (desk, job) = try billed(.ed25519)
        for statement in job.statements { #expect(try desk.signs(.signStatement, statement, over: encoded(statement))) }
        #expect(try desk.refuses(.signModel, job.modelStatement))
    }

    @Test("the subject is the AIBoM's outputs: none more, none less, none other; their order means nothing")
    func subjects() throws {
        let (desk, job) = try billed()
        let model = #"{"name":"trained_model.bin","digest":{"sha256":"\#(TestJob.model)"}}"#
        let logs = #"{"name":"logs.txt","digest":{"sha256":"\#(TestJob.logs)"}}"#
        let own = "[\(model),\(logs)]"
        let zero = String(repeating: "0", count: 64)
        for other in [
            "[]", "[\(model)]", "[\(logs)]", "[\(model),\(logs),\(logs)]", "[\(model),\(model)]", "{}",
            "[\(model),\(logs),{\"name\":\"x\",\"digest\":{\"sha256\":\"\(zero)\"}}]",
            own.replacing(TestJob.model, with: zero), own.replacing("logs.txt", with: "log.txt"),
            own.replacing("\"sha256\"", with: "\"sha512\"", maxReplacements: 1),
            own.replacing("\"}}", with: "\",\"sha1\":\"\"}}", maxReplacements: 1),
            own.replacing("}}", with: "},\"uri\":\"x\"}", maxReplacements: 1),
            own.replacing(TestJob.model, with: TestJob.model.uppercased()),
        ] {
            for statement in job.statements {
                #expect(try desk.refuses(.signStatement, changed(statement, own, other)), "\(other)")
            }
        }
        for statement in job.statements {
            let turned = try changed(statement, own, "[\(logs),\(model)]")
            #expect(try desk.signs(.signStatement, turned, over: encoded(turned)))
        }
    }

    @Test("a statement has exactly its members, in one rendering")
    func form() throws {
        let (desk, job) = try billed()
        for statement in job.statements {
            for (part, replacement) in [
                ("/Statement/v1\"", "/Statement/v0.1\""), ("\"_type\"", "\"type\""),
                ("{\"_type\"", "{\"extra\":1,\"_type\""), ("\"predicateType\":\"", "\"predicateType\":\"x"),
                ("{\"_type\"", "{ \"_type\""), ("\"_type\"", "\"\\u005ftype\""),
                ("\"subject\"", "\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\""),
            ] {
                #expect(try desk.refuses(.signStatement, changed(statement, part, replacement)), "\(part)")
            }
            #expect(try desk.refuses(.signStatement, statement + [0x0a]))
            #expect(try desk.refuses(.signStatement, encoded(statement)))
            #expect(try desk.refuses(.signModel, statement))
        }
        #expect(try desk.refuses(.signStatement, job.modelStatement))
        #expect(try desk.refuses(.signStatement, job.bill))
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(try desk.refuses(.signStatement, changed(job.claims, "\"no-network\"", deep)))
    }

    @Test(
        "provenance is by the AIBoM's builder, of its job, and names it and the platform by digest",
        arguments: [
            (":build-type:training:1", ":build-type:training:2"), (":builder:test:1", ":builder:strict:2"),
            ("\"urn:uuid:0198", "\"urn:uuid:0199"), ("[{\"name\":\"aibom.json\"", "[{\"name\":\"aibom.txt\""),
            ("\"platform.json\"", "\"platform\""), (TestJob.platform, TestJob.logs), (TestJob.policy, TestJob.logs),
            (TestJob.input, TestJob.logs), ("input-dataset", "input-model"),
            ("\"byproducts\":[", "\"byproducts\":[{},"),
            ("\"byproducts\":[", "\"byproducts\":[{\"name\":\"aibom.json\"},"), ("\"builder\":", "\"author\":"),
            ("\"byproducts\":[", "\"byproducts\":[{\"name\":\"trained_model.bin\"},"),
            ("\"resolvedDependencies\":[", "\"resolvedDependencies\":[{\"name\":\"policy\",\"digest\":{}},"),
        ])
    func provenance(part: String, replacement: String) throws {
        let (desk, job) = try billed()
        #expect(try desk.refuses(.signStatement, changed(job.provenance, part, replacement)))
    }

    @Test(
        "the other statements name the AIBoM and the platform by digest, and the failure its job",
        arguments: [true, false])
    func names(isCompleted: Bool) throws {
        let (desk, job) = try billed(isCompleted: isCompleted)
        for statement in [job.trace, job.claims] + (isCompleted ? [] : [job.failure]) {
            for (part, replacement) in [
                (Digest.of(job.bill).hex, TestJob.logs), (TestJob.platform, TestJob.logs), ("aibom.json", "bom.json"),
                ("platform.json", "p.json"), ("\"job\":\"0198", "\"job\":\"0199"),
                ("\"aibomgen_evidence\"", "\"evidence\""),
                ("\"documents\":[", "\"documents\":[{},"),
            ] {
                #expect(try desk.refuses(.signStatement, changed(statement, part, replacement)), "\(part)")
            }
        }
        guard !isCompleted else { return }
        #expect(try desk.refuses(.signStatement, changed(job.failure, TestJob.input, TestJob.logs)))
        #expect(try desk.refuses(.signStatement, changed(job.failure, "input-dataset", "input-model")))
    }

    @Test("the AIBoM in a statement is the AIBoM")
    func carriedBill() throws {
        let (desk, job) = try billed()
        for (part, replacement) in [
            ("\"linux\"", "\"bsd\""), ("\"bom-ref\":\"kernel\",", ""), ("\"version\":1", "\"version\":1.0"),
            ("{\"bom-ref\":\"kernel\",\"name\":\"linux\"}", "{\"name\":\"linux\",\"bom-ref\":\"kernel\"}"),
            ("\"specVersion\":\"1.6\"", "\"specVersion\":\"1.7\""),
        ] {
            #expect(try desk.refuses(.signStatement, changed(job.billStatement, part, replacement)), "\(part)")
        }
    }

    @Test(
        "a model's statement is about the AIBoM's model and nothing else",
        arguments: [
            ("\"files\"", "\"shards\""), ("\"hash_type\":\"sha256\"", "\"hash_type\":\"blake2b\""), ("false", "true"),
            ("\"digest\":\"\(TestJob.model)\"", "\"digest\":\"\(TestJob.logs)\""),
            ("\"trained_model.bin\"", "\"other.bin\""),
            (
                "\"resources\":[",
                "\"resources\":[{\"name\":\"x\",\"algorithm\":\"sha256\",\"digest\":\"\(TestJob.logs)\"},"
            ),
            ("\"training\":", "\"extra\":{},\"training\":"), ("\"job\":\"0198", "\"job\":\"0199"),
            ("\"documents\":[", "\"documents\":[{},"), ("aibom.json", "bom.json"), (TestJob.platform, TestJob.logs),
            ("\"name\":\"model\",\"digest\":{\"sha256\":\"", "\"name\":\"model\",\"digest\":{\"sha256\":\"0"),
            ("\"subject\":[", "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":\"\(TestJob.logs)\"}},"),
        ])
    func model(part: String, replacement: String) throws {
        let (desk, job) = try billed()
        #expect(try desk.refuses(.signModel, changed(job.modelStatement, part, replacement)))
    }

    @Test("of a job without an AIBoM nothing is signed but that it failed")
    func neverRan() throws {
        let key = try SigningKey.generate()
        let job = TestJob(key.publicKey)
        let desk = Desk(key)
        try desk.ask(.publicKey)
        for statement in job.statements + [job.failure, job.modelStatement, job.bill] {
            #expect(try desk.refuses(.signFailure, statement))
        }
        for (part, replacement) in [
            ("\"job\":\"0198", "\"job\":\"X198"), ("\"job\":", "\"task\":"), ("platform.json", "aibom.json"),
            ("\"subject\":[{", "\"subject\":[],\"x\":[{"),
        ] {
            #expect(try desk.refuses(.signFailure, changed(job.unbilledFailure, part, replacement)), "\(part)")
        }
        #expect(try desk.signs(.signFailure, job.unbilledFailure, over: encoded(job.unbilledFailure)))
    }
}

/// A desk that is asked and looked at.
private final class Desk {
    let publicKey: PublicKey
    private var desk: SigningDesk

    init(_ key: consuming SigningKey) {
        publicKey = key.publicKey
        desk = SigningDesk(key: key)
    }

    func reply(_ verb: Verb, _ payload: [UInt8] = []) throws -> Frame {
        try desk.answer(Frame(kind: verb.rawValue, payload: payload))
    }

    func ask(_ verb: Verb, _ payload: [UInt8] = []) throws { _ = try reply(verb, payload) }

    func signs(_ verb: Verb, _ payload: [UInt8], over message: [UInt8]) throws -> Bool {
        let reply = try reply(verb, payload)
        return reply.kind == Reply.done.rawValue && publicKey.verify(signature: reply.payload, over: message)
            && (message == payload || !publicKey.verify(signature: reply.payload, over: payload))
    }

    func refuses(_ verb: Verb, _ payload: [UInt8]) throws -> Bool {
        try reply(verb, payload).kind == Reply.refused.rawValue
    }
}
