/// Reads the structures of a TPM: big-endian numbers and sized byte strings, one after the other (TPM 2.0 Part 2, "TPM2B").
package struct TPMReader {
    private let bytes: [UInt8]
    private var position = 0
    private let what: String

    /// - Parameters:
    ///   - bytes: the structure.
    ///   - what: its name, for errors.
    package init(_ bytes: [UInt8], _ what: String) {
        self.bytes = bytes
        self.what = what
    }

    package mutating func take(_ count: Int) throws(TPMError) -> [UInt8] {
        guard count <= bytes.count - position else { throw .truncated(what) }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    package mutating func byte() throws(TPMError) -> UInt8 { try take(1)[0] }
    package mutating func word() throws(TPMError) -> UInt16 { try take(2).reduce(0) { $0 << 8 | UInt16($1) } }
    package mutating func long() throws(TPMError) -> UInt32 { try take(4).reduce(0) { $0 << 8 | UInt32($1) } }

    /// A TPM2B: a length in two bytes, and that many bytes.
    package mutating func sized() throws(TPMError) -> [UInt8] { try take(Int(try word())) }

    /// Everything that is left.
    package mutating func rest() throws(TPMError) -> [UInt8] { try take(bytes.count - position) }

    /// - Throws: `trailing` when anything is left.
    package func end() throws(TPMError) {
        guard position == bytes.count else { throw .trailing(what) }
    }
}

/// Why bytes of a TPM are not what they should be.
package enum TPMError: Error, Equatable, Sendable, CustomStringConvertible {
    case truncated(String)
    case trailing(String)
    /// A field with a value that we do not take.
    case field(String, String)

    package var description: String {
        switch self {
        case .truncated(let what): "\(what) ends too early"
        case .trailing(let what): "\(what) has bytes after its end"
        case .field(let name, let fault): "\(name) \(fault)"
        }
    }
}

/// Numbers of TPM 2.0 Part 2: algorithms (TPM_ALG_ID), curves (TPM_ECC_CURVE), structures (TPM_ST).
package enum TPMConstant {
    package static let sha256: UInt16 = 0x000b
    package static let null: UInt16 = 0x0010
    static let rsa: UInt16 = 0x0001
    static let ecc: UInt16 = 0x0023
    static let rsassa: UInt16 = 0x0014
    static let ecdsa: UInt16 = 0x0018
    static let p256: UInt16 = 0x0003
    static let attestedQuote: UInt16 = 0x8018
    /// With which the TPM begins all that it says of itself, and nothing that it signs for others (TPM_GENERATED_VALUE).
    static let generated: UInt32 = 0xff54_4347
}

/// Which platform registers are quoted, and nothing else ever is.
package enum PlatformRegisters {
    /// Where a start's `platform.json` is entered.
    ///
    /// 0 to 7 are the firmware's. 8 and 9 are GRUB's, 10 is IMA's, 11, 12 and 15 are systemd's, 14 is shim's. 13 is meant for system
    /// extensions that a boot stub loads, which hardly any host has; and unlike 16 and 23 it can't be reset but by a reboot (PC
    /// Client Platform TPM Profile, section 4.6).
    package static let own = 13
    package static let selected = [0, 1, 2, 3, 4, 5, 6, 7, own]
    package static let length = 32
    /// A register of the SHA-256 bank after a reboot; 17 to 22 begin otherwise, and are not ours.
    package static let initial = [UInt8](repeating: 0, count: length)

    /// TPML_PCR_SELECTION of one bank: count, SHA-256, three bytes with a bit a register.
    package static func selection(_ registers: [Int]) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: 3)
        for register in registers { bits[register / 8] |= 1 << UInt8(register % 8) }
        return [0, 0, 0, 1, 0, 0x0b, 3] + bits
    }
}
