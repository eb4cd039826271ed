import JSON
import Testing

/// Damage that nobody thought of: whatever comes out is refused, or reads back as what it was read as.
@Suite("JSON under damage")
struct FuzzTests {
    static let seeds = [
        #"{"a":[1,-2.5e+3,"x\\u00e9\\ud83d\\ude00\\n",true,false,null],"b":{"c":{},"d":[]},"":0}"#,
        #"[[[["deep"]]],{"k":"v","k2":"\\"\\\\/"},12345678901234567890]"#,
    ]

    @Test("never both accepted and misread", arguments: seeds, 0..<20)
    func damage(seed: String, round: UInt64) throws {
        var random = SplitMix(state: round)
        for _ in 0..<2000 {
            var bytes = Array(seed.utf8)
            for _ in 0...random.next() % 3 {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            guard let value = try? JSON.parse(bytes, limits: .report) else { continue }
            #expect(try JSON.parse(value.compactBytes(), limits: .report) == value)
            #expect(try JSON.parse(value.prettyBytes(), limits: .report) == value)
        }
    }
}

/// A generator that a failure can be repeated with (Steele, Lea, Flood, "Fast splittable pseudorandom number generators").
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
