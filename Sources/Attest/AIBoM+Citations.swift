internal import JSON

extension AIBoM {
    /// Who vouches for what, where 1.7 has a place for it: JSONPath (RFC 9535) by the names of the properties.
    ///
    /// What submitters declare is cited too, as what the supervisor received: the submitter is no part of the document.
    static func citations(_ facts: JobFacts) -> [JSON] {
        let sources: [(Trust, String, String, String)] = [
            (.observed, "attributedTo", Reference.supervisor, "measured by the supervisor from outside the job"),
            (.computed, "attributedTo", Reference.supervisor, "follows from what the supervisor observed"),
            (.reported, "process", Reference.task, "said by the job, which may lie"),
            (.declared, "attributedTo", Reference.supervisor, "as received from the submitter; checked by nobody"),
        ]
        return sources.map { trust, role, reference, note in
            [
                "bom-ref": .string("citation-\(trust.rawValue)"),
                "expressions": [.string("$..properties[?search(@.name, '^aibomgen:\(trust.rawValue):')]")],
                "timestamp": .string(facts.finished), role: .string(reference), "note": .string(note),
            ]
        }
    }
}
