import Measure
import Testing

@Suite("the tail of a stream")
struct TailTests {
    @Test("is its last bytes, whatever pieces they came in", arguments: 0..<8)
    func tails(seed: UInt64) {
        var state = seed
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<150 {
            var tail = Tail(limit: below(51))
            var all: [UInt8] = []
            for _ in 0..<below(8) {
                let piece = (0..<below(70)).map { _ in UInt8(below(256)) }
                all += piece
                piece.withUnsafeBytes { tail.append($0) }
            }
            let limit = tail.limit
            #expect(tail.total == UInt64(all.count))
            #expect(tail.dropped == UInt64(max(0, all.count - limit)))
            let (offset, bytes) = tail.finish()
            #expect(bytes == Array(all.suffix(limit)))
            #expect(offset == UInt64(max(0, all.count - limit)))
        }
    }
}
