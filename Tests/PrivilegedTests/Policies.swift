import Foundation
import Policy

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

    /// The strict policy with these calls on record, and no others.
    static func recording(_ calls: [String], _ limits: [String: Int] = [:]) throws -> String {
        var text = unrecorded
        if !calls.isEmpty {
            let names = calls.map { "\"\($0)\"" }.joined(separator: ", ")
            guard let list = text.range(of: "\"syscalls\": [") else { throw Fault("the strict policy has no calls") }
            let rule = "{ \"names\": [\(names)], \"action\": \"SCMP_ACT_NOTIFY\" },"
            text.insert(contentsOf: rule, at: list.upperBound)
        }
        return try file(text, limits)
    }

    /// The strict policy with another rule of Landlock's for `path`, and maybe one more.
    static func landlock(
        _ path: String, allow rights: [String], and other: String? = nil, _ more: [String] = []
    ) throws -> String {
        let rule = try Regex("\\{\"path\": \"\(path)\", \"allow\": \\[[^\\]]*\\]\\}")
        var rules = text(path, rights)
        if let other { rules += ", " + text(other, more) }
        guard source.firstMatch(of: rule) != nil else { throw Fault("the strict policy has no rule for \(path)") }
        return try file(source.replacing(rule, with: rules), [:])
    }

    private static func text(_ path: String, _ rights: [String]) -> String {
        "{\"path\": \"\(path)\", \"allow\": [\(rights.map { "\"\($0)\"" }.joined(separator: ", "))]}"
    }

    /// The strict filter, as the kernel takes it; what it puts on record, it refuses, for want of a listener.
    static func strictFilter() throws -> [UInt8] {
        try Policy(parsing: Array(unrecorded.utf8)).seccomp.compile().bytes
    }

    /// Without the rules that put calls on record: the default refuses them.
    private static let unrecorded: String = {
        let rule = /,\s*\{\s*"names": \[[^\]]*\],\s*"action": "SCMP_ACT_NOTIFY"(, "args": \[[^\]]*\])?\s*\}/
        return source.replacing(rule, with: "")
    }()

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
