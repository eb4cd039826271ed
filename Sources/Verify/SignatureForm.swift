internal import Keys

/// The one form that a signature of an algorithm has, so that a stripped or re-coded one is told from a wrong one.
enum SignatureForm {
    static func fits(_ signature: [UInt8], _ algorithm: KeyAlgorithm) -> Bool {
        switch algorithm {
        case .ed25519: signature.count == 64
        case .p256: isDER(signature, width: 32)
        case .p384: isDER(signature, width: 48)
        }
    }

    /// ECDSA-Sig-Value (RFC 3279, section 2.2.3) in DER: two positive integers of at most `width` bytes in a sequence, each with the
    /// fewest bytes that it can have.
    private static func isDER(_ bytes: [UInt8], width: Int) -> Bool {
        guard bytes.count >= 8, bytes.count < 128 + 2, bytes[0] == 0x30, Int(bytes[1]) == bytes.count - 2 else {
            return false
        }
        var rest = bytes[2...]
        for _ in 0..<2 {
            guard rest.popFirst() == 0x02, let length = rest.popFirst(), length > 0, Int(length) <= rest.count else {
                return false
            }
            let number = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            guard let first = number.first, first < 0x80 else { return false }
            let isPadded = first == 0
            if isPadded, number.dropFirst().first.map({ $0 < 0x80 }) ?? true { return false }
            guard number.count - (isPadded ? 1 : 0) <= width else { return false }
        }
        return rest.isEmpty
    }
}
