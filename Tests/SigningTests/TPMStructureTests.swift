import Keys
import Measure
import Testing

/// Structures of a TPM, as bytes.
@Suite("structures of a TPM")
struct TPMStructureTests {
    /// magic, type, qualifiedSigner, extraData, clockInfo, firmwareVersion, pcrSelect, pcrDigest.
    private static let fields: [[UInt8]] = [
        [0xff, 0x54, 0x43, 0x47], [0x80, 0x18], [0, 2, 0, 0x0b], [0, 3, 7, 8, 9],
        [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 6, 1], [1, 2, 3, 4, 5, 6, 7, 8],
        [0, 0, 0, 1, 0, 0x0b, 3, 0xff, 0x20, 0], [0, 32] + [UInt8](repeating: 4, count: 32),
    ]

    @Test("a quote is read")
    func reads() throws {
        let attestation = try TPMAttestation(Self.fields.flatMap(\.self))
        #expect(attestation.nonce == [7, 8, 9])
        #expect(attestation.registerDigest == [UInt8](repeating: 4, count: 32))
        #expect(attestation.resetCount == 5)
    }

    @Test("every shorter one, and a longer one, is refused")
    func lengths() {
        let bytes = Self.fields.flatMap(\.self)
        for count in 0..<bytes.count {
            #expect(throws: TPMError.self, "\(count)") { try TPMAttestation(Array(bytes[..<count])) }
        }
        #expect(throws: TPMError.trailing("attested structure")) { try TPMAttestation(bytes + [0]) }
    }

    @Test(
        "what is no quote of our registers is refused by name",
        arguments: [
            (0, [0xff, 0x54, 0x43, 0x48], "magic"), (1, [0x80, 0x17], "type"),
            (4, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 6, 2], "clockInfo.safe"),
            (6, [0, 0, 0, 1, 0, 0x04, 3, 0xff, 0x20, 0], "pcrSelect"),
            (6, [0, 0, 0, 1, 0, 0x0b, 3, 0xff, 0x00, 0], "pcrSelect"),
            (6, [0, 0, 0, 0], "pcrSelect"), (7, [0, 20] + [UInt8](repeating: 4, count: 20), "pcrDigest"),
        ] as [(Int, [UInt8], String)])
    func fields(position: Int, value: [UInt8], name: String) {
        var fields = Self.fields
        fields[position] = value
        let error = #expect(throws: TPMError.self) { try TPMAttestation(fields.flatMap(\.self)) }
        #expect(error?.description.hasPrefix(name) == true, "\(error?.description ?? "")")
    }

    @Test("a register is replayed as the TPM extends it")
    func replay() {
        #expect(TPMAttestation.replay([]) == PlatformRegisters.initial)
        let (first, second) = (Digest.of([1]), Digest.of([2]))
        let once = Digest.of([UInt8](repeating: 0, count: 32) + first.bytes)
        #expect(TPMAttestation.replay([first]) == once.bytes)
        #expect(TPMAttestation.replay([first, second]) == Digest.of(once.bytes + second.bytes).bytes)
        #expect(TPMAttestation.replay([second, first]) != TPMAttestation.replay([first, second]))
    }

    @Test(
        "only a restricted signing key of a kind that we check is an attestation key",
        arguments: [
            (4, [0, 0x04, 0, 0x32], "objectAttributes"), (4, [0, 0x07, 0, 0x32], "objectAttributes"),
            (4, [0, 0x05, 0, 0x30], "objectAttributes"), (2, [0, 0x04], "nameAlg"), (10, [0, 0x06], "symmetric"),
            (12, [0, 0x14], "scheme"), (14, [0, 0x04], "scheme"), (16, [0, 0x04], "curveID"), (18, [0, 0x20], "kdf"),
            (22, [1, 2, 3], "unique"),
        ] as [(Int, [UInt8], String)])
    func areas(position: Int, value: [UInt8], name: String) throws {
        let point = Array(try Self.generator())
        var area: [UInt8] =
            [0, 0x23, 0, 0x0b, 0, 0x05, 0, 0x32, 0, 0, 0, 0x10, 0, 0x18, 0, 0x0b, 0, 3, 0, 0x10, 0, 32]
            + point[..<32] + [0, 32] + point[32...]
        _ = try AttestationKey(area: area)
        #expect(throws: TPMError.trailing("public area")) { try AttestationKey(area: area + [0]) }
        area.replaceSubrange(position..<position + value.count, with: value)
        let error = #expect(throws: TPMError.self) { try AttestationKey(area: area) }
        #expect(error?.description.hasPrefix(name) == true, "\(error?.description ?? "")")
    }

    /// The base point of P-256 (SEC 2, section 2.4.2): on the curve, and known to everybody.
    private static func generator() throws -> [UInt8] {
        let x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        let y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
        return try #require(Digest(hex: x)).bytes + #require(Digest(hex: y)).bytes
    }
}
