import Attest
import Keys
import Measure
import Testing

@testable import Signing
@testable import Verify

@Suite("quote of the platform")
struct QuoteTests {
    private func good() async throws -> QuotedPlatform { try await QuotedPlatform.p256.value }

    /// Changes a document, and gives what is then found wrong.
    private func fault(
        of change: (inout QuoteDocument, QuotedPlatform) throws -> Void
    ) async throws -> QuoteError? {
        let quoted = try await good()
        var document = quoted.document
        try change(&document, quoted)
        #expect(document != quoted.document, "the change changes nothing")
        return #expect(throws: QuoteError.self) { try quoted.check(document) }
    }

    @Test("holds, with a key on P-256 and with one of RSA")
    func holds() async throws {
        for quoted in [try await good(), try await QuotedPlatform.rsa.value] {
            let finding = try quoted.check(quoted.document)
            #expect(finding.authority == "/CN=authority ca")
            #expect(finding.starts == 2)
            #expect(try PlatformRecord(quoted.platform).tpm?.attestationKeyName == finding.attestationKeyName)
        }
    }

    @Test("without an authority it says that nobody vouches for the key")
    func noAuthority() async throws {
        let quoted = try await good()
        #expect(try quoted.check(quoted.document, authorities: nil).authority == nil)
        var bare = quoted.document
        bare.certificates = nil
        #expect(try quoted.check(bare, authorities: nil).authority == nil)
        #expect(throws: QuoteError.noCertificate) { try quoted.check(bare) }
    }

    @Test("of another job is refused")
    func nonce() async throws {
        let quoted = try await good()
        #expect(throws: QuoteError.nonce) { try quoted.check(quoted.document, bill: Digest.of([])) }
    }

    @Test("does not vouch for another platform.json")
    func platform() async throws {
        let quoted = try await good()
        let text = String(decoding: quoted.platform, as: UTF8.self)
        let other = Array(text.replacing("18:00:00", with: "18:00:01").utf8)
        #expect(throws: QuoteError.otherPlatform(Digest.of(quoted.platform).hex)) {
            try quoted.check(quoted.document, platform: other)
        }
        var document = quoted.document
        document.starts[1] = Digest.of(other).hex
        #expect(throws: QuoteError.starts) { try quoted.check(document, platform: other) }
        let without = try QuotedPlatform.record(nil).bytes()
        #expect(throws: QuoteError.platformWithoutTPM) { try quoted.check(document, platform: without) }
        let another = try QuotedPlatform.record("000b").bytes()
        let name = try #require(try PlatformRecord(quoted.platform).tpm?.attestationKeyName)
        #expect(throws: QuoteError.otherKey(found: name, named: "000b")) {
            try quoted.check(document, platform: another)
        }
    }

    @Test("whose list of starts lost one, gained one or changed their order is refused")
    func starts() async throws {
        #expect(try await fault { document, _ in document.starts.removeFirst() } == .starts)
        #expect(try await fault { document, _ in document.starts.insert(document.starts[0], at: 0) } == .starts)
        #expect(try await fault { document, _ in document.starts.reverse() } == .starts)
        #expect(try await fault { document, _ in document.starts = [] } == .starts)
        #expect(try await fault { document, _ in document.starts[0] = "x" } == .starts)
    }

    @Test("whose registers are not those attested is refused")
    func registers() async throws {
        let other = Digest.of([9]).hex
        #expect(try await fault { document, _ in document.registers["4"] = other } == .registerValues)
        #expect(try await fault { document, _ in document.registers["13"] = other } == .registerValues)
        #expect(try await fault { document, _ in document.registers["14"] = other } == .registerValues)
        #expect(try await fault { document, _ in document.registers["0"] = nil } == .registerValues)
    }

    @Test("with a signature of another key, or of another algorithm, is refused")
    func signature() async throws {
        let other = try SigningKey.generate()
        let forged = try await fault { document, _ in
            let attested = try #require(Base64.decode(document.attested.utf8))
            document.signature = Base64.encode(Self.structure(try other.sign(attested)))
        }
        #expect(forged == .attestation(.field("signature", "is not by the attestation key over the attested bytes")))
        let rsa = try await QuotedPlatform.rsa.value
        let confused = try await fault { document, _ in document.signature = rsa.document.signature }
        #expect(confused == .attestation(.field("sigAlg", "is not that of the attestation key")))
        let weaker = try await fault { document, _ in
            var bytes = try #require(Base64.decode(document.signature.utf8))
            bytes[3] = 0x04
            document.signature = Base64.encode(bytes)
        }
        #expect(weaker == .attestation(.field("signature's hash", "is not SHA-256")))
    }

    @Test("cut off or with something after it is refused, wherever it is")
    func lengths() async throws {
        for field in [\QuoteDocument.attested, \.signature, \.publicArea] {
            for change in [{ $0.dropLast() }, { $0 + [0] }, { _ in [] }] as [([UInt8]) -> [UInt8]] {
                _ = try await fault { document, _ in
                    let bytes = try #require(Base64.decode(document[keyPath: field].utf8))
                    document[keyPath: field] = Base64.encode(change(bytes))
                }
            }
            _ = try await fault { document, _ in document[keyPath: field] += "\n" }
        }
        let quoted = try await good()
        let bytes = try quoted.document.bytes()
        for changed in [Array(bytes.dropLast()), bytes + [0x0a], [0x20] + bytes] {
            #expect(throws: QuoteError.self) {
                try Quote.check(changed, bill: quoted.bill, platform: quoted.platform, authorities: nil, at: quoted.now)
            }
        }
    }

    @Test("by a key of one's own making is as good as its certificate")
    func ownKey() async throws {
        let quoted = try await good()
        let own = try SigningKey.generate()
        var area = try #require(Base64.decode(quoted.document.publicArea.utf8))
        area.replaceSubrange(area.count - 66..<area.count - 34, with: own.publicKey.der.suffix(64).prefix(32))
        area.replaceSubrange(area.count - 32..<area.count, with: own.publicKey.der.suffix(32))
        let platform = try QuotedPlatform.record(try AttestationKey(area: area).name).bytes()
        // All of the attested structure is rebuilt; that no TPM did it, only the missing certificate tells.
        var attested = try #require(Base64.decode(quoted.document.attested.utf8))
        let starts = [Digest.of(platform)]
        var document = quoted.document
        document.publicArea = Base64.encode(area)
        document.starts = starts.map(\.hex)
        document.registers["13"] = Digest(bytes: TPMAttestation.replay(starts))?.hex
        let values = PlatformRegisters.selected.compactMap {
            document.registers[String($0)].flatMap(Digest.init(hex:))?.bytes
        }
        attested.replaceSubrange(attested.count - 32..<attested.count, with: TPMAttestation.digest(of: values))
        document.attested = Base64.encode(attested)
        document.signature = Base64.encode(Self.structure(try own.sign(attested)))
        #expect(try quoted.check(document, platform: platform, authorities: nil).authority == nil)
        #expect(throws: QuoteError.certifiedKey) { try quoted.check(document, platform: platform) }
    }

    @Test("with a certificate by another authority, for another purpose, of another key or of another time is refused")
    func certificates() async throws {
        let quoted = try await good()
        #expect(throws: QuoteError.untrusted("unable to get local issuer certificate")) {
            try quoted.check(quoted.document, authorities: "other")
        }
        var document = quoted.document
        document.certificates = String(decoding: quoted.pem["server"] ?? [], as: UTF8.self)
        #expect(throws: QuoteError.purpose) { try quoted.check(document) }
        document.certificates = String(decoding: quoted.pem["stranger"] ?? [], as: UTF8.self)
        #expect(throws: QuoteError.certifiedKey) { try quoted.check(document) }
        document.certificates = "none"
        #expect(throws: QuoteError.certificates("not PEM certificates, or none")) { try quoted.check(document) }
        let later = Instant(milliseconds: quoted.now.milliseconds + 11 * 86_400_000)
        #expect(throws: QuoteError.untrusted("certificate has expired")) {
            try quoted.check(quoted.document, at: later)
        }
        let earlier = Instant(milliseconds: quoted.now.milliseconds - 86_400_000)
        #expect(throws: QuoteError.untrusted("certificate is not yet valid")) {
            try quoted.check(quoted.document, at: earlier)
        }
        #expect(throws: QuoteError.self) { try QuoteAuthorities(pem: Array("-----BEGIN".utf8)) }
    }

    /// TPMT_SIGNATURE of an ECDSA-Sig-Value.
    private static func structure(_ der: [UInt8]) -> [UInt8] {
        let r = der[4..<4 + Int(der[3])]
        let s = der[(4 + r.count + 2)...]
        return [0, 0x18, 0, 0x0b, 0, UInt8(r.count)] + r + [0, UInt8(s.count)] + s
    }
}
