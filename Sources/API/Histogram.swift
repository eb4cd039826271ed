/// How often a quantity lay below each of some bounds.
package struct Histogram: Equatable, Sendable {
    /// Rising, without infinity.
    package let bounds: [Double]
    /// How many lay above the bound before and not above this one; the last is of what lay above all.
    package private(set) var counts: [UInt64]
    package private(set) var sum = 0.0

    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package mutating func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
