package import JSON

/// A `Packages` file of a Debian archive: which version of a package it has now.
package struct DistributionIndex: Sendable {
    private var versions: [String: String] = [:]

    package init(parsing text: String) {
        var name: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { name = nil }
            if line.hasPrefix("Package: ") { name = String(line.dropFirst("Package: ".count)) }
            guard let package = name, line.hasPrefix("Version: ") else { continue }
            let version = String(line.dropFirst("Version: ".count))
            guard let found = DebianVersion(version) else { continue }
            // An archive may have several; the newest counts.
            if let known = versions[package].flatMap(DebianVersion.init), known >= found { continue }
            versions[package] = version
        }
    }

    package var isEmpty: Bool { versions.isEmpty }

    /// Packages of an inventory that are older here than there.
    package func newer(than inventory: JSON) -> [String] {
        (inventory["components"]?.arrayValue ?? []).compactMap { component in
            guard component["source"] == "debian", let name = component["name"]?.stringValue,
                let own = component["version"]?.stringValue.flatMap(DebianVersion.init),
                let there = versions[name].flatMap(DebianVersion.init), own < there
            else { return nil }
            return name
        }
    }

    /// Whether an `InRelease` file, whose signature was checked, lists a file of this digest and size as a `Packages` file.
    ///
    /// - Parameters:
    ///   - release: the signed text.
    ///   - sha256: of the file, in hex.
    ///   - size: of the file.
    /// - Returns: whether it is listed under SHA256.
    package static func isListed(in release: String, sha256: String, size: Int) -> Bool {
        var isInside = false
        for line in release.split(separator: "\n") {
            if !line.hasPrefix(" ") {
                isInside = line == "SHA256:"
            } else if isInside {
                let words = line.split(separator: " ")
                if words.count == 3, words[0] == sha256, words[1] == String(size), words[2].hasSuffix("/Packages") {
                    return true
                }
            }
        }
        return false
    }
}
