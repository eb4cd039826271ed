import Attest
import KeyTesting
import Keys
import Measure
import PythonTesting

@testable import Signing
@testable import Verify

/// A quote of an emulated TPM with everything around it; the TPM itself is gone again.
struct QuotedPlatform: Sendable {
    let bill = Digest.of(Array("aibom.json".utf8))
    let platform: [UInt8]
    let document: QuoteDocument
    /// PEM by name: `ca`, `other`, and certificates `ak`, `server`, `stranger`.
    let pem: [String: [UInt8]]
    let now: Instant

    static let p256 = Task { try await waiting { try QuotedPlatform(.p256) } }
    static let rsa = Task { try await waiting { try QuotedPlatform(.rsa) } }

    private init(_ kind: SoftwareTPM.Kind) throws {
        let tpm = try SoftwareTPM(kind)
        try tpm.makeAuthority("other")
        try tpm.certify("ak", by: "ca", as: "server", usage: "serverAuth")
        try tpm.run("openssl", "pkey", "-in", tpm.file("other.key"), "-pubout", "-out", tpm.file("stranger.pub.pem"))
        try tpm.certify("stranger", by: "ca")
        pem = try [
            "ca": tpm.read("ca.pem"), "other": tpm.read("other.pem"), "ak": tpm.read("ak.crt"),
            "server": tpm.read("server.crt"), "stranger": tpm.read("stranger.crt"),
        ]
        var desk = PlatformDesk(TPMDevice(try PlatformQuoter.open(tpm.socket)), handle: SoftwareTPM.handle)
        let key = try AttestationKey(area: try Self.ask(&desk, .identity))
        platform = try Self.record(key.name).bytes()
        let starts = [Digest.of(Array("an earlier start".utf8)), Digest.of(platform)]
        // The earlier start had a process of its own.
        for start in starts {
            desk = PlatformDesk(TPMDevice(try PlatformQuoter.open(tpm.socket)), handle: SoftwareTPM.handle)
            _ = try Self.ask(&desk, .identity)
            _ = try Self.ask(&desk, .enter, start.bytes)
        }
        let quote = try PlatformQuote(try Self.ask(&desk, .quote, bill.bytes))
        var registers: [String: String] = [:]
        for (register, value) in zip(PlatformRegisters.selected, quote.registers) {
            registers[String(register)] = Digest(bytes: value)?.hex
        }
        document = QuoteDocument(
            certificates: String(decoding: try tpm.read("ak.crt"), as: UTF8.self),
            publicArea: Base64.encode(key.area), attested: Base64.encode(quote.attested),
            signature: Base64.encode(quote.signature), registers: registers, starts: starts.map(\.hex))
        // A moment later: certificates count in seconds.
        now = Instant(milliseconds: Instant.now().milliseconds + 1000)
    }

    private static func ask(
        _ desk: inout PlatformDesk, _ verb: PlatformVerb, _ payload: [UInt8] = []
    ) throws -> [UInt8] {
        let reply = try desk.answer(Frame(kind: verb.rawValue, payload: payload))
        guard reply.kind == Reply.done.rawValue else {
            throw SigningError.signerRefused(String(decoding: reply.payload, as: UTF8.self))
        }
        return reply.payload
    }

    static func record(_ name: String?) -> PlatformRecord {
        let digest = Digest.of([]).hex
        return PlatformRecord(
            startedAt: "2026-11-23T18:00:00.000Z", productVersion: "0.1.0", executables: [],
            configuration: .init(sha256: digest, settings: [:], withheld: []), policies: [], rootfs: [],
            kernel: .init(), keys: [:],
            tpm: name.map { .init(attestationKeyName: $0, register: Int64(PlatformRegisters.own)) })
    }

    /// Checks a document, by the authority unless told otherwise.
    func check(
        _ document: QuoteDocument, bill: Digest? = nil, platform: [UInt8]? = nil, authorities: String? = "ca",
        at time: Instant? = nil
    ) throws -> Quote.Finding {
        try Quote.check(
            try document.bytes(), bill: bill ?? self.bill, platform: platform ?? self.platform,
            authorities: try authorities.map { try QuoteAuthorities(pem: pem[$0] ?? []) }, at: time ?? now)
    }
}
