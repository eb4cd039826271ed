import EvidenceTesting
import Foundation
import KeyTesting
import Keys
import Measure
import PythonTesting
import Testing
import Verify

/// Timestamps of a local authority, which `openssl ts` is, over evidence that names no log.
@Suite("timestamps", .timeLimit(.minutes(2)))
struct TimestampTests {
    private func trust(_ evidence: Evidence, _ certificate: [UInt8]) throws -> VerifierTrust {
        try VerifierTrust(
            json: Array(
                """
                {"schema":"aibom-trust/1","keys":[{"role":"documents","pem":\(quoted(evidence.publicKey.pem))}],
                 "timestamp_authorities":[\(quoted(String(decoding: certificate, as: UTF8.self)))]}
                """.utf8))
    }

    private func quoted(_ text: String) -> String { "\"\(text.replacing("\n", with: "\\n"))\"" }

    private func verify(_ evidence: Evidence, _ trust: VerifierTrust) -> Verdict {
        Verifier.verify(directory: evidence.path, trust: trust)
    }

    private func reason(_ evidence: Evidence, _ trust: VerifierTrust) -> Reason? {
        verify(evidence, trust).failures.first?.reason
    }

    @Test("one that holds proves a time, also to openssl ts -verify", arguments: ["sha256", "sha512"])
    func holds(_ digest: String) async throws {
        try await waiting {
            let evidence = try Evidence()
            let authority = try Authority()
            try evidence.write(
                try authority.timestamp(evidence.file("aibom.sig"), digest: digest), to: "aibom.tsr")
            for certificate in ["ca.pem", "tsa.pem"] {
                let verdict = verify(evidence, try trust(evidence, try authority.read(certificate)))
                #expect(verdict.holds, "\(verdict.failures)")
                let check = verdict.checks.first { $0.name == .timestamp }
                #expect(check?.voucher == .timestampAuthority("/CN=Test-TSA"), "\(String(describing: check))")
            }
            #expect(
                try authority.run(
                    "ts -verify -in \(evidence.file("aibom.tsr")) -data \(evidence.file("aibom.sig")) -CAfile ca.pem"
                ).contains("Verification: OK"))
            let open = verify(evidence, VerifierTrust(evidence.publicKey))
            #expect(open.holds && open.checks.contains { $0.name == .timestamp && $0.outcome == .claimed })
        }
    }

    @Test("our request is one that openssl takes, and its answer is over what was asked for")
    func request() async throws {
        try await waiting {
            let evidence = try Evidence()
            let authority = try Authority()
            let signature = try evidence.read("aibom.sig")
            let response = try authority.answer(TimestampRequest.der(over: Digest.of(signature)))
            #expect(throws: Never.self) { try TimestampRequest.check(response, over: signature) }
            #expect(throws: VerifyError.self) { try TimestampRequest.check(response, over: [1]) }
            try evidence.write(response, to: "aibom.tsr")
            #expect(verify(evidence, try trust(evidence, try authority.read("ca.pem"))).holds)
        }
    }

    @Test("one over other bytes, by a stranger, by a certificate for something else, or damaged does not")
    func refused() async throws {
        try await waiting {
            let evidence = try Evidence()
            let authority = try Authority()
            let trust = try trust(evidence, try authority.read("ca.pem"))
            try evidence.write(try authority.timestamp(evidence.file("aibom.json")), to: "aibom.tsr")
            #expect(reason(evidence, trust) == .timestampMismatch)
            let stranger = try Authority()
            try evidence.write(try stranger.timestamp(evidence.file("aibom.sig")), to: "aibom.tsr")
            #expect(reason(evidence, trust) == .timestampUntrusted)
            try evidence.write(try authority.timestamp(evidence.file("aibom.sig"), digest: "sha1"), to: "aibom.tsr")
            #expect(reason(evidence, trust) == .timestampUntrusted)
            let good = try authority.timestamp(evidence.file("aibom.sig"))
            try evidence.write(good + [0], to: "aibom.tsr")
            #expect(reason(evidence, trust) == .timestampMalformed)
            try evidence.write(Array(good.dropLast(40)) + [UInt8](repeating: 1, count: 40), to: "aibom.tsr")
            #expect(!verify(evidence, trust).holds)
        }
    }

    @Test("a revoked key still vouches for what was stamped before, and for nothing after")
    func revocation() async throws {
        try await waiting {
            let evidence = try Evidence()
            let authority = try Authority()
            var trust = try trust(evidence, try authority.read("ca.pem"))
            let key = evidence.publicKey
            let year: Int64 = 365 * 86_400_000
            let now = Instant.now().milliseconds
            for (moment, reason) in [(now + year, nil), (now - year, Reason.keyRevoked)] {
                trust.keys = [
                    .init(key, revoked: .init(time: Instant(milliseconds: moment), reason: "lost"))
                ]
                try? evidence.remove("aibom.tsr")
                #expect(self.reason(evidence, trust) == .keyTimeUnproved)
                try evidence.write(try authority.timestamp(evidence.file("aibom.sig")), to: "aibom.tsr")
                #expect(self.reason(evidence, trust) == reason)
            }
        }
    }

    @Test("a chain to an authority of the trust stands for the key, at a proved time")
    func chain() async throws {
        try await waiting {
            let evidence = try Evidence()
            let authority = try Authority()
            var trust = try trust(evidence, try authority.read("ca.pem"))
            trust.keys = []
            trust.authorities = trust.timestampAuthorities
            try authority.certify(publicKey: evidence.publicKey.pem, as: "signer", subject: "/CN=Signer")
            let chain = try authority.read("signer.pem") + authority.read("ca.pem")
            #expect(reason(evidence, trust) == .keyMissing)
            try evidence.write(chain, to: "signing.chain.pem")
            #expect(verify(evidence, trust).failures.contains { $0.reason == .chainTimeUnproved })
            try evidence.write(try authority.timestamp(evidence.file("aibom.sig")), to: "aibom.tsr")
            let verdict = verify(evidence, trust)
            #expect(verdict.holds, "\(verdict.failures)")
            #expect(verdict.checks.first { $0.name == .chain }?.voucher == .authority("/CN=Test-CA"))
            // The id alone is enough where the chain brings the key, and a chain of a stranger's is none.
            trust.keys = [.init(id: evidence.publicKey.keyID, key: nil)]
            #expect(verify(evidence, trust).holds)
            let stranger = try Authority()
            try stranger.certify(publicKey: evidence.publicKey.pem, as: "signer", subject: "/CN=Signer")
            try evidence.write(try stranger.read("signer.pem") + stranger.read("ca.pem"), to: "signing.chain.pem")
            #expect(verify(evidence, trust).failures.map(\.reason) == [.chainUntrusted])
            try evidence.write(try authority.read("tsa.pem"), to: "signing.chain.pem")
            trust.keys = [.init(evidence.publicKey)]
            #expect(verify(evidence, trust).failures.map(\.reason) == [.chainKeyMismatch])
        }
    }
}
