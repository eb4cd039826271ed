package import JSON

extension Scan {
    package var json: JSON {
        [
            "schema": "aibom-scan/1", "inventory_sha256": .string(inventory), "time": .string(time),
            "database": [
                "sha256": .string(database), "advisories": .integer(Int64(advisories)),
                "newest": newest.map(JSON.string) ?? .null,
            ],
            "unscanned": .array(unscanned.map(JSON.string)),
            "outdated": outdated.map { .array($0.map(JSON.string)) } ?? .null,
            "findings": .array(findings.map(\.json)),
        ]
    }

    /// Reads what `json` writes; nil for anything else: a scan that does not read is no scan.
    package init?(json: JSON) {
        guard json["schema"] == "aibom-scan/1", let inventory = json["inventory_sha256"]?.stringValue,
            let time = json["time"]?.stringValue, let database = json["database"]?["sha256"]?.stringValue,
            let advisories = json["database"]?["advisories"]?.integerValue,
            let unscanned = json["unscanned"]?.arrayValue,
            let list = json["findings"]?.arrayValue, let outdated = json["outdated"]
        else { return nil }
        let findings = list.compactMap(Finding.init)
        guard findings.count == list.count, outdated == .null || outdated.arrayValue != nil else { return nil }
        self.inventory = inventory
        self.time = time
        self.database = database
        self.advisories = Int(clamping: advisories)
        newest = json["database"]?["newest"]?.stringValue
        self.unscanned = unscanned.compactMap(\.stringValue)
        self.outdated = outdated.arrayValue?.compactMap(\.stringValue)
        self.findings = findings
    }
}

extension Scan.Finding {
    fileprivate var json: JSON {
        var object = JSONObject()
        object["id"] = .string(id)
        object["aliases"] = .array(aliases.map(JSON.string))
        object["package"] = .string(package)
        object["summary"] = summary.map(JSON.string)
        object["fixed"] = fixed.map(JSON.string)
        object["published"] = published.map(JSON.string)
        object["analysis"] = analysis?.json
        return .object(object)
    }

    fileprivate init?(_ json: JSON) {
        guard let id = json["id"]?.stringValue, let package = json["package"]?.stringValue else { return nil }
        let analysis = json["analysis"].map(Analysis.init(json:))
        // One that does not read is worse than none: it would show a finding as nobody's.
        if case .some(.none) = analysis { return nil }
        self.init(
            id: id, aliases: (json["aliases"]?.arrayValue ?? []).compactMap(\.stringValue),
            summary: json["summary"]?.stringValue, package: package, fixed: json["fixed"]?.stringValue,
            published: json["published"]?.stringValue, analysis: analysis ?? nil)
    }
}
