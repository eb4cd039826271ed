internal import JSON

/// What confined the job, claim by claim (SCAI attribute report v0.3), each with the digest that says how.
enum ConfinementClaims {
    static func predicate(_ facts: JobFacts, _ links: EvidenceLinks) -> JSON {
        var producer = Resource.artifact("aibomd", sha256: facts.supervisor.executable ?? "")
        producer.uri = facts.builderID
        if facts.supervisor.executable == nil { producer.sha256 = nil }
        return [
            "attributes": .array(attributes(facts)), "producer": producer.json,
            EvidenceLinks.member: links.json,
        ]
    }

    /// Nothing is claimed of the confinement of a job that was never in it.
    private static func attributes(_ facts: JobFacts) -> [JSON] {
        guard facts.started != nil else { return [["attribute": "not-executed"]] }
        let claims = facts.confinement.filter { $0.attribute != nil }
        guard !claims.isEmpty else { return [["attribute": "unconfined"]] }
        return claims.map { claim in
            var attribute = JSONObject()
            attribute.add("attribute", claim.attribute.map { .string($0.rawValue) })
            attribute.add("conditions", ["measure": .string(claim.words)])
            attribute.add("evidence", evidence(claim.evidence, facts).json)
            return .object(attribute)
        }
    }

    /// The policy where the thing that would say it better is not known.
    private static func evidence(_ kind: JobFacts.Confinement.Evidence, _ facts: JobFacts) -> Resource {
        let policy = Resource.thing(AIBoM.Reference.policy, called: facts.policy.name, sha256: facts.policy.digest)
        switch kind {
        case .policy: return policy
        case .tape: return facts.tape.map { .artifact("tape", sha256: $0) } ?? policy
        case .filter: return facts.policy.filter.map { .artifact("seccomp-filter", sha256: $0) } ?? policy
        }
    }
}
