import EvidenceTesting
import Keys
import Measure
import Verify

extension Tampering {
    /// Evidence as it was made, held against a trust that does not take it. The log's time is 05:43:01.
    static let trusts: [Tampering] = [
        trust("no key", .keyMissing) { $0.trust.keys = [] },
        trust("the key was revoked before", .keyRevoked) { scene in
            scene.bound(revoked: "2026-11-23T05:43:00.000Z")
        },
        trust("the key had ended before", .keyExpired, rows: [23]) { $0.bound(notAfter: "2026-11-23T05:43:00.000Z") },
        trust("the key began after", .keyNotYetValid) { $0.bound(notBefore: "2026-11-23T05:43:02.000Z") },
        trust("the key was revoked since, and nothing proves when it signed", .keyTimeUnproved) { scene in
            scene.bound(revoked: "2026-12-01T00:00:00.000Z")
            scene.trust.log = nil
        },
        trust("another builder", .builderUntrusted) { $0.trust.builders = ["urn:aibomgen:builder:gold:1"] },
        trust("no builder", .builderUntrusted) { $0.trust.builders = [] },
        trust("another policy", .policyUntrusted) {
            $0.trust.policies = [.init(name: "strict", sha256: nil)]
        },
        trust("the policy's name with another digest", .policyUntrusted) {
            $0.trust.policies = [.init(name: "training-cpu", sha256: String(repeating: "2", count: 64))]
        },
        Tampering("aibom.tsr", "no time-stamp response", .timestampMalformed) {
            try $0.evidence.write([0x30, 0x00], to: "aibom.tsr")
        },
        Tampering("platform.json", "of a machine that signs with another key", .platformKeyMismatch) { scene in
            let other = try Evidence()
            let bytes = try other.read("platform.json")
            let sibling = try scene.evidence.resealed(platform: bytes)
            try scene.take(Evidence.documents + ["platform.json"], from: sibling)
            try scene.enter()
        },
        Tampering("platform.json", "not in its one form", .platformMalformed) { scene in
            let sibling = try scene.evidence.resealed(platform: try scene.evidence.read("platform.json") + [0x0a])
            try scene.take(Evidence.documents + ["platform.json"], from: sibling)
            try scene.enter()
        },
        Tampering("signing.chain.pem", "no certificate", .chainMalformed) {
            try $0.evidence.write([0x0a], to: "signing.chain.pem")
            try $0.enter()
        },
    ]

    private static func trust(
        _ what: String, _ reason: Reason, rows: [Int] = [], _ change: @escaping @Sendable (TamperScene) throws -> Void
    ) -> Tampering { Tampering("the trust", what, reason, rows: rows, change) }
}

extension TamperScene {
    func bound(notBefore: String? = nil, notAfter: String? = nil, revoked: String? = nil) {
        trust.keys = [
            VerifierTrust.Key(
                evidence.publicKey, notBefore: notBefore.flatMap { Instant($0) },
                notAfter: notAfter.flatMap { Instant($0) },
                revoked: revoked.flatMap { Instant($0) }.map { .init(time: $0, reason: "lost") })
        ]
    }
}
