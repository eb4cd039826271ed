package import JSON

/// One advisory in the OSV format (schema 1.x), as far as it is needed to say whether a package is affected.
package struct Advisory: Sendable {
    package let id: String
    package let aliases: [String]
    package let summary: String?
    package let published: String?
    package let modified: String?
    private let affected: [Affected]

    fileprivate struct Affected: Sendable {
        let ecosystem: String
        let name: String
        let versions: Set<String>
        /// Of kind ECOSYSTEM or SEMVER; those of kind GIT say nothing of a package's version.
        let ranges: [[Event]]
    }

    fileprivate enum Event: Sendable {
        case introduced(String), fixed(String), lastAffected(String)
    }

    /// Nil for what is no advisory, and for one that was withdrawn.
    package init?(_ json: JSON) {
        guard let id = json["id"]?.stringValue, !id.isEmpty, json["withdrawn"] == nil else { return nil }
        self.id = id
        aliases = ((json["aliases"]?.arrayValue ?? []) + (json["upstream"]?.arrayValue ?? [])).compactMap(\.stringValue)
        summary = json["summary"]?.stringValue ?? json["details"]?.stringValue.map { String($0.prefix(400)) }
        published = json["published"]?.stringValue
        modified = json["modified"]?.stringValue
        affected = (json["affected"]?.arrayValue ?? []).compactMap(Affected.init)
    }

    var ecosystems: [String] { affected.map(\.ecosystem) }
    /// The packages that it is about, to find it by.
    var names: [String] { affected.map { $0.ecosystem == "PyPI" ? InstalledPackage.normalized($0.name) : $0.name } }
}

extension Advisory.Affected {
    fileprivate init?(_ json: JSON) {
        guard let ecosystem = json["package"]?["ecosystem"]?.stringValue,
            let name = json["package"]?["name"]?.stringValue
        else { return nil }
        self.ecosystem = ecosystem
        self.name = name
        versions = Set((json["versions"]?.arrayValue ?? []).compactMap(\.stringValue))
        ranges = (json["ranges"]?.arrayValue ?? []).filter { $0["type"] != "GIT" }.map { range in
            (range["events"]?.arrayValue ?? []).compactMap { event in
                event["introduced"]?.stringValue.map(Advisory.Event.introduced)
                    ?? event["fixed"]?.stringValue.map(Advisory.Event.fixed)
                    ?? event["last_affected"]?.stringValue.map(Advisory.Event.lastAffected)
            }
        }
    }
}

extension Advisory {
    /// What an advisory says of one version of a package.
    enum Answer: Equatable {
        case notAffected
        case affected(fixed: String?)
        /// A version in it, or the package's own, is none that can be compared.
        case undecided
    }

    func answer(for package: InstalledPackage) -> Answer {
        var undecided = false
        for affected in affected where package.matches(ecosystem: affected.ecosystem, name: affected.name) {
            let fixes = affected.ranges.flatMap { $0 }.compactMap { if case .fixed(let fix) = $0 { fix } else { nil } }
            let later = fixes.filter { package.isBefore($0) == true }.first
            if affected.versions.contains(package.version) { return .affected(fixed: later) }
            for range in affected.ranges {
                guard let isWithin = Self.isWithin(range, package) else {
                    undecided = true
                    continue
                }
                if isWithin { return .affected(fixed: later) }
            }
        }
        return undecided ? .undecided : .notAffected
    }

    /// The state that the last event at or before the version leaves it in; nil when something can't be compared.
    private static func isWithin(_ events: [Event], _ package: InstalledPackage) -> Bool? {
        var isWithin = false
        for event in events {
            switch event {
            case .introduced("0"): isWithin = true
            case .introduced(let version):
                guard let isBefore = package.isBefore(version) else { return nil }
                if !isBefore { isWithin = true }
            case .fixed(let version):
                guard let isBefore = package.isBefore(version) else { return nil }
                if !isBefore { isWithin = false }
            case .lastAffected(let version):
                guard let isAfter = package.isAfter(version) else { return nil }
                if isAfter { isWithin = false }
            }
        }
        return isWithin
    }
}
