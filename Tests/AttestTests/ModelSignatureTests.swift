import Attest
import JSON
import Testing

@Suite("model signature")
struct ModelSignatureTests {
    @Test("reads the format's own bundles", arguments: ["keyed", "python"])
    func fixture(_ name: String) throws {
        let contents = try ModelSignature.read(try Vectors.file("oms/\(name).json"))
        #expect(
            contents.material
                == .publicKey(hint: "93b9cfbac0e866837d81da40c3a40ff29b4111de367922b5a4b3caaf07e203b7"))
        #expect(contents.rootDigest == "74f43376825ade6165851272f839473b1bda2ff0060f8b38f6f3bcc3f758777d")
        #expect(contents.resources.map(\.name) == ["config.json", "model.safetensors", "sub/tok.txt"])
        #expect(contents.links == nil)
    }

    private static let links = EvidenceLinks(
        job: "0198f3c2-7b1e-7c3a-9f00-0123456789ab", bill: Fixtures.digest("b"), platform: Fixtures.digest("4"))

    private func payload() -> [UInt8] {
        ModelSignature.payload(
            model: .init(name: "trained_model.keras", sha256: Fixtures.digest("d"), size: 1),
            rootDigest: Fixtures.digest("e"), links: Self.links)
    }

    @Test("reads back what it writes")
    func roundTrip() throws {
        for material in [.publicKey(hint: Fixtures.digest("9")), .chain([[1, 2], [3]])] as [ModelSignature.Material] {
            let bytes = ModelSignature.bundle(payload: payload(), signature: [1, 2, 3], material: material)
            let contents = try ModelSignature.read(bytes)
            #expect(contents.material == material)
            #expect(contents.envelope.payload == payload())
            #expect(contents.envelope.signatures == [.init(keyID: "", bytes: [1, 2, 3])])
            #expect(contents.rootDigest == Fixtures.digest("e"))
            #expect(contents.resources == [.init(name: "trained_model.keras", sha256: Fixtures.digest("d"))])
            #expect(contents.links == Self.links)
        }
    }

    @Test(
        "refuses a bundle that readers could take in two ways",
        arguments: [
            (#"bundle.v0.3"#, "bundle.v0.2", "value mediaType"),
            (#"{"mediaType""#, #"{"x":1,"mediaType""#, "unknown x"),
            (#"{"hint""#, #"{"rawBytes":"","hint""#, "unknown verificationMaterial.publicKey.rawBytes"),
            (#""tlogEntries":[]"#, #""tlogEntries":[{}]"#, "value verificationMaterial.tlogEntries"),
            (
                #"{"publicKey""#, #"{"x509CertificateChain":{"certificates":[]},"publicKey""#,
                "twice verificationMaterial's key"
            ),
            (#"{"publicKey":{"hint":"\#(Fixtures.digest("9"))"},"#, "{", "missing verificationMaterial.publicKey"),
            (#""signatures":[{"#, #""signatures":[{"keyid":"","sig":"AQ=="},{"#, "twice dsseEnvelope.signatures"),
            (#"vnd.in-toto+json"#, "x", "value dsseEnvelope.payloadType"),
        ])
    func refusals(part: String, replacement: String, reason: String) throws {
        let bytes = ModelSignature.bundle(
            payload: payload(), signature: [1], material: .publicKey(hint: Fixtures.digest("9")))
        let text = String(decoding: bytes, as: UTF8.self)
        let changed = text.replacing(part, with: replacement)
        try #require(changed != text)
        do {
            _ = try ModelSignature.read(Array(changed.utf8))
            Issue.record("was read")
        } catch AttestError.bundle(let fault) { #expect(EnvelopeTests.short(fault) == reason) }
    }

    @Test(
        "refuses a statement that says less than which bytes the model has",
        arguments: [
            (#""method":"files""#, #""method":"shards""#, "value predicate.serialization.method"),
            (#""hash_type":"sha256""#, #""hash_type":"blake2""#, "value predicate.serialization.hash_type"),
            (#""allow_symlinks":false"#, #""allow_symlinks":true"#, "value predicate.serialization.allow_symlinks"),
            (#""algorithm":"sha256""#, #""algorithm":"sha1""#, "value predicate.resources[0].algorithm"),
        ])
    func serialization(part: String, replacement: String, reason: String) throws {
        let text = String(decoding: payload(), as: UTF8.self)
        let changed = text.replacing(part, with: replacement)
        try #require(changed != text)
        let bytes = ModelSignature.bundle(
            payload: Array(changed.utf8), signature: [1], material: .publicKey(hint: Fixtures.digest("9")))
        do {
            _ = try ModelSignature.read(bytes)
            Issue.record("was read")
        } catch AttestError.bundle(let fault) { #expect(EnvelopeTests.short(fault) == reason) }
    }
}
