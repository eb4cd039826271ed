/// A page of metrics in Prometheus' text format, version 0.0.4: HELP and TYPE once, the samples of one metric together.
package struct MetricsPage {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    package enum Kind: String { case counter, gauge }

    package typealias Labels = [(name: String, value: String)]

    package private(set) var text = ""

    package init() {}

    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [([], value)])
    }

    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [(Labels, Double)]) {
        head(name, kind.rawValue, help)
        for (labels, value) in samples { line(name, labels, value) }
    }

    package mutating func add(_ name: String, _ help: String, _ samples: [(Labels, Histogram)]) {
        head(name, "histogram", help)
        for (labels, histogram) in samples {
            var count: UInt64 = 0
            for (bound, counted) in zip(histogram.bounds.map { MetricsPage.number($0) } + ["+Inf"], histogram.counts) {
                count += counted
                line("\(name)_bucket", labels + [("le", bound)], Double(count))
            }
            line("\(name)_sum", labels, histogram.sum)
            line("\(name)_count", labels, Double(count))
        }
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(escaped)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: Labels, _ value: Double) {
        let pairs = labels.map { "\($0.name)=\"\(MetricsPage.escape($0.value))\"" }
        text += "\(name)\(pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") \(MetricsPage.number(value))\n"
    }

    private static func escape(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// The format's own spelling; whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
