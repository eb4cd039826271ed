import Foundation

/// Policies to run jobs under, derived from the one that is shipped.
enum Policies {
    private static let source: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return (try? String(contentsOf: root.appending(path: "policies/strict.json"), encoding: .utf8)) ?? ""
    }()

    /// The strict policy with other limits.
    static func strict(_ limits: [String: Int] = [:]) throws -> String { try file(source, limits) }

    /// The strict policy's limits, and a filter that allows every call: what stops a job now stands behind the filter.
    static func unfiltered() throws -> String {
        guard let start = source.range(of: "\"seccomp\"") else { throw Fault("the strict policy has no filter") }
        return try file(source[..<start.lowerBound] + "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\"}}", [:])
    }

    private static func file(_ text: some StringProtocol, _ limits: [String: Int]) throws -> String {
        var text = String(text)
        for (name, value) in limits {
            let changed = text.replacing(try Regex("\"\(name)\": [0-9]+"), with: "\"\(name)\": \(value)")
            guard changed.contains("\"\(name)\": \(value)") else { throw Fault("no limit \(name)") }
            text = changed
        }
        let path = "\(Stage.folder)/policy-\(UUID().uuidString).json"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }
}
