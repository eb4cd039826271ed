package import JSON

/// How much of what somebody asks for a document has, element by element.
package struct Coverage: Sendable {
    package enum Standing: Sendable, Equatable {
        /// Where, and who vouches for it: a trust, or nil where the document does not say.
        case present(at: String, by: String?)
        /// The document says that nobody knows it, or that it is not given out.
        case unknown(at: String)
        case withheld(at: String)
        case missing

        package var word: String {
            switch self {
            case .present: "present"
            case .unknown: "unknown"
            case .withheld: "withheld"
            case .missing: "missing"
            }
        }
    }

    package struct Finding: Sendable {
        package let element: CoverageProfile.Element
        package let standing: Standing
        /// What stands there.
        package let value: JSON?

        package var isPresent: Bool { if case .present = standing { true } else { false } }
    }

    package let profile: CoverageProfile
    package let findings: [Finding]
    /// Of 100, to one decimal.
    package let score: Double

    /// - Parameters:
    ///   - document: a CycloneDX document.
    ///   - profile: what is asked for.
    /// - Throws: `CoverageError.badDocument` for what is no CycloneDX document.
    package init(of document: JSON, by profile: CoverageProfile) throws(CoverageError) {
        guard document["bomFormat"] == "CycloneDX" else { throw .badDocument("bomFormat is not CycloneDX") }
        let isOurs = Place("/metadata/@job.id")?.find(in: document).isEmpty == false
        self.profile = profile
        findings = profile.elements.map { element in
            let (standing, value) = element.look(in: document, isOurs: isOurs)
            return Finding(element: element, standing: standing, value: value)
        }
        score = Self.score(findings, profile.scoring)
    }

    /// How many have each standing, in the order of the words.
    package var counts: [(word: String, count: Int)] {
        ["present", "unknown", "withheld", "missing"].map { word in (word, findings.count { $0.standing.word == word })
        }
    }

    package var json: JSON {
        var counts = JSONObject()
        for (word, count) in self.counts { counts[word] = .integer(Int64(count)) }
        return [
            "profile": .string(profile.name), "title": .string(profile.title), "source": profile.source,
            "score": JSONDecimal(score).map(JSON.decimal) ?? .null, "counts": .object(counts),
            "elements": .array(findings.map(\.json)),
        ]
    }
}

extension Coverage.Finding {
    fileprivate var json: JSON {
        var object = JSONObject()
        object["id"] = .string(element.id)
        object["name"] = .string(element.name)
        object["from"] = .string(element.source)
        object["standing"] = .string(standing.word)
        switch standing {
        case .present(let pointer, let by):
            object["at"] = .string(pointer)
            object["vouched"] = by.map(JSON.string) ?? .null
        case .unknown(let pointer), .withheld(let pointer): object["at"] = .string(pointer)
        case .missing: break
        }
        object["note"] = element.note.map(JSON.string)
        return .object(object)
    }
}

extension CoverageProfile.Element {
    /// The first place that holds something counts; a place where the document says that it does not know is the next best.
    fileprivate func look(in document: JSON, isOurs: Bool) -> (Coverage.Standing, JSON?) {
        var silent: Coverage.Standing = .missing
        for (place, by) in places {
            for found in place.find(in: document) {
                if let own = OwnProperty(found.value), own.trust == "unknown" || own.trust == "withheld" {
                    if silent == .missing {
                        silent = own.trust == "unknown" ? .unknown(at: found.pointer) : .withheld(at: found.pointer)
                    }
                    continue
                }
                guard found.value.saysSomething else { continue }
                return (.present(at: found.pointer, by: isOurs ? found.trust ?? by : nil), found.value)
            }
        }
        return (silent, nil)
    }
}

extension Place.Found {
    /// Who vouches for a property: by its own name, or by that of the one it restates.
    fileprivate var trust: String? {
        if let own = OwnProperty(value) { return own.trust }
        guard value["name"] != nil, let text = value["value"]?.stringValue else { return nil }
        return list.lazy.compactMap(OwnProperty.init).first { $0.value == text }?.trust
    }
}

extension JSON {
    /// Not empty: an empty text, list or object is not there.
    fileprivate var saysSomething: Bool {
        switch self {
        case .null: false
        case .bool, .integer, .decimal: true
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.isEmpty && self["value"] != ""
        }
    }
}
