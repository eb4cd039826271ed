internal import Keys

/// The commands that are sent to a TPM, by their code (TPM 2.0 Part 2, TPM_CC). There is no other.
enum TPMCommand: UInt32 {
    case quote = 0x158
    case readPublic = 0x173
    case readRegisters = 0x17e
    case extendRegister = 0x182

    private var isAuthorised: Bool { self == .quote || self == .extendRegister }

    /// The command as it is sent: tag, length, code, and `payload`.
    func bytes(_ payload: [UInt8]) -> [UInt8] {
        Self.word(isAuthorised ? 0x8002 : 0x8001) + Self.number(UInt32(payload.count + 10)) + Self.number(rawValue)
            + payload
    }

    /// TPM_RS_PW with an empty password, and its length in front: who may use the key is decided by who may open the device.
    static let emptyPassword: [UInt8] = [0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0]

    static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
    static func number(_ value: UInt32) -> [UInt8] { word(UInt16(value >> 16)) + word(UInt16(value & 0xffff)) }
    static func sized(_ bytes: [UInt8]) -> [UInt8] { word(UInt16(bytes.count)) + bytes }

    /// Of an answer with a session: the parameters, which have their length in front.
    static func parameters(_ answer: inout TPMReader) throws(TPMError) -> [UInt8] {
        try answer.take(Int(try answer.long()))
    }
}
