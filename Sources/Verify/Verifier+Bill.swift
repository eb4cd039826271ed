internal import Attest
internal import JSON
internal import Measure

/// The AIBoM, read once.
struct Bill {
    let claims: AIBoM.Claims
    let setting: AIBoM.Setting
    let root: JSON
    let bytes: [UInt8]
    let digest: String

    var platform: String? { claims.artifacts.first { $0.name == AIBoM.platformName }?.sha256 }

    /// What the job made, as against what was measured of the machine.
    var outputs: [AIBoM.Claims.Artifact] { claims.artifacts.filter { $0.name != AIBoM.platformName } }
}

extension Verifier {
    mutating func readBill(_ document: [UInt8]) -> Bill? {
        do throws(AttestError) {
            let root = try AIBoM.parse(document)
            let bill = Bill(
                claims: try AIBoM.read(root), setting: try AIBoM.Setting.read(root), root: root, bytes: document,
                digest: Digest.of(document).hex)
            let outcome = bill.claims.isCompleted ? "completed" : "failed"
            verdict.pass(
                .document, AIBoM.documentName, by: .computation, "AIBoM of job \(bill.claims.job), \(outcome)")
            return bill
        } catch {
            verdict.fail(.document, AIBoM.documentName, .billMalformed, error.description)
            return nil
        }
    }

    /// The document states the model's digest for three kinds of reader; none may be told another model.
    mutating func checkModel(_ claims: AIBoM.Claims) {
        guard claims.isCompleted else { return }
        let digests = Set(claims.modelDigests.map(\.sha256))
        let isAnArtifact = claims.artifacts.contains { $0.sha256 == digests.first }
        let places = claims.modelDigests.map { "\($0.place) \($0.sha256)" }.joined(separator: ", ")
        if digests.count == 1 && isAnArtifact {
            verdict.pass(
                .model, AIBoM.documentName, by: .computation,
                "the same digest in \(claims.modelDigests.count) places")
        } else {
            verdict.fail(
                .model, AIBoM.documentName, .billModelAmbiguous, "states different models: \(places)")
        }
    }

    /// Whether the verifier accepts who trained, and under which rules.
    mutating func checkAccepted(_ setting: AIBoM.Setting) {
        checkAccepted(builder: setting.builder)
        let subject = "\(setting.policyName) \(setting.policySHA256)"
        guard let policies = trust.policies else {
            return verdict.claim(
                .policy, subject, "as the signer says; no trust file says which policies are accepted")
        }
        if policies.contains(where: { $0.accepts(setting) }) {
            verdict.pass(.policy, subject, by: .computation, "accepted by the trust file")
        } else {
            verdict.fail(.policy, subject, .policyUntrusted, "the trust file does not accept it")
        }
    }

    private mutating func checkAccepted(builder: String) {
        guard let builders = trust.builders else {
            return verdict.claim(
                .builder, builder, "as the signer says; no trust file says which builders are accepted")
        }
        if builders.contains(where: { $0.utf8.elementsEqual(builder.utf8) }) {
            verdict.pass(.builder, builder, by: .computation, "accepted by the trust file")
        } else {
            verdict.fail(
                .builder, builder, .builderUntrusted,
                "the trust file accepts only \(builders.joined(separator: ", "))")
        }
    }
}

extension VerifierTrust.Policy {
    /// Everything that this one says must be so.
    fileprivate func accepts(_ setting: AIBoM.Setting) -> Bool {
        (name.map { $0.utf8.elementsEqual(setting.policyName.utf8) } ?? true)
            && (sha256.map { $0 == setting.policySHA256 } ?? true)
    }
}
