import ArgumentParser

/// CPUs as `2`, `1.5` or `500m`.
struct CPUQuantity: ExpressibleByArgument, Equatable {
    let millicores: UInt64

    init?(argument: String) {
        let isMilli = argument.hasSuffix("m")
        guard
            let millicores = Quantity.value(isMilli ? argument.dropLast() : argument[...], times: isMilli ? 1 : 1000),
            millicores > 0
        else { return nil }
        self.millicores = millicores
    }
}

/// Bytes as `4GiB`, `512MiB`, `2G` (powers of 1000) or a plain number.
struct ByteQuantity: ExpressibleByArgument, Equatable {
    private static let letters = ["K", "M", "G", "T"]

    let bytes: UInt64

    init?(argument: String) {
        let number = argument.prefix { $0.isNumber || $0 == "." }
        var unit = argument[number.endIndex...].drop { $0 == " " }.uppercased()
        if unit.hasSuffix("B") { unit.removeLast() }
        var base: UInt64 = 1000
        if unit.hasSuffix("I") {
            unit.removeLast()
            base = 1024
        }
        var factor: UInt64 = 1
        if !unit.isEmpty || base == 1024 {
            guard let power = ByteQuantity.letters.firstIndex(of: unit) else { return nil }
            for _ in 0...power { factor *= base }
        }
        guard let bytes = Quantity.value(number, times: factor), bytes > 0 else { return nil }
        self.bytes = bytes
    }
}

private enum Quantity {
    /// A decimal number times `factor`, when that is a whole number; nil for anything else, and for more than a JSON
    /// number of ours holds.
    static func value(_ text: Substring, times factor: UInt64) -> UInt64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }),
            let whole = UInt64(parts[0])
        else { return nil }
        var (value, overflow) = whole.multipliedReportingOverflow(by: factor)
        if parts.count == 2 {
            guard parts[1].count <= 9, let fraction = UInt64(parts[1]) else { return nil }
            let scale = (0..<parts[1].count).reduce(UInt64(1)) { scale, _ in scale * 10 }
            let (product, tooLarge) = fraction.multipliedReportingOverflow(by: factor)
            guard !tooLarge, product % scale == 0 else { return nil }
            let (sum, carries) = value.addingReportingOverflow(product / scale)
            (value, overflow) = (sum, overflow || carries)
        }
        return overflow || value > UInt64(Int64.max) ? nil : value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
