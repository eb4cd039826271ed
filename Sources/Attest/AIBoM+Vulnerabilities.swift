internal import JSON

extension AIBoM {
    /// What a search of the inventory found. Nil when none was made: no list is no statement, an empty one says that nothing
    /// was found.
    static func vulnerabilities(_ rootfs: JobFacts.RootFileSystem) -> JSON? {
        guard let scan = rootfs.scan else { return nil }
        let known = Set(packages(rootfs).map(\.reference))
        return .array(scan.findings.map { vulnerability($0, known: known) })
    }

    private static func vulnerability(_ finding: JobFacts.Scan.Finding, known: Set<String>) -> JSON {
        let reference = packageReference(finding.package)
        var vulnerability = JSONObject()
        vulnerability.add("bom-ref", .string("vulnerability/\(finding.id)/\(finding.package)"))
        vulnerability.add("id", .string(finding.id))
        vulnerability.add("source", ["name": "OSV"])
        vulnerability.add(
            "references",
            ifAny: finding.aliases.map { ["id": .string($0), "source": ["name": .string(source(of: $0))]] })
        vulnerability.add("description", finding.summary.map(JSON.string))
        vulnerability.add(
            "recommendation", finding.fixed.map { .string("build the rootfs again with \($0) or later") })
        vulnerability.add("published", finding.published.map(JSON.string))
        vulnerability.add("analysis", finding.analysis.map(analysis))
        vulnerability.add("affects", known.contains(reference) ? [["ref": .string(reference)]] : nil)
        return .object(vulnerability)
    }

    private static func source(of alias: String) -> String {
        if alias.hasPrefix("CVE-") { return "NVD" }
        return alias.hasPrefix("GHSA-") ? "GitHub Advisories" : "OSV"
    }

    private static func analysis(_ analysis: JobFacts.Scan.Analysis) -> JSON {
        var object = JSONObject()
        object.add("state", .string(analysis.state))
        object.add("justification", analysis.justification.map(JSON.string))
        object.add("detail", analysis.detail.map(JSON.string))
        return .object(object)
    }

    /// The search itself, at the root file system: what was compared, and how much of it.
    static func add(_ scan: JobFacts.Scan?, to properties: inout Properties) {
        guard let scan else {
            properties.add(.computed, "vulnerabilities.scan", ifKnown: String?.none)
            return
        }
        properties.add(.computed, "vulnerabilities.scan", "made \(scan.time) against an offline folder of advisories")
        properties.add(.observed, "vulnerabilities.database.sha256", scan.database)
        properties.add(.observed, "vulnerabilities.database.advisories", "\(scan.advisories)")
        properties.add(.observed, "vulnerabilities.database.newest", ifKnown: scan.newest)
        properties.add(.computed, "vulnerabilities.packages.unscanned", "\(scan.unscanned)")
        properties.add(.computed, "vulnerabilities.found", "\(scan.findings.count)")
        properties.add(
            .computed, "vulnerabilities.outdated",
            ifKnown: scan.outdated.map { $0.isEmpty ? "none" : $0.joined(separator: " ") })
    }
}
