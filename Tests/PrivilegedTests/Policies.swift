import Foundation

/// Policies to run jobs under, derived from the one that is shipped.
enum Policies {
    private static let source: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return (try? String(contentsOf: root.appending(path: "policies/strict.json"), encoding: .utf8)) ?? ""
    }()

    /// The strict policy with other limits.
    static func strict(_ limits: [String: Int] = [:]) throws -> String { try file(source, limits) }

    /// The strict policy with other values for fields that are lists, as JSON.
    static func strict(fields: [String: String], _ limits: [String: Int] = [:]) throws -> String {
        var text = source
        for (name, value) in fields {
            guard text.contains("\"\(name)\": [],") else { throw Fault("the strict policy has no empty \(name)") }
            text = text.replacing("\"\(name)\": [],", with: "\"\(name)\": \(value),")
        }
        return try file(text, limits)
    }

    /// The strict policy without some of its walls, to see what stands behind them.
    ///
    /// - Parameters:
    ///   - filter: false for a filter that allows every call.
    ///   - landlock: false for no Landlock.
    /// - Returns: the policy's path.
    /// - Throws: when the strict policy has no such field.
    static func strict(filter: Bool, landlock: Bool) throws -> String {
        var text = source
        if !filter { try replace("seccomp", upTo: nil, in: &text, by: "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}\n}") }
        if !landlock { try replace("landlock", upTo: "seccomp", in: &text, by: "null,\n  ") }
        return try file(text, [:])
    }

    /// Puts `value` in the place of a field's, which ends where the field `next` begins.
    private static func replace(_ name: String, upTo next: String?, in text: inout String, by value: String) throws {
        guard let field = text.range(of: "\"\(name)\": ") else { throw Fault("the strict policy has no \(name)") }
        let end = next.flatMap { text.range(of: "\"\($0)\"")?.lowerBound } ?? text.endIndex
        text.replaceSubrange(field.upperBound..<end, with: value)
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
