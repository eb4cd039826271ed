internal import Attest
internal import JSON

/// One fact that two documents state.
private struct Binding {
    let reason: Reason
    let place: String
    let found: JSON?
    let expected: JSON?

    var holds: Bool { found == expected }
}

extension Verifier {
    /// What a predicate says that the AIBoM says, too.
    mutating func checkPredicate(_ signed: SignedStatement, _ bill: Bill) {
        let predicate = signed.statement.predicate
        if signed.statement.kind == .bill { return checkBill(predicate, signed.subject, bill) }
        let bindings: [Binding] =
            switch signed.statement.kind {
            case .provenance: Self.provenance(predicate, bill)
            case .trace: Self.trace(predicate, bill)
            case .confinement: Self.confinement(predicate, bill)
            case .failure: Self.failure(predicate, bill)
            case .bill, .model: []
            }
        let wrong = bindings.filter { !$0.holds }
        for binding in wrong {
            verdict.fail(
                .statement, signed.subject, binding.reason,
                "\(binding.place) is \(binding.found?.description ?? "not there"), where the AIBoM has "
                    + (binding.expected?.description ?? "nothing"))
        }
        guard wrong.isEmpty else { return }
        verdict.pass(
            .statement, signed.subject, by: .computation,
            "agrees with the AIBoM: \(bindings.map(\.place).joined(separator: ", "))")
    }

    /// Member by member in the same order, and numbers as they are written: it has to be the AIBoM that lies there.
    private mutating func checkBill(_ predicate: JSON, _ subject: String, _ bill: Bill) {
        if predicate == bill.root {
            verdict.pass(.statement, subject, by: .computation, "has \(AIBoM.documentName) as its predicate")
        } else {
            verdict.fail(
                .statement, subject, .statementPredicateMismatch, "its predicate is not \(AIBoM.documentName)")
        }
    }

    private static func provenance(_ predicate: JSON, _ bill: Bill) -> [Binding] {
        let definition = predicate["buildDefinition"]
        let details = predicate["runDetails"]
        let setting = bill.setting
        return [
            Binding(
                reason: .statementBuildTypeMismatch, place: "buildType", found: definition?["buildType"],
                expected: "urn:aibomgen:build-type:training:1"),
            Binding(
                reason: .statementBuilderMismatch, place: "builder.id", found: details?["builder"]?["id"],
                expected: .string(setting.builder)),
            Binding(
                reason: .statementPolicyMismatch, place: "policy",
                found: digest(of: "policy", in: details?["builder"]?["builderDependencies"]),
                expected: .string(setting.policySHA256)),
            Binding(
                reason: .statementInputMismatch, place: "inputs", found: inputs(definition?["resolvedDependencies"]),
                expected: inputs(of: bill)),
            Binding(
                reason: .statementAttemptMismatch, place: "attempt",
                found: definition?["internalParameters"]?["attempt"], expected: .integer(setting.attempt)),
            Binding(
                reason: .statementKeyMismatch, place: "key", found: definition?["internalParameters"]?["key"],
                expected: .string(bill.claims.keyID)),
            Binding(
                reason: .statementTimeMismatch, place: "startedOn", found: details?["metadata"]?["startedOn"],
                expected: .string(setting.started ?? setting.submitted)),
            Binding(
                reason: .statementTimeMismatch, place: "finishedOn", found: details?["metadata"]?["finishedOn"],
                expected: .string(setting.finished)),
        ]
    }

    private static func trace(_ predicate: JSON, _ bill: Bill) -> [Binding] {
        let process = predicate["monitoredProcess"]
        let setting = bill.setting
        return [
            Binding(
                reason: .statementBuilderMismatch, place: "hostID", found: process?["hostID"],
                expected: .string(setting.builder)),
            Binding(
                reason: .statementAttemptMismatch, place: "attempt", found: process?["event"],
                expected: .string("urn:uuid:\(bill.claims.job)#\(setting.attempt)")),
            Binding(
                reason: .statementPolicyMismatch, place: "policy",
                found: predicate["monitor"]?["configSource"]?["digest"]?["sha256"],
                expected: .string(setting.policySHA256)),
            Binding(
                reason: .statementTimeMismatch, place: "buildStartedOn",
                found: predicate["metadata"]?["buildStartedOn"],
                expected: .string(setting.started ?? setting.submitted)),
            Binding(
                reason: .statementTimeMismatch, place: "buildFinishedOn",
                found: predicate["metadata"]?["buildFinishedOn"], expected: .string(setting.finished)),
        ]
    }

    private static func confinement(_ predicate: JSON, _ bill: Bill) -> [Binding] {
        [
            Binding(
                reason: .statementBuilderMismatch, place: "producer", found: predicate["producer"]?["uri"],
                expected: .string(bill.setting.builder))
        ]
    }

    private static func failure(_ predicate: JSON, _ bill: Bill) -> [Binding] {
        let setting = bill.setting
        let times = predicate["times"]
        return [
            Binding(
                reason: .statementBuilderMismatch, place: "builder.id", found: predicate["builder"]?["id"],
                expected: .string(setting.builder)),
            Binding(
                reason: .statementPolicyMismatch, place: "policy", found: predicate["policy"],
                expected: .string(setting.policyName)),
            Binding(
                reason: .statementInputMismatch, place: "inputs", found: inputs(predicate["inputs"]),
                expected: inputs(of: bill)),
            Binding(
                reason: .statementAttemptMismatch, place: "attempt", found: predicate["attempt"],
                expected: .integer(setting.attempt)),
            Binding(
                reason: .statementFailureMismatch, place: "reason", found: predicate["reason"],
                expected: setting.failure.map(JSON.string)),
            Binding(
                reason: .statementTimeMismatch, place: "submitted", found: times?["submitted"],
                expected: .string(setting.submitted)),
            Binding(
                reason: .statementTimeMismatch, place: "started", found: times?["started"],
                expected: setting.started.map(JSON.string)),
            Binding(
                reason: .statementTimeMismatch, place: "finished", found: times?["finished"],
                expected: .string(setting.finished)),
        ]
    }

    /// Of a list of resources, the digest of the one that has the name; nil where there is none, or more than one.
    private static func digest(of name: String, in resources: JSON?) -> JSON? {
        let named = (resources?.arrayValue ?? []).filter { $0["name"] == .string(name) }
        return named.count == 1 ? named[0]["digest"]?["sha256"] : nil
    }

    /// The inputs among resources, by role and digest.
    private static func inputs(_ resources: JSON?) -> JSON {
        let inputs = (resources?.arrayValue ?? []).compactMap { resource -> String? in
            guard let name = resource["name"]?.stringValue, name.hasPrefix("input-") else { return nil }
            return "\(name) \(resource["digest"]?["sha256"]?.stringValue ?? "")"
        }
        return .array(inputs.sorted().map(JSON.string))
    }

    private static func inputs(of bill: Bill) -> JSON {
        .array(bill.claims.inputs.map { "input-\($0.role) \($0.sha256)" }.sorted().map(JSON.string))
    }
}
