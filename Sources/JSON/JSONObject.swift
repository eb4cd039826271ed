/// The members of a JSON object, in order, each key once.
///
/// Keys are compared by their bytes. RFC 8259, section 4, leaves open what a duplicate key means; two readers that
/// choose differently read two documents from one signature, so here there is no such object.
package struct JSONObject: Sendable {
    package struct Member: Sendable {
        package let key: String
        package fileprivate(set) var value: JSON
    }

    package private(set) var members: [Member] = []
    /// Of larger objects; of a few members the search is faster than the table, and most objects have few.
    private var positions: [ExactKey: Int] = [:]
    private static let tableSize = 9

    package init() {}

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }

    /// Adds a member at the end.
    ///
    /// - Returns: false, with nothing changed, when the object has the key already.
    package mutating func insert(_ value: JSON, for key: String) -> Bool {
        guard position(of: key) == nil else { return false }
        members.append(Member(key: key, value: value))
        if members.count == Self.tableSize {
            for (position, member) in members.enumerated() { positions[ExactKey(member.key)] = position }
        } else if members.count > Self.tableSize {
            positions[ExactKey(key)] = members.count - 1
        }
        return true
    }

    private func position(of key: String) -> Int? {
        if members.count >= Self.tableSize { return positions[ExactKey(key)] }
        return members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }

    /// Reads a member; writes it in its place, or at the end when it is new. Writing nil does nothing.
    package subscript(key: String) -> JSON? {
        get { position(of: key).map { members[$0].value } }
        set {
            guard let newValue else { return }
            if let position = position(of: key) {
                members[position].value = newValue
            } else {
                _ = insert(newValue, for: key)
            }
        }
    }
}

extension JSONObject: Equatable {
    /// Equal members in equal order.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value }
    }
}

/// A key that equals only its own bytes.
private struct ExactKey: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactKey, right: ExactKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
