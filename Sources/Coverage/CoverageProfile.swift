package import JSON

/// A list of elements that somebody asks for, with the places where an AIBoM has them. Data: `coverage/*.json`.
package struct CoverageProfile: Sendable {
    package struct Element: Sendable {
        package let id: String
        package let name: String
        /// Who can know it: `runner`, `submitter`, `operator`, or only a `person`.
        package let source: String
        package let note: String?
        let places: [(place: Place, by: String?)]
        let category: String?
        let tier: String?
        let countsOnlyIfPresent: Bool
    }

    enum Scoring: Sendable {
        /// The part of the elements that is present.
        case share
        /// Points by category, less penalties for what is missing, as the OWASP generator counts.
        case categories([(name: String, points: Double)], penalties: [Penalty])
    }

    struct Penalty: Sendable {
        let tier: String
        let missing: Int
        let factor: Double
    }

    package let name: String
    package let title: String
    /// The publication that the elements are of.
    package let source: JSON
    package let elements: [Element]
    let scoring: Scoring

    /// The profiles that are part of the program, by name.
    package static let names = ["g7", "annex-xi", "annex-xii", "annex-iv", "ntia", "owasp"]

    /// Reads one of them.
    ///
    /// - Parameter name: one of `names`.
    /// - Throws: `CoverageError`.
    /// - Returns: the profile.
    package static func named(_ name: String) throws(CoverageError) -> CoverageProfile {
        let files = [
            "g7": PackageResources.g7_json, "annex-xi": PackageResources.annex_xi_json,
            "annex-xii": PackageResources.annex_xii_json, "annex-iv": PackageResources.annex_iv_json,
            "ntia": PackageResources.ntia_json, "owasp": PackageResources.owasp_json,
        ]
        guard let bytes = files[name] else { throw .unknownProfile(name, known: names) }
        return try CoverageProfile(parsing: bytes)
    }
}

extension CoverageProfile {
    /// Reads a profile.
    ///
    /// - Parameter bytes: a file like those in `coverage/`.
    /// - Throws: `CoverageError.badProfile` that names the element.
    package init(parsing bytes: [UInt8]) throws(CoverageError) {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(bytes, limits: .document) } catch {
            throw .badProfile("\(error)")
        }
        guard json["schema"] == "aibom-coverage/1", let name = json["name"]?.stringValue,
            let title = json["title"]?.stringValue, let source = json["source"], source["title"]?.stringValue != nil,
            let list = json["elements"]?.arrayValue, !list.isEmpty
        else { throw .badProfile("schema, name, title, source or elements is missing") }
        self.name = name
        self.title = title
        self.source = source
        let fallback = json["scoring"]?["fallback"]?.arrayValue?.compactMap(\.stringValue) ?? []
        var elements: [Element] = []
        for element in list { elements.append(try Element(element, fallback: fallback)) }
        self.elements = elements
        scoring = try Self.scoring(json["scoring"] ?? .null)
    }

    private static func scoring(_ json: JSON) throws(CoverageError) -> Scoring {
        switch json["kind"]?.stringValue {
        case "share": return .share
        case "categories":
            let categories = json["categories"]?.objectValue?.members ?? []
            let penalties = json["penalties"]?.arrayValue ?? []
            return .categories(
                categories.map { ($0.key, $0.value.doubleValue ?? 0) },
                penalties: penalties.compactMap { penalty in
                    guard let tier = penalty["tier"]?.stringValue, let missing = penalty["missing"]?.integerValue,
                        let factor = penalty["factor"]?.stringValue.flatMap(Double.init)
                    else { return nil }
                    return Penalty(tier: tier, missing: Int(missing), factor: factor)
                })
        default: throw .badProfile("scoring.kind is neither share nor categories")
        }
    }
}

extension CoverageProfile.Element {
    fileprivate init(_ json: JSON, fallback: [String]) throws(CoverageError) {
        guard let id = json["id"]?.stringValue, let name = json["name"]?.stringValue,
            let source = json["from"]?.stringValue, ["runner", "submitter", "operator", "person"].contains(source),
            let at = json["at"]?.arrayValue
        else { throw .badProfile("an element has no id, name, from or at") }
        let usual = json["by"]?.stringValue
        var places: [(place: Place, by: String?)] = []
        let texts =
            at.map { ($0["path"]?.stringValue ?? "", $0["by"]?.stringValue ?? usual) }
            + fallback.map { ($0.replacing("$", with: id), usual) }
        for (text, by) in texts {
            guard let place = Place(text) else { throw .badProfile("element \(id) has the place \(text)") }
            places.append((place, by))
        }
        self.id = id
        self.name = name
        self.source = source
        self.places = places
        note = json["note"]?.stringValue
        category = json["category"]?.stringValue
        tier = json["tier"]?.stringValue
        countsOnlyIfPresent = json["only_if_present"]?.boolValue ?? false
    }
}

/// Why nothing can be said of a document's coverage.
package enum CoverageError: Error, Equatable, CustomStringConvertible {
    case unknownProfile(String, known: [String])
    case badProfile(String)
    case badDocument(String)

    package var description: String {
        switch self {
        case .unknownProfile(let name, let known): "no profile \(name); there are \(known.joined(separator: ", "))"
        case .badProfile(let fault): "coverage profile: \(fault)"
        case .badDocument(let fault): "not an AIBoM that can be looked at: \(fault)"
        }
    }
}
