/// Random numbers that are the same in every run (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    /// Some places changed, cut, doubled or replaced by one of `words`.
    mutating func mutate(_ bytes: [UInt8], words: [[UInt8]]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(3) {
            let place = below(bytes.count)
            switch below(6) {
            case 0 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: next())
            case 1 where !bytes.isEmpty: bytes[place] ^= 1 << below(8)
            case 2: bytes.insert(contentsOf: pick(words), at: min(place, bytes.count))
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + below(64))], at: place)
            default: bytes.removeSubrange(min(bytes.count, bytes.count - below(8))...)
            }
        }
        return bytes
    }

    /// Sizes to cut bytes into.
    mutating func sizes() -> [Int] { (0...below(6)).map { _ in 1 + below(pick([2, 8, 100, 4000])) } }
}
