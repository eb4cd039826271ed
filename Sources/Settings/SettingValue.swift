package import JSON
package import Jobs

/// What a setting can be in the program.
package protocol SettingValue: Sendable, Equatable {
    /// Nil when the value is of another type; ranges are the `SettingKind`'s.
    init?(setting json: JSON)
    var setting: JSON { get }
    /// The words that are allowed, when only words are.
    static var words: [String] { get }
    static var isOptional: Bool { get }
    static var isList: Bool { get }
}

extension SettingValue {
    package static var words: [String] { [] }
    package static var isOptional: Bool { false }
    package static var isList: Bool { false }
}

extension String: SettingValue {
    package init?(setting json: JSON) {
        guard let text = json.stringValue else { return nil }
        self = text
    }
    package var setting: JSON { .string(self) }
}

extension Int: SettingValue {
    package init?(setting json: JSON) {
        guard let number = json.integerValue.flatMap(Int.init(exactly:)) else { return nil }
        self = number
    }
    package var setting: JSON { .integer(Int64(self)) }
}

extension Bool: SettingValue {
    package init?(setting json: JSON) {
        guard let flag = json.boolValue else { return nil }
        self = flag
    }
    package var setting: JSON { .bool(self) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    package init?(setting json: JSON) {
        if json == .null {
            self = Self.none
        } else {
            guard let value = Wrapped(setting: json) else { return nil }
            self = Self.some(value)
        }
    }
    package var setting: JSON { self?.setting ?? .null }
    package static var words: [String] { Wrapped.words }
    package static var isOptional: Bool { true }
    package static var isList: Bool { Wrapped.isList }
}

extension Array: SettingValue where Element: SettingValue {
    package init?(setting json: JSON) {
        guard let values = json.arrayValue else { return nil }
        let elements = values.compactMap(Element.init(setting:))
        guard elements.count == values.count else { return nil }
        self = elements
    }
    package var setting: JSON { .array(map(\.setting)) }
    package static var words: [String] { Element.words }
    package static var isList: Bool { true }
}

/// An enumeration of words.
extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package init?(setting json: JSON) {
        guard let word = json.stringValue else { return nil }
        self.init(rawValue: word)
    }
    package var setting: JSON { .string(rawValue) }
    package static var words: [String] { allCases.map(\.rawValue) }
}

extension Settings.Log.Format: SettingValue {}
extension Settings.Log.Level: SettingValue {}
extension Settings.Stop.Mode: SettingValue {}
extension Settings.AIBoM.Edition: SettingValue {}
extension Role: SettingValue {}
