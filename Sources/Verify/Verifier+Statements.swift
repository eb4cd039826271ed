internal import Attest
internal import Keys
internal import Measure

/// One signed statement of `attestation.intoto.jsonl`.
struct SignedStatement {
    let statement: Statement
    /// How a verdict calls it.
    let subject: String
}

extension Verifier {
    /// Every statement, signed by who signed the AIBoM, and each saying what the AIBoM says.
    mutating func checkStatements(_ bill: Bill, _ signer: Signer?) {
        let subjects = Self.subjects(of: bill)
        let own = Statement(.bill, subjects, bill.root)
        guard let statements = readStatements(signer, own: own) else { return }
        let expected: [Statement.Kind] =
            bill.claims.isCompleted
            ? [.provenance, .bill, .trace, .confinement] : [.bill, .trace, .confinement, .failure]
        guard checkSet(statements, expected) else { return }
        let links = EvidenceLinks(job: bill.claims.job, bill: bill.digest, platform: bill.platform)
        for signed in statements {
            guard checkLinks(signed, links), checkSubjects(signed, subjects) else { continue }
            checkPredicate(signed, bill)
        }
    }

    /// Reads the statements and verifies their signatures.
    ///
    /// - Parameters:
    ///   - signer: who must have signed them.
    ///   - own: the AIBoM's own statement, as it should be: what has its bytes need not be read a second time.
    /// - Returns: the statements; nil when one does not hold, or there are none.
    mutating func readStatements(_ signer: Signer?, own: Statement? = nil) -> [SignedStatement]? {
        guard let file = bytes(of: AIBoM.attestationName) else { return nil }
        let envelopes: [Envelope]
        do throws(AttestError) { envelopes = try Envelope.read(lines: file) } catch {
            verdict.fail(.statement, AIBoM.attestationName, .envelopeMalformed, error.description)
            return nil
        }
        let expected = own.map { (statement: $0, payload: $0.payload) }
        var statements: [SignedStatement] = []
        for (index, envelope) in envelopes.enumerated() {
            if let statement = check(envelope, "\(AIBoM.attestationName) line \(index + 1)", signer, expected) {
                statements.append(statement)
            }
        }
        return statements.count == envelopes.count ? statements : nil
    }

    /// The signature comes before the payload is read: nothing of a stranger's payload is looked at.
    private mutating func check(
        _ envelope: Envelope, _ subject: String, _ signer: Signer?,
        _ expected: (statement: Statement, payload: [UInt8])?
    ) -> SignedStatement? {
        guard envelope.payloadType == Envelope.statementType else {
            verdict.fail(
                .statement, subject, .envelopeTypeMismatch, "its payload is of type \(envelope.payloadType)")
            return nil
        }
        guard envelope.signatures.count == 1 else {
            verdict.fail(
                .statement, subject, .envelopeSignatureCount, "\(envelope.signatures.count) signatures, not one")
            return nil
        }
        let signature = envelope.signatures[0]
        guard let signer else {
            verdict.fail(.statement, subject, .keyMissing, "no trusted key has signed the document that it belongs to")
            return nil
        }
        guard SignatureForm.fits(signature.bytes, signer.key.algorithm) else {
            verdict.fail(
                .statement, subject, .envelopeSignatureMalformed,
                "its signature is not of the one form that \(signer.scheme) has")
            return nil
        }
        guard signer.key.verify(signature: signature.bytes, over: envelope.signedBytes) else {
            verdict.fail(
                .statement, subject, .envelopeSignatureMismatch,
                "its signature is none by key \(signer.key.keyID), which signed the AIBoM, over it")
            return nil
        }
        // The hint decides nothing above. One that leads readers to another key is refused all the same.
        guard signature.keyID == signer.key.keyID else {
            verdict.fail(
                .statement, subject, .envelopeKeyMismatch,
                "is by key \(signer.key.keyID), and its hint names \(signature.keyID.isEmpty ? "none" : signature.keyID)"
            )
            return nil
        }
        do throws(AttestError) {
            let known = expected.flatMap { $0.payload == envelope.payload ? $0.statement : nil }
            let statement = if let known { known } else { try Statement.read(envelope.payload) }
            verdict.pass(.statement, subject, by: signer.voucher, statement.kind.rawValue)
            return SignedStatement(statement: statement, subject: "\(AIBoM.attestationName) \(statement.kind.label)")
        } catch {
            verdict.fail(.statement, subject, .statementMalformed, error.description)
            return nil
        }
    }

    /// All that belong there, each once, in their order: one that is missing is as bad as one that is wrong.
    mutating func checkSet(_ statements: [SignedStatement], _ expected: [Statement.Kind]) -> Bool {
        let found = statements.map(\.statement.kind)
        let names = { (kinds: [Statement.Kind]) in kinds.map(\.label).joined(separator: ", ") }
        guard found == expected else {
            verdict.fail(
                .statement, AIBoM.attestationName, .statementSetMismatch,
                "has \(names(found)); such a job has \(names(expected))")
            return false
        }
        verdict.pass(.statement, AIBoM.attestationName, by: .computation, "all there: \(names(found))")
        return true
    }

    /// Job, AIBoM and platform.json, wherever a statement names them.
    mutating func checkLinks(_ signed: SignedStatement, _ expected: EvidenceLinks) -> Bool {
        let links: EvidenceLinks
        do throws(AttestError) { links = try signed.statement.links() } catch {
            verdict.fail(.statement, signed.subject, .statementMalformed, error.description)
            return false
        }
        // The AIBoM's statement is the AIBoM: it names no digest of itself.
        let bill = signed.statement.kind == .bill ? nil : expected.bill
        let faults: [(Reason, String?, String?)] = [
            (.statementJobMismatch, links.job, expected.job), (.statementBillMismatch, links.bill, bill),
            (.statementPlatformMismatch, links.platform, expected.platform),
        ]
        let wrong = faults.filter { $0.1 != $0.2 }
        for (reason, found, expected) in wrong {
            verdict.fail(
                .statement, signed.subject, reason, "says \(found ?? "nothing"), not \(expected ?? "nothing")")
        }
        return wrong.isEmpty
    }

    mutating func checkSubjects(_ signed: SignedStatement, _ expected: [Statement.Subject]) -> Bool {
        let text = { (subjects: [Statement.Subject]) in
            subjects.map { "\($0.name) \($0.sha256)" }.sorted().joined(separator: ", ")
        }
        let found = text(signed.statement.subjects)
        guard found.utf8.elementsEqual(text(expected).utf8) else {
            verdict.fail(
                .statement, signed.subject, .statementSubjectMismatch, "is about \(found), not \(text(expected))")
            return false
        }
        return true
    }

    /// What statements are about: what the job made, or what it was given when it made nothing, or else where it was to run.
    private static func subjects(of bill: Bill) -> [Statement.Subject] {
        let outputs = bill.outputs.map { Statement.Subject(name: $0.name, sha256: $0.sha256) }
        guard outputs.isEmpty else { return outputs }
        let inputs = bill.claims.inputs.map { Statement.Subject(name: "input-\($0.role)", sha256: $0.sha256) }
        guard inputs.isEmpty else { return inputs }
        return bill.platform.map { [.init(name: AIBoM.platformName, sha256: $0)] } ?? []
    }
}

extension Statement.Kind {
    var label: String {
        switch self {
        case .provenance: "provenance"
        case .bill: "bill"
        case .trace: "trace"
        case .confinement: "confinement"
        case .failure: "failure"
        case .model: "model"
        }
    }
}
