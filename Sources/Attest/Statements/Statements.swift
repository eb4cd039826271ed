internal import JSON

/// What is said of one job in `attestation.intoto.jsonl`: each statement a payload to sign, in the order of the file.
package enum Statements {
    /// The statements about a job that ran, or that was staged and could not be confined.
    ///
    /// Provenance only when it completed, a failure record only when it did not.
    ///
    /// - Parameters:
    ///   - facts: of which the AIBoM was composed.
    ///   - bill: the exact bytes of `aibom.json`.
    ///   - billDigest: their SHA-256, in lower-case hex.
    /// - Throws: `AttestError.fact` for what makes no statement, `.json` for a bill that is none.
    /// - Returns: payloads of the type `Envelope.statementType`: same facts, same bytes.
    package static func payloads(
        of facts: JobFacts, bill: [UInt8], billDigest: String
    ) throws(AttestError) -> [[UInt8]] {
        try facts.check()
        guard Form.isSHA256(billDigest) else {
            throw .fact("bill digest", reason: "not 64 lower-case hexadecimal digits")
        }
        let subjects = try subjects(facts.outputs.map(\.file), facts.inputs, facts.platform)
        let links = EvidenceLinks(job: facts.job, bill: billDigest, platform: facts.platform?.sha256)
        var statements: [Statement] = []
        if facts.outcome == .completed {
            statements.append(Statement(.provenance, subjects, try Provenance.predicate(facts, links)))
        }
        statements.append(Statement(.bill, subjects, try predicate(bill, of: facts.job)))
        statements.append(Statement(.trace, subjects, RuntimeTrace.predicate(facts, links)))
        statements.append(Statement(.confinement, subjects, ConfinementClaims.predicate(facts, links)))
        if case .failed(let reason) = facts.outcome {
            statements.append(Statement(.failure, subjects, FailureRecord.predicate(facts, links, reason: reason)))
        }
        return statements.map(\.payload)
    }

    /// The one statement about a job of which nothing ran.
    ///
    /// - Throws: `AttestError.fact` for what makes no statement.
    package static func failure(of facts: JobFacts.NeverRan) throws(AttestError) -> [UInt8] {
        try facts.check()
        let links = EvidenceLinks(job: facts.job, bill: nil, platform: facts.platform.sha256)
        return Statement(
            .failure, try subjects([], facts.inputs, facts.platform), FailureRecord.predicate(facts, links)
        ).payload
    }

    /// What a job made; of one that made nothing, what it was given, and of one that was given nothing, where it was to run.
    ///
    /// Inputs go under our names for them: the submitter's may be alike.
    private static func subjects(
        _ outputs: [JobFacts.File], _ inputs: [JobFacts.Input], _ platform: JobFacts.File?
    ) throws(AttestError) -> [Statement.Subject] {
        var subjects = outputs.map { Statement.Subject(name: $0.name, sha256: $0.sha256) }
        if subjects.isEmpty {
            subjects = inputs.map { .init(name: AIBoM.Reference.input($0.role), sha256: $0.file.sha256) }
        }
        if subjects.isEmpty, let platform { subjects = [.init(name: platform.name, sha256: platform.sha256)] }
        guard !subjects.isEmpty else { throw .fact("outputs", reason: "nothing to make a statement about") }
        return subjects
    }

    private static func predicate(_ bill: [UInt8], of job: String) throws(AttestError) -> JSON {
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(bill, limits: .document) } catch { throw .json(error) }
        guard value["serialNumber"] == .string("urn:uuid:\(job)") else {
            throw .fact("bill", reason: "is not of job \(job)")
        }
        return value
    }
}
