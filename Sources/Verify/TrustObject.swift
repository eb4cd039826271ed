internal import JSON
internal import Measure

/// An object of the trust file, whose faults name their place.
struct TrustObject {
    private let object: JSONObject
    let place: String

    init(_ value: JSON, _ place: String, _ members: [String]) throws(VerifyError) {
        guard let object = value.objectValue else { throw .trust(place: place, fault: "is no object") }
        for key in object.keys where !members.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
            throw .trust(
                place: "\(place)/\(JSONPointer.escaped(key))",
                fault: "is not a member that this version knows; it knows \(members.joined(separator: ", "))")
        }
        self.object = object
        self.place = place
    }

    func required<Value>(_ value: Value?, _ name: String) throws(VerifyError) -> Value {
        guard let value else { throw .trust(place: place, fault: "has no \(name)") }
        return value
    }

    func text(_ name: String) throws(VerifyError) -> String { try required(optionalText(name), name) }

    func optionalText(_ name: String) throws(VerifyError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.stringValue, !text.isEmpty else {
            throw .trust(place: "\(place)/\(name)", fault: "is no text")
        }
        return text
    }

    func time(_ name: String) throws(VerifyError) -> Instant? {
        guard let text = try optionalText(name) else { return nil }
        guard let time = Instant(text) else {
            throw .trust(place: "\(place)/\(name)", fault: "is not a time like 2026-11-23T05:42:23.000Z")
        }
        return time
    }

    func number(_ name: String) throws(VerifyError) -> UInt64? {
        guard let value = object[name] else { return nil }
        guard let number = value.integerValue, number >= 0 else {
            throw .trust(place: "\(place)/\(name)", fault: "is no whole number from 0 up")
        }
        return UInt64(number)
    }

    func object(_ name: String, _ members: [String]) throws(VerifyError) -> TrustObject? {
        guard let value = object[name] else { return nil }
        return try TrustObject(value, "\(place)/\(name)", members)
    }

    func optionalList<Element>(
        _ name: String, _ element: (JSON, String) throws(VerifyError) -> Element
    ) throws(VerifyError) -> [Element]? {
        guard let value = object[name] else { return nil }
        guard let values = value.arrayValue else { throw .trust(place: "\(place)/\(name)", fault: "is no list") }
        var elements: [Element] = []
        for (index, value) in values.enumerated() { elements.append(try element(value, "\(place)/\(name)/\(index)")) }
        return elements
    }

    func list<Element>(
        _ name: String, _ element: (JSON, String) throws(VerifyError) -> Element
    ) throws(VerifyError) -> [Element] { try optionalList(name, element) ?? [] }
}
