import AuditLog
import EvidenceTesting
import JSON
import Keys
import Measure
import Testing
import Verify

@Suite("the trust file")
struct TrustFileTests {
    private static let pem: String = (try? EvidenceKey().publicKey.pem) ?? ""

    private static func file(_ change: (inout JSONObject) -> Void = { _ in }) -> [UInt8] {
        var object = JSONObject()
        object["schema"] = "aibom-trust/1"
        object["keys"] = [["role": "documents", "pem": .string(pem)]]
        change(&object)
        return JSON.object(object).prettyBytes()
    }

    private static func key(_ members: (String, JSON)...) -> JSON {
        var object = JSONObject()
        for (name, value) in [("role", "documents"), ("pem", JSON.string(pem))] + members { object[name] = value }
        return [.object(object)]
    }

    @Test("says what is accepted")
    func reads() throws {
        let trust = try VerifierTrust(
            json: Self.file {
                $0["keys"] = Self.key(
                    ("not_before", "2026-01-01T00:00:00.000Z"), ("not_after", "2027-01-01T00:00:00.000Z"),
                    ("revoked", ["time": "2026-06-01T00:00:00.000Z", "reason": "stolen"]))
                $0["builders"] = ["urn:aibomgen:builder:strict:2"]
                $0["policies"] = [["name": "strict"], ["sha256": .string(String(repeating: "1", count: 64))]]
            })
        #expect(trust.keys.first?.revoked?.reason == "stolen")
        #expect(trust.keys.first?.notBefore == Instant("2026-01-01T00:00:00.000Z"))
        #expect(trust.builders == ["urn:aibomgen:builder:strict:2"] && trust.policies?.count == 2)
        #expect(trust.log == nil && trust.authorities.isEmpty)
    }

    struct Fault: Sendable {
        let place: String
        let change: @Sendable (inout JSONObject) -> Void
    }

    private static let faults: [Fault] = [
        Fault(place: "/schema") { $0["schema"] = "aibom-trust/2" },
        Fault(place: "/bulders") { $0["bulders"] = [] },
        Fault(place: "/builders") { $0["builders"] = "urn:x" },
        Fault(place: "/builders/0") { $0["builders"] = [1] },
        Fault(place: "") { $0["keys"] = [] },
        Fault(place: "/keys/0/role") { $0["keys"] = Self.key(("role", "log")) },
        Fault(place: "/keys/0/pem") { $0["keys"] = Self.key(("pem", "x")) },
        Fault(place: "/keys/0/id") { $0["keys"] = Self.key(("id", .string(String(repeating: "0", count: 64)))) },
        Fault(place: "/keys/0") { $0["keys"] = [["role": "documents"]] },
        Fault(place: "/keys/0/not_after") { $0["keys"] = Self.key(("not_after", "tomorrow")) },
        Fault(place: "/keys/0/revoked") { $0["keys"] = Self.key(("revoked", ["reason": "lost"])) },
        Fault(place: "/keys/0/revoked/by") { $0["keys"] = Self.key(("revoked", ["by": "me"])) },
        Fault(place: "/keys/1") { $0["keys"] = .array((Self.key().arrayValue ?? []) + (Self.key().arrayValue ?? [])) },
        Fault(place: "/policies/0") { $0["policies"] = [[:]] },
        Fault(place: "/policies/0/sha256") { $0["policies"] = [["sha256": "ABC"]] },
        Fault(place: "/log") { $0["log"] = ["least_size": 1] },
        Fault(place: "/log/keys/0") { $0["log"] = ["keys": ["x"]] },
        Fault(place: "/log/policy") { $0["log"] = ["policy": "quorum"] },
        Fault(place: "/log/least_size") { $0["log"] = ["keys": [], "policy": "quorum none\n", "least_size": -1] },
        Fault(place: "/authorities/0") { $0["authorities"] = ["x"] },
        Fault(place: "/timestamp_authorities/0") { $0["timestamp_authorities"] = [.null] },
    ]

    @Test("a fault is named with its place", arguments: faults.indices)
    func refuses(_ index: Int) {
        let fault = Self.faults[index]
        do throws(VerifyError) {
            _ = try VerifierTrust(json: Self.file(fault.change))
            Issue.record("was read: \(fault.place)")
        } catch {
            guard case .trust(fault.place, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("a member twice and bytes after it are refused")
    func strict() {
        let text = String(decoding: Self.file(), as: UTF8.self)
        for changed in [text.replacing("{\n  \"schema\"", with: "{\"keys\":[],\n  \"schema\""), text + "x"] {
            #expect(throws: VerifyError.self) { try VerifierTrust(json: Array(changed.utf8)) }
        }
    }

    @Test("a key that is rotated out goes on vouching for what the log has of its time")
    func rotation() throws {
        let evidence = try Evidence()
        let signer = try Evidence.logSigner()
        try evidence.enter(in: signer)
        var trust = VerifierTrust(keys: [], log: .init(signer.key))
        trust.keys = [
            .init(try EvidenceKey().publicKey, notBefore: Instant("2026-12-01T00:00:00.000Z")),
            .init(evidence.publicKey, notAfter: Instant("2026-12-01T00:00:00.000Z")),
        ]
        let verdict = Verifier.verify(directory: evidence.path, trust: trust)
        #expect(verdict.holds, "\(verdict.failures)")
        trust.log = nil
        #expect(Verifier.verify(directory: evidence.path, trust: trust).failures.map(\.reason) == [.keyTimeUnproved])
    }
}
