internal import JSON

extension Statement {
    /// A statement around an AIBoM is one level deeper than the AIBoM, which was indented when it was measured.
    private static let limits = JSON.Limits(bytes: 9 << 20, depth: 40, values: 1_100_000)

    /// Reads a statement of ours; of a predicate, only that it is an object.
    ///
    /// Stricter than in-toto, which has readers ignore what they don't know: what is in a statement of ours means something, or
    /// it is none.
    ///
    /// - Parameter payload: the exact bytes that a signature was verified over.
    /// - Throws: `AttestError.statement` with the first fault.
    /// - Returns: the statement; what it claims is for the caller to compare.
    package static func read(_ payload: [UInt8]) throws(AttestError) -> Statement {
        do throws(ShapeFault) {
            let statement = try StrictObject(
                payload, limits: limits, members: ["_type", "subject", "predicateType", "predicate"])
            try statement.require("_type", .string(type))
            let name = try statement.string("predicateType")
            guard let kind = Kind(rawValue: name) else {
                throw .value("predicateType", found: name, expected: "one of ours")
            }
            let predicate = try statement.value("predicate")
            guard predicate.objectValue != nil else { throw .mistyped("predicate", expected: "an object") }
            return Statement(kind, try subjects(of: statement), predicate)
        } catch { throw .statement(error) }
    }

    private static func subjects(of statement: StrictObject) throws(ShapeFault) -> [Subject] {
        var subjects: [Subject] = []
        for (index, value) in try statement.list("subject").enumerated() {
            let entry = try StrictObject(value, "subject[\(index)]", members: ["name", "digest"])
            let name = try entry.string("name")
            guard !name.isEmpty else { throw .empty(entry.name("name")) }
            guard !subjects.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw .twice("subject \(JSON.string(name))")
            }
            let digest = try entry.object("digest", members: ["sha256"])
            subjects.append(Subject(name: name, sha256: try digest.sha256("sha256")))
        }
        return subjects
    }
}
