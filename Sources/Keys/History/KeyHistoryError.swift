package import JSON

/// What is wrong with one line of a history.
package enum KeyHistoryFault: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLarge(limit: Int)
    /// The last line has no newline: it was not written to its end.
    case cutOff
    case json(JSONError)
    case field(String)
    /// The same record in another spelling, or with more in it.
    case form
    case sequence(expected: Int, found: Int)
    case previous
    case time
    case notBegun
    case begunTwice
    case notCurrent(String)
    case usedBefore(String)
    case unknownKey(String)
    case since
    case signers
    case signature(String)

    package var description: String {
        switch self {
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .cutOff: "has no end: it was not written whole, or something was cut off"
        case .json(let error): error.description
        case .field(let name): "\(name) is missing or not what it must be"
        case .form: "not in its one form: a member too many, out of order, or spaced"
        case .sequence(let expected, let found):
            "is record \(found) where \(expected) must be: one is missing, repeated or out of order"
        case .previous: "follows another line than the one before it: the history was forked or rewritten"
        case .time: "is earlier than the record before it"
        case .notBegun: "comes before a record that begins the history"
        case .begunTwice: "begins a history that has begun"
        case .notCurrent(let key): "hands over from key \(key), which is not in use then"
        case .usedBefore(let key): "hands over to key \(key), which was in use before"
        case .unknownKey(let key): "revokes key \(key), which the history does not know"
        case .since: "revokes since a time that is still to come"
        case .signers: "is not signed by those who must, in their order"
        case .signature(let key): "the signature by key \(key) does not verify"
        }
    }
}

/// Why a history is not believed.
package struct KeyHistoryError: Error, Equatable, Sendable, CustomStringConvertible {
    package let line: Int
    package let fault: KeyHistoryFault

    package init(line: Int, _ fault: KeyHistoryFault) {
        self.line = line
        self.fault = fault
    }

    package var description: String { "key history: line \(line): \(fault)" }
}
