import JSON
import Testing

/// What `hostile identity` printed: values by key, in their order.
struct Identity {
    private var values: [String: [String]] = [:]

    init(_ document: JSON) throws {
        let text = try #require(document["output"]?.stringValue, "\(document)")
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            values[String(parts[0]), default: []].append(String(parts[1]))
        }
        try #require(values.count > 50, "the program looked at itself: \(document)")
    }

    subscript(key: String) -> String? { values[key]?.first }
    func all(_ key: String) -> [String] { values[key] ?? [] }
    func keys(_ prefix: String) -> [String] { values.keys.filter { $0.hasPrefix(prefix + " ") }.sorted() }
}
