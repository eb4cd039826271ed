package import JSON

/// What somebody who looked at a finding says of it (VEX), in CycloneDX's words.
package struct Analysis: Sendable, Equatable {
    package let state: String
    package let justification: String?
    package let detail: String?

    private static let states = [
        "resolved", "resolved_with_pedigree", "exploitable", "in_triage", "false_positive", "not_affected",
    ]
    private static let justifications = [
        "code_not_present", "code_not_reachable", "requires_configuration", "requires_dependency",
        "requires_environment", "protected_by_compiler", "protected_at_runtime", "protected_at_perimeter",
        "protected_by_mitigating_control",
    ]

    var json: JSON {
        var object = JSONObject()
        object["state"] = .string(state)
        object["justification"] = justification.map(JSON.string)
        object["detail"] = detail.map(JSON.string)
        return .object(object)
    }

    /// CycloneDX's `analysis`; nil for words that it does not have.
    init?(json: JSON) {
        guard let state = json["state"]?.stringValue, Self.states.contains(state) else { return nil }
        let justification = json["justification"]?.stringValue
        guard justification.map(Self.justifications.contains) ?? true else { return nil }
        self.state = state
        self.justification = justification
        detail = json["detail"]?.stringValue
    }

    /// A statement of OpenVEX 0.2.
    init?(openVEX json: JSON) {
        let states = [
            "not_affected": "not_affected", "affected": "exploitable", "fixed": "resolved",
            "under_investigation": "in_triage",
        ]
        guard let state = json["status"]?.stringValue.flatMap({ states[$0] }) else { return nil }
        let words = [
            "component_not_present": "code_not_present", "vulnerable_code_not_present": "code_not_present",
            "vulnerable_code_not_in_execute_path": "code_not_reachable",
            "inline_mitigations_already_exist": "protected_by_mitigating_control",
        ]
        let given = json["justification"]?.stringValue
        self.state = state
        justification = given.flatMap { words[$0] }
        // A word that CycloneDX has no equal of is kept as a text.
        let unplaced = justification == nil ? given : nil
        let details = [unplaced, json["impact_statement"]?.stringValue ?? json["action_statement"]?.stringValue]
        detail = details.compactMap { $0 }.isEmpty ? nil : details.compactMap { $0 }.joined(separator: ": ")
    }
}

/// A VEX document: CycloneDX's, or OpenVEX.
package struct VEX: Sendable {
    private struct Statement: Sendable {
        let ids: Set<String>
        /// Package URLs; about every package when there is none.
        let products: [String]
        let analysis: Analysis
    }

    private let statements: [Statement]

    /// Nil when a part of it can't be read: half of a VEX document is a wrong one.
    package init?(_ json: JSON) {
        if let list = json["vulnerabilities"]?.arrayValue, json["bomFormat"] == "CycloneDX" {
            let known = list.filter { $0["analysis"] != nil }
            statements = known.compactMap { one in
                guard let id = one["id"]?.stringValue, let analysis = one["analysis"].flatMap(Analysis.init(json:))
                else {
                    return nil
                }
                let others = (one["references"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
                let products = (one["affects"]?.arrayValue ?? []).compactMap { $0["ref"]?.stringValue }
                return Statement(ids: Set([id] + others), products: products, analysis: analysis)
            }
            guard statements.count == known.count else { return nil }
        } else if let list = json["statements"]?.arrayValue,
            json["@context"]?.stringValue?.hasPrefix("https://openvex.dev/ns") == true
        {
            statements = list.compactMap { one in
                let vulnerability = one["vulnerability"]
                guard let id = vulnerability?["name"]?.stringValue ?? vulnerability?.stringValue,
                    let analysis = Analysis(openVEX: one)
                else { return nil }
                let others = (vulnerability?["aliases"]?.arrayValue ?? []).compactMap(\.stringValue)
                let products = (one["products"]?.arrayValue ?? []).compactMap {
                    $0["identifiers"]?["purl"]?.stringValue ?? $0["@id"]?.stringValue ?? $0.stringValue
                }
                return Statement(ids: Set([id] + others), products: products, analysis: analysis)
            }
            guard statements.count == list.count else { return nil }
        } else {
            return nil
        }
    }

    /// Writes what it says to the findings that it is about; of two statements, the later.
    ///
    /// - Parameter scan: gets the states.
    /// - Returns: how many findings have one now.
    package func apply(to scan: inout Scan) -> Int {
        for index in scan.findings.indices {
            let finding = scan.findings[index]
            for statement in statements where !statement.ids.isDisjoint(with: [finding.id] + finding.aliases) {
                let isAbout =
                    statement.products.isEmpty
                    || statement.products.contains { product in
                        // A purl without qualifiers is about all that have it.
                        product == finding.package || product == "rootfs/" + finding.package
                            || finding.package.hasPrefix(product + "?")
                    }
                if isAbout { scan.findings[index].analysis = statement.analysis }
            }
        }
        return scan.findings.count { $0.analysis != nil }
    }
}
