import Attest
import Foundation
import JSON
import Testing

/// docs/build-type.md and the code name the same members.
@Suite("the statements' page")
struct BuildTypeTests {
    /// By predicate type, the first cells of the tables under its heading; `claims` are those that name no member.
    private static func documented() throws -> (members: [String: Set<String>], claims: Set<String>) {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/build-type.md")
        var members: [String: Set<String>] = [:]
        var claims: Set<String> = []
        var section = ""
        var isOfClaims = false
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            if let heading = line.wholeMatch(of: /## `(.+)`/) { section = String(heading.1) }
            if line.hasPrefix("| member") { isOfClaims = false }
            if line.hasPrefix("| claim") { isOfClaims = true }
            guard let cell = line.prefixMatch(of: /\| `([^`]+)` \|/) else { continue }
            if isOfClaims {
                claims.insert(String(cell.1))
            } else {
                members[section, default: []].insert(String(cell.1))
            }
        }
        return (members, claims)
    }

    /// Objects whose members somebody else names.
    private static let open: Set<String> = [
        "buildDefinition.externalParameters.inputs", "buildDefinition.externalParameters.parameters",
        "buildDefinition.externalParameters.metadata", "buildDefinition.internalParameters.parameters",
        "buildDefinition.internalParameters.limits",
    ]

    private func paths(_ value: JSON, at path: String = "") -> [String] {
        if Self.open.contains(path) { return ["\(path).<name>"] }
        if isResource(value) { return [path] }
        switch value {
        case .object(let object):
            return object.members.flatMap { paths($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
        case .array(let elements) where !elements.isEmpty:
            return elements.flatMap { element in
                isResource(element)
                    ? ["\(path)[\(element["name"]?.stringValue ?? "")]"] : paths(element, at: "\(path)[]")
            }
        default: return [path]
        }
    }

    private func isResource(_ value: JSON) -> Bool {
        value["name"] != nil && (value["digest"]?.objectValue != nil || value["uri"] != nil)
    }

    private func written() throws -> [Statement] {
        var statements: [Statement] = []
        for name in ["completed", "failed", "bare"] {
            let facts = try Fixtures.facts(name)
            let bill = try AIBoM.document(facts)
            statements += try Statements.payloads(of: facts, bill: bill, billDigest: Fixtures.digest("b"))
                .map(Statement.read)
        }
        var nothing = try Fixtures.neverRan(.queue)
        nothing.inputs = []
        statements.append(try Statement.read(Statements.failure(of: nothing)))
        let links = EvidenceLinks(job: nothing.job, bill: Fixtures.digest("b"), platform: Fixtures.digest("4"))
        statements.append(
            try Statement.read(
                ModelSignature.payload(
                    model: .init(name: "m", sha256: Fixtures.digest("d"), size: 1), rootDigest: Fixtures.digest("e"),
                    links: links)))
        return statements
    }

    @Test("has every member that is written, and none that never is", arguments: Statement.Kind.allCases)
    func complete(_ kind: Statement.Kind) throws {
        let documented = try Self.documented().members[kind.rawValue] ?? []
        guard kind != .bill else { return #expect(documented == []) }
        let written = Set(try written().filter { $0.kind == kind }.flatMap { paths($0.predicate) })
        #expect(written.subtracting(documented) == [])
        #expect(documented.subtracting(written) == [])
        #expect(documented.count > 5)
    }

    @Test("has every claim about the confinement, and every stage of a failure")
    func claims() throws {
        let claims = try Self.documented().claims
        #expect(
            claims
                == Set(JobFacts.Confinement.Attribute.allCases.map(\.rawValue)).union(["not-executed", "unconfined"]))
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/build-type.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| `stage`") })
        for stage in JobFacts.Stage.allCases { #expect(row.contains("`\(stage.rawValue)`"), "\(stage)") }
    }
}
