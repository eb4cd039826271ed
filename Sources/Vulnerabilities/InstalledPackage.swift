internal import JSON

/// A package of an inventory, as advisories speak of it.
struct InstalledPackage: Sendable {
    let purl: String
    let name: String
    let version: String
    let source: String
    /// The distribution's release that it comes from, such as `bookworm`.
    let distribution: String?
    /// The source package that it was built from and its version: advisories of Debian are about those. Nil where the inventory does
    /// not say.
    let sourceName: String?
    private let comparedVersion: String

    init?(_ json: JSON) {
        guard let name = json["name"]?.stringValue, let version = json["version"]?.stringValue,
            let source = json["source"]?.stringValue, let purl = json["purl"]?.stringValue
        else { return nil }
        self.name = source == "pypi" ? Self.normalized(name) : name
        self.version = version
        self.source = source
        self.purl = purl
        sourceName = json["source_name"]?.stringValue
        comparedVersion = json["source_version"]?.stringValue ?? version
        distribution = purl.split(separator: "?").last?.split(separator: "&")
            .first { $0.hasPrefix("distro=") }.map { String($0.dropFirst("distro=".count)) }
    }

    /// PEP 503.
    static func normalized(_ name: String) -> String {
        name.lowercased().replacing(#/[-_.]+/#, with: "-")
    }

    /// What advisories may call it.
    var names: Set<String> { Set([name, sourceName].compactMap { $0 }) }

    func matches(ecosystem: String, name: String) -> Bool {
        switch source {
        case "pypi": ecosystem == "PyPI" && Self.normalized(name) == self.name
        case "debian":
            (ecosystem == "Debian" || ecosystem == release.map { "Debian:\($0)" })
                && (name == self.name || name == sourceName)
        default: false
        }
    }

    /// Whether the advisories of an ecosystem can be about it. Those about Debian's source packages find none whose source is unknown.
    func isCovered(by ecosystems: Set<String>) -> Bool {
        switch source {
        case "pypi": ecosystems.contains("PyPI")
        case "debian":
            sourceName != nil
                && (ecosystems.contains("Debian") || release.map { ecosystems.contains("Debian:\($0)") } == true)
        default: false
        }
    }

    private var release: String? { distribution.flatMap { Self.releases[$0] } }

    private static let releases = ["buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13"]

    /// Nil when one of the two is no version of this kind.
    func isBefore(_ other: String) -> Bool? { order(to: other).map { $0 < 0 } }
    func isAfter(_ other: String) -> Bool? { order(to: other).map { $0 > 0 } }

    private func order(to other: String) -> Int? {
        switch source {
        case "pypi":
            guard let own = PythonVersion(comparedVersion), let other = PythonVersion(other) else { return nil }
            return own < other ? -1 : own == other ? 0 : 1
        case "debian":
            guard let own = DebianVersion(comparedVersion), let other = DebianVersion(other) else { return nil }
            return own < other ? -1 : own == other ? 0 : 1
        default: return nil
        }
    }
}
