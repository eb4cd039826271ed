package import JSON

/// What a search of an inventory for known vulnerabilities found: `scan.json` beside a root file system's manifest.
package struct Scan: Sendable, Equatable {
    package struct Finding: Sendable, Equatable {
        package let id: String
        package let aliases: [String]
        package let summary: String?
        /// Package URL as the inventory has it.
        package let package: String
        /// The version that mends it, where one is known.
        package let fixed: String?
        package let published: String?
        package var analysis: Analysis?
    }

    /// The inventory that was searched; a scan says nothing of any other.
    package let inventory: String
    /// When, RFC 3339 in UTC.
    package let time: String
    /// Over all files of the folder of advisories.
    package let database: String
    package let advisories: Int
    /// The last change among the advisories.
    package let newest: String?
    /// Package URLs that no advisory could be about, or whose versions could not be compared with one.
    package let unscanned: [String]
    /// Names of packages that a signed index has newer; nil when none was looked at.
    package var outdated: [String]?
    package var findings: [Finding]
}

extension Scan {
    /// Searches.
    ///
    /// - Parameters:
    ///   - inventory: `inventory.json`, whose SHA-256 is `digest`.
    ///   - digest: its digest in hex.
    ///   - advisories: all there are.
    ///   - database: digest over them, in hex.
    ///   - time: the present.
    /// - Returns: nil when the inventory is none.
    package static func search(
        _ inventory: JSON, digest: String, for advisories: [Advisory], database: String, time: String
    ) -> Scan? {
        guard inventory["schema"] == "aibom-inventory/1", let components = inventory["components"]?.arrayValue else {
            return nil
        }
        let ecosystems = Set(advisories.flatMap(\.ecosystems))
        var byName: [String: [Advisory]] = [:]
        for advisory in advisories {
            for name in Set(advisory.names) { byName[name, default: []].append(advisory) }
        }
        var findings: [Finding] = []
        var unscanned: [String] = []
        for component in components {
            guard let package = InstalledPackage(component) else {
                unscanned.append(component["purl"]?.stringValue ?? component["name"]?.stringValue ?? "(no name)")
                continue
            }
            var isDecided = package.isCovered(by: ecosystems)
            var seen: Set<String> = []
            for advisory in package.names.sorted().flatMap({ byName[$0] ?? [] }) where seen.insert(advisory.id).inserted
            {
                switch advisory.answer(for: package) {
                case .affected(let fixed): findings.append(Finding(advisory, package, fixed: fixed))
                case .undecided: isDecided = false
                case .notAffected: break
                }
            }
            if !isDecided { unscanned.append(package.purl) }
        }
        return Scan(
            inventory: digest, time: time, database: database, advisories: advisories.count,
            newest: advisories.compactMap(\.modified).max(), unscanned: unscanned, outdated: nil,
            findings: findings.sorted { ($0.id, $0.package) < ($1.id, $1.package) })
    }
}

extension Scan.Finding {
    fileprivate init(_ advisory: Advisory, _ package: InstalledPackage, fixed: String?) {
        self.init(
            id: advisory.id, aliases: advisory.aliases, summary: advisory.summary, package: package.purl, fixed: fixed,
            published: advisory.published, analysis: nil)
    }
}
