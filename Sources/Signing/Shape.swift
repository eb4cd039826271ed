internal import JSON

/// What the shapes of documents have in common. Written apart from the code that composes them, so that a fault there is not
/// repeated here.
struct Shape {
    /// What is looked at, for the words of a refusal.
    let subject: String

    func require(_ condition: Bool, _ fault: @autoclosure () -> String) throws(SigningError) {
        guard condition else { throw refusal(fault()) }
    }

    func refusal(_ fault: String) -> SigningError { .signerRefused("\(subject): \(fault)") }

    func parse(_ bytes: [UInt8]) throws(SigningError) -> JSON {
        do throws(JSONError) { return try JSON.parse(bytes, limits: .document) } catch {
            throw refusal("not strict json: \(error)")
        }
    }

    /// The members of an object that has exactly these, in whatever order.
    func members(_ keys: [String], of value: JSON?, _ place: String) throws(SigningError) -> JSONObject {
        guard let object = value?.objectValue, object.count == keys.count, keys.allSatisfy({ object[$0] != nil }) else {
            throw refusal("\(place) does not have exactly \(keys.joined(separator: ", "))")
        }
        return object
    }

    /// A digest set that holds one SHA-256 and nothing else (in-toto, digest_set.md).
    func sha256(in set: JSON?, _ place: String) throws(SigningError) -> String {
        let digest = try members(["sha256"], of: set, "the digest of \(place)")["sha256"]
        return try sha256(digest, place)
    }

    func sha256(_ value: JSON?, _ place: String) throws(SigningError) -> String {
        guard let text = value?.stringValue, Self.matches(text, String(repeating: "h", count: 64)) else {
            throw refusal("the digest of \(place) is no sha256 of 64 lower-case digits")
        }
        return text
    }

    /// The part of a URN after `urn:uuid:`, a version 7 UUID (RFC 9562, section 5.7) in lower case.
    func job(_ value: JSON?, _ place: String) throws(SigningError) -> String {
        guard let urn = value?.stringValue, Self.matches(urn, "urn:uuid:hhhhhhhh-hhhh-7hhh-vhhh-hhhhhhhhhhhh") else {
            throw refusal("\(place) is not a urn of a version 7 uuid in lower case")
        }
        return String(decoding: urn.utf8.dropFirst("urn:uuid:".utf8.count), as: UTF8.self)
    }

    /// `h` stands for a hexadecimal digit, `v` for a digit of the variant, the rest for itself.
    private static func matches(_ text: String, _ form: String) -> Bool {
        text.utf8.count == form.utf8.count
            && zip(text.utf8, form.utf8).allSatisfy { byte, form in
                switch form {
                case UInt8(ascii: "h"): "0123456789abcdef".utf8.contains(byte)
                case UInt8(ascii: "v"): "89ab".utf8.contains(byte)
                default: byte == form
                }
            }
    }
}

/// A file by its name and SHA-256. Names are bytes: twins in Unicode (NFC, NFD) are two names.
struct Resource: Hashable, Sendable {
    let name: [UInt8]
    let sha256: String

    init(name: String, sha256: String) {
        self.name = Array(name.utf8)
        self.sha256 = sha256
    }

    func isNamed(_ other: String) -> Bool { name.elementsEqual(other.utf8) }
}
