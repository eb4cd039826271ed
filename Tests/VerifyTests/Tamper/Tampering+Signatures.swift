import Attest
import AuditLog
import EvidenceTesting
import Keys
import Verify

extension Tampering {
    private static let file = "aibom.sig"

    static let signatures: [Tampering] = [
        Tampering(file, "removed", .fileMissing) { try $0.evidence.remove(file) },
        Tampering(file, "emptied", .billSignatureMalformed) { try $0.edit(file) { _ in [] } },
        Tampering(file, "too large to be one", .fileTooLarge) {
            try $0.edit(file) { $0 + [UInt8](repeating: 0, count: 4096) }
        },
        Tampering(file, "as raw r || s instead of DER", .billSignatureMalformed) {
            try $0.edit(file) { ECDSASignature($0).raw }
        },
        Tampering(file, "its length in BER's long form", .billSignatureMalformed) {
            try $0.edit(file) { [0x30, 0x81] + $0[1...] }
        },
        Tampering(file, "an integer padded", .billSignatureMalformed) {
            try $0.edit(file) { ECDSASignature($0).padded }
        },
        Tampering(file, "a byte after it", .billSignatureMalformed) { try $0.edit(file) { $0 + [0] } },
        Tampering(file, "r and s zero", .billSignatureMismatch) {
            try $0.edit(file) { _ in [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01] }
        },
        Tampering(file, "s replaced by n - s, which verifies as well", .logDigestMismatch) {
            try $0.edit(file) { ECDSASignature($0).mirrored }
        },
        Tampering(file, "of another document by the same key", .billSignatureMismatch) { scene in
            try scene.evidence.write(try scene.evidence.key.sign([1, 2, 3]), to: file)
        },
        Tampering(file, "of a statement by the same key", .billSignatureMismatch) { scene in
            let payload = try scene.evidence.payloads()[0]
            try scene.evidence.write(try scene.evidence.envelope(payload).signatures[0].bytes, to: file)
        },
        Tampering(file, "by another valid key", .billSignatureMismatch) { scene in
            try scene.evidence.write(try EvidenceKey().sign(scene.evidence.read("aibom.json")), to: file)
        },
        Tampering(file, "by an Ed25519 key", .billSignatureMalformed) { scene in
            try scene.evidence.write(try EvidenceKey(.ed25519).sign(scene.evidence.read("aibom.json")), to: file)
        },
        Tampering(file, "by the log's key", .billSignatureMalformed) { scene in
            try scene.evidence.write(try scene.signer.sign(try scene.evidence.read("aibom.json")), to: file)
        },
        Tampering("all documents", "signed again by another valid key", .billSignatureMismatch) { scene in
            let other = try Evidence()
            try scene.take(Evidence.documents, from: other)
            try scene.enter()
        },
        Tampering("all documents", "checked with a key of another algorithm", .billSignatureMalformed) { scene in
            scene.trust.keys = [VerifierTrust.Key(try EvidenceKey(.ed25519).publicKey)]
        },
        Tampering("all documents", "checked with another key", .billSignatureMismatch) { scene in
            scene.trust.keys = [VerifierTrust.Key(try EvidenceKey().publicKey)]
        },
    ]
}

/// An ECDSA-Sig-Value on P-256, taken apart.
struct ECDSASignature {
    private let r: [UInt8]
    private let s: [UInt8]

    init(_ der: [UInt8]) {
        let length = Int(der[3])
        r = Array(der[4..<(4 + length)])
        s = Array(der[(6 + length)...])
    }

    var raw: [UInt8] {
        [r, s].flatMap { number in
            let digits = number.drop { $0 == 0 }
            return [UInt8](repeating: 0, count: 32 - digits.count) + digits
        }
    }

    var padded: [UInt8] { Self.der([0] + r, s) }

    /// The other signature that the same signer could have made (SEC 1, section 4.1.4): n - s.
    var mirrored: [UInt8] {
        let order: [UInt8] = [
            0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
        ]
        var rest = Array(raw[32...])
        var borrow = 0
        for index in rest.indices.reversed() {
            let difference = Int(order[index]) - Int(rest[index]) - borrow
            borrow = difference < 0 ? 1 : 0
            rest[index] = UInt8(difference + borrow * 256)
        }
        let digits = Array(rest.drop { $0 == 0 })
        return Self.der(r, digits[0] < 0x80 ? digits : [0] + digits)
    }

    private static func der(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
        let body = [0x02, UInt8(r.count)] + r + [0x02, UInt8(s.count)] + s
        return [0x30, UInt8(body.count)] + body
    }
}
