internal import JSON

/// Where in a document an element may stand: the small path language of `coverage/README.md`.
struct Place: Sendable {
    enum Step: Equatable, Sendable {
        case member(String)
        case index(Int)
        case every
        case having(key: String, value: String)
        /// A property of ours, whatever its trust; by the beginning of its name if `isPrefix`.
        case property(String, isPrefix: Bool)
    }

    let steps: [Step]

    /// Nil for what is no path.
    init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        var steps: [Step] = []
        for part in Self.parts(text.dropFirst()) {
            guard let step = Step(part), !part.isEmpty else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }

    /// What stands between the slashes; those in brackets are part of a value.
    private static func parts(_ text: Substring) -> [String] {
        var parts = [""]
        var isBracketed = false
        for character in text {
            if character == "[" { isBracketed = true }
            if character == "]" { isBracketed = false }
            if character == "/", !isBracketed { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }

    /// Something that stands at a place.
    struct Found {
        let pointer: String
        let value: JSON
        /// The list of properties that it stands in, if it is one.
        let list: [JSON]
    }

    /// Everything in `document` at this place, in the document's order.
    func find(in document: JSON) -> [Found] {
        var found = [Found(pointer: "", value: document, list: [])]
        for step in steps { found = found.flatMap { step.follow($0) } }
        return found
    }
}

extension Place.Step {
    init?(_ text: String) {
        if text == "*" {
            self = .every
        } else if text.hasPrefix("@") {
            let isPrefix = text.hasSuffix("*")
            self = .property(String(text.dropFirst().dropLast(isPrefix ? 1 : 0)), isPrefix: isPrefix)
        } else if text.hasPrefix("["), text.hasSuffix("]") {
            let pair = text.dropFirst().dropLast().split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            self = .having(key: String(pair[0]), value: String(pair[1]))
        } else {
            self = Int(text).map(Self.index) ?? .member(text)
        }
    }

    fileprivate func follow(_ place: Place.Found) -> [Place.Found] {
        let elements = place.value.arrayValue ?? []
        func element(_ index: Int) -> Place.Found {
            Place.Found(pointer: "\(place.pointer)/\(index)", value: elements[index], list: elements)
        }
        switch self {
        case .member(let name):
            guard let value = place.value[name] else { return [] }
            return [.init(pointer: "\(place.pointer)/\(JSONPointer.escaped(name))", value: value, list: [])]
        case .index(let index): return elements.indices.contains(index) ? [element(index)] : []
        case .every: return elements.indices.map(element)
        case .having(let key, let value):
            return elements.indices.filter { elements[$0][key] == .string(value) }.map(element)
        case .property(let name, let isPrefix):
            let list = place.value["properties"]?.arrayValue ?? []
            return list.indices.compactMap { index in
                guard let own = OwnProperty(list[index]), isPrefix ? own.name.hasPrefix(name) : own.name == name else {
                    return nil
                }
                return .init(pointer: "\(place.pointer)/properties/\(index)", value: list[index], list: list)
            }
        }
    }
}

/// A property by our names: `aibomgen:<trust>:<name>`.
struct OwnProperty {
    let trust: String
    let name: String
    let value: String?

    init?(_ property: JSON) {
        let parts = (property["name"]?.stringValue ?? "").split(
            separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "aibomgen" else { return nil }
        trust = String(parts[1])
        name = String(parts[2])
        value = property["value"]?.stringValue
    }
}
