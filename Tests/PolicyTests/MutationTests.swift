import Policy
import Testing

/// The comparison with libseccomp proves something only if it notices a program that is wrong.
@Suite("The comparison notices")
struct MutationTests {
    /// What an attacker would wish for in one instruction: another constant, the two sides of a jump exchanged, an answer
    /// turned round.
    enum Mutation: CaseIterable {
        case constant, exchange, answer

        func apply(to bytes: [UInt8], at instruction: Int) -> [UInt8]? {
            let place = instruction * 8
            var changed = bytes
            let isJump = bytes[place] & 7 == 5 && bytes[place] != 5
            switch self {
            case .constant where bytes[place] == 0x45:
                // The lowest bit goes; one bit more may be a bit that an earlier branch has answered for.
                let lowest = (place + 4..<place + 8).first(where: { bytes[$0] != 0 }) ?? place + 4
                changed[lowest] &= changed[lowest] &- 1
            case .constant where isJump || bytes[place] == 0x54: changed[place + 4] ^= 1
            case .exchange where isJump && bytes[place + 2] != bytes[place + 3]: changed.swapAt(place + 2, place + 3)
            case .answer where bytes[place] == 0x06: changed[place + 6] ^= 0xff
            default: return nil
            }
            return changed
        }
    }

    @Test("every instruction of the strict filter that is changed", arguments: Mutation.allCases)
    func everyInstruction(_ mutation: Mutation) throws {
        let source = try Files.strict()
        let profile = try Policy(parsing: source).seccomp
        let agreement = try Agreement(source, profile)
        let bytes = try profile.compile().bytes
        var changes = 0
        for instruction in 0..<bytes.count / 8 {
            guard let changed = mutation.apply(to: bytes, at: instruction) else { continue }
            changes += 1
            let wrong = agreement.difference(ours: try FilterMachine(changed)) != nil
            #expect(wrong, "\(mutation) of instruction \(instruction)")
        }
        #expect(changes > 2)
    }
}
