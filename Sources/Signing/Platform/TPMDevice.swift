internal import Keys
internal import Linux
internal import SystemPackage

/// A TPM behind a descriptor: `/dev/tpmrm0`, or a connected socket to an emulator. One command, one answer.
struct TPMDevice: ~Copyable {
    private let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// The key's public area: TPM2_ReadPublic.
    borrowing func publicArea(of handle: UInt32) throws(SigningError) -> [UInt8] {
        try run(.readPublic, TPMCommand.number(handle)) { answer throws(TPMError) in try answer.sized() }
    }

    /// Values of the quoted registers, from one moment: TPM2_PCR_Read, which gives no more than eight of them at a time.
    borrowing func registers() throws(SigningError) -> [[UInt8]] {
        let halves = [Array(PlatformRegisters.selected.prefix(5)), Array(PlatformRegisters.selected.dropFirst(5))]
        for _ in 0..<10 {
            let first = try registers(halves[0])
            let second = try registers(halves[1])
            if first.counter == second.counter { return first.values + second.values }
        }
        throw .tpm("its registers change all the time")
    }

    /// The update counter tells whether any register has changed meanwhile.
    private borrowing func registers(_ wanted: [Int]) throws(SigningError) -> (counter: UInt32, values: [[UInt8]]) {
        let selection = PlatformRegisters.selection(wanted)
        return try run(.readRegisters, selection) { answer throws(TPMError) in
            let counter = try answer.long()
            guard try answer.take(selection.count) == selection, try answer.long() == UInt32(wanted.count) else {
                throw .field("pcrSelectionOut", "is not what was asked for: has the TPM a SHA-256 bank?")
            }
            var values: [[UInt8]] = []
            for _ in wanted { values.append(try answer.sized()) }
            guard values.allSatisfy({ $0.count == PlatformRegisters.length }) else {
                throw .field("pcrValues", "are no SHA-256")
            }
            return (counter, values)
        }
    }

    /// Enters a digest in our register: TPM2_PCR_Extend.
    borrowing func enter(_ digest: [UInt8]) throws(SigningError) {
        let values: [UInt8] = [0, 0, 0, 1, 0, 0x0b] + digest
        let payload = TPMCommand.number(UInt32(PlatformRegisters.own)) + TPMCommand.emptyPassword + values
        try run(.extendRegister, payload) { answer throws(TPMError) in _ = try TPMCommand.parameters(&answer) }
    }

    /// Has the registers attested over `nonce`: TPM2_Quote.
    ///
    /// - Returns: TPMS_ATTEST and TPMT_SIGNATURE.
    borrowing func quote(
        _ nonce: [UInt8], by handle: UInt32
    ) throws(SigningError) -> (attested: [UInt8], signature: [UInt8]) {
        let scheme = TPMCommand.word(TPMConstant.null)  // the key's own
        let payload =
            TPMCommand.number(handle) + TPMCommand.emptyPassword + TPMCommand.sized(nonce) + scheme
            + PlatformRegisters.selection(PlatformRegisters.selected)
        return try run(.quote, payload) { answer throws(TPMError) in
            var parameters = TPMReader(try TPMCommand.parameters(&answer), "quote")
            let attested = try parameters.sized()
            return (attested, try parameters.rest())
        }
    }

    private borrowing func run<Answer>(
        _ code: TPMCommand, _ payload: [UInt8], _ read: (inout TPMReader) throws(TPMError) -> Answer
    ) throws(SigningError) -> Answer {
        let command = code.bytes(payload)
        for _ in 0..<Self.attempts {
            let response = try exchange(command)
            do throws(TPMError) {
                var reader = TPMReader(response, "tpm's answer")
                _ = try reader.word()
                _ = try reader.long()
                let status = try reader.long()
                if Self.again.contains(status) { continue }
                guard status == 0 else { throw .field("\(code)", "gives response code 0x\(String(status, radix: 16))") }
                return try read(&reader)
            } catch { throw .tpm(error.description) }
        }
        throw .tpm("\(code) is to be asked again, \(Self.attempts) times in a row")
    }

    /// TPM_RC_YIELDED, TPM_RC_TESTING and TPM_RC_RETRY: nothing was done, ask again. The kernel's driver waits in between; an emulator
    /// needs no wait, and this process has no call to wait with.
    private static let again: [UInt32] = [0x908, 0x90a, 0x922]
    private static let attempts = 100

    /// The device gives an answer in one read(2), a socket in as many as it likes; both say in bytes 2 to 5 how long it is.
    private borrowing func exchange(_ command: [UInt8]) throws(SigningError) -> [UInt8] {
        try system { () throws(LinuxError) in
            try descriptor.write(command)
            var response: [UInt8] = []
            while true {
                let part = try descriptor.readSome(limit: Self.limit)
                response += part
                guard !part.isEmpty, response.count <= Self.limit else {
                    throw LinuxError(stage: "read from the tpm", errno: .noData)
                }
                if response.count >= 10,
                    response[2..<6].reduce(0, { $0 << 8 | Int($1) }) <= response.count
                {
                    return response
                }
            }
        }
    }

    private static let limit = 4096
}
