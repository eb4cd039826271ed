internal import Attest
internal import JSON
internal import Linux
internal import Measure
internal import SystemPackage

extension Verifier {
    /// A job of which nothing ran has no AIBoM: its failure record is all that is signed.
    ///
    /// The record of a job that ran names its AIBoM, so that nobody makes one of these from one of those by taking files away.
    mutating func checkRecord(_ proof: LogStanding) {
        guard has(AIBoM.attestationName) else {
            return fail(.document, AIBoM.documentName, LinuxError(stage: "look for", errno: .noSuchFileOrDirectory))
        }
        guard let signer = recordSigner(), let statements = readStatements(signer),
            checkSet(statements, [.failure])
        else { return }
        checkTime(of: signer)
        checkChain(signer)
        let record = statements[0]
        let links: EvidenceLinks
        do throws(AttestError) { links = try record.statement.links() } catch {
            return verdict.fail(.statement, record.subject, .statementMalformed, error.description)
        }
        guard links.bill == nil else {
            return verdict.fail(
                .document, AIBoM.documentName, .billMissing,
                "missing: the failure record names the AIBoM of a job that ran")
        }
        verdict.pass(
            .document, record.subject, by: signer.voucher, "failure record of job \(links.job), of which nothing ran")
        checkRecordSubjects(record)
        checkRecordPlatform(links.platform)
        checkPlatform(signer, links.platform, bill: nil)
        checkNothingElse([AIBoM.platformName])
        if has(AIBoM.modelSignatureName) {
            verdict.fail(.extra, AIBoM.modelSignatureName, .fileUnnamed, "a job of which nothing ran has no model")
        }
        checkLog(proof, job: links.job, outcome: "failed")
    }

    /// Who signed the one envelope, which here is the first document to be checked.
    private mutating func recordSigner() -> Signer? {
        guard let file = bytes(of: AIBoM.attestationName) else { return nil }
        do throws(AttestError) {
            guard let envelope = try Envelope.read(lines: file).first, let signature = envelope.signatures.first else {
                return nil
            }
            return checkSignature(
                signature.bytes, over: envelope.signedBytes, .signature, AIBoM.attestationName,
                (.envelopeSignatureMalformed, .envelopeSignatureMismatch))
        } catch {
            verdict.fail(.statement, AIBoM.attestationName, .envelopeMalformed, error.description)
            return nil
        }
    }

    private mutating func checkRecordSubjects(_ record: SignedStatement) {
        let inputs = (record.statement.predicate["inputs"]?.arrayValue ?? []).map {
            Statement.Subject(
                name: $0["name"]?.stringValue ?? "", sha256: $0["digest"]?["sha256"]?.stringValue ?? "")
        }
        if !inputs.isEmpty { _ = checkSubjects(record, inputs) }
    }

    private mutating func checkRecordPlatform(_ digest: String?) {
        guard let digest else {
            return verdict.fail(
                .platform, AIBoM.platformName, .platformUnbound, "the failure record does not name it")
        }
        guard let bytes = bytes(of: AIBoM.platformName) else { return }
        let found = Digest.of(bytes).hex
        if found == digest {
            verdict.pass(.artifact, AIBoM.platformName, by: .computation, "SHA-256 \(found)")
        } else {
            verdict.fail(
                .artifact, AIBoM.platformName, .artifactDigestMismatch,
                "has SHA-256 \(found), the failure record says \(digest)")
        }
    }
}
