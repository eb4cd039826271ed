internal import JSON

/// A licence as CycloneDX wants it: by SPDX id when it surely is one, else by the name that it was given.
enum License {
    /// Ids of the SPDX list that root file systems and models carry. The schema refuses an id that is not on the list, so one
    /// that is missing here is only named.
    private static let identifiers: Set<String> = [
        "0BSD", "Apache-1.1", "Apache-2.0", "Artistic-1.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause",
        "BSD-4-Clause", "BSL-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0", "GFDL-1.3-only",
        "GPL-1.0-only", "GPL-1.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later",
        "HPND", "ISC", "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only",
        "LGPL-3.0-or-later", "MIT", "MPL-1.1", "MPL-2.0", "OpenSSL", "PSF-2.0", "Python-2.0", "Unlicense", "X11",
        "Zlib", "bzip2-1.0.6", "AGPL-3.0-only", "AGPL-3.0-or-later", "EUPL-1.2",
    ]

    /// The list of a component: one expression where that is what was given, else each name by itself.
    ///
    /// - Parameter names: as somebody gave them.
    /// - Returns: what goes into `licenses`.
    static func declared(_ names: [String]) -> [JSON] {
        if names.count == 1, isExpression(names[0]) {
            return [["expression": .string(names[0]), "acknowledgement": "declared"]]
        }
        return names.map { name in
            var license = JSONObject()
            license.add(identifiers.contains(name) ? "id" : "name", .string(name))
            license.add("acknowledgement", "declared")
            return ["license": .object(license)]
        }
    }

    /// Ids that are surely ids, joined by AND and OR (SPDX specification, annex on licence expressions), without brackets.
    private static func isExpression(_ text: String) -> Bool {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 3, words.count % 2 == 1 else { return false }
        return words.enumerated().allSatisfy { index, word in
            index % 2 == 0 ? identifiers.contains(word) : ["AND", "OR"].contains(word)
        }
    }
}
