package import JSON

/// The members of an object of a record of ours, read one by one; a fault names the member by its path.
package struct RecordFields {
    private let record: String
    private let path: String
    private let value: JSON

    /// - Parameters:
    ///   - record: what the document is called in errors.
    ///   - value: its top.
    package init(_ record: String, _ value: JSON) { self.init(record, "", value) }

    private init(_ record: String, _ path: String, _ value: JSON) {
        self.record = record
        self.path = path
        self.value = value
    }

    package func fault(_ name: String, _ fault: String) -> AttestError {
        .document("\(record): \(path)\(name) \(fault)")
    }

    package func text(_ name: String) throws(AttestError) -> String {
        guard let text = value[name]?.stringValue else { throw fault(name, "is no text") }
        return text
    }

    /// 64 lower-case hex digits.
    package func digest(_ name: String) throws(AttestError) -> String {
        let text = try text(name)
        guard text.utf8.count == 64, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw fault(name, "is not 64 lower-case hex digits") }
        return text
    }

    package func natural(_ name: String) throws(AttestError) -> Int64 {
        guard let number = value[name]?.integerValue, number >= 0 else {
            throw fault(name, "is no whole number from 0")
        }
        return number
    }

    package func flag(_ name: String) throws(AttestError) -> Bool {
        guard let flag = value[name]?.boolValue else { throw fault(name, "is neither true nor false") }
        return flag
    }

    package func textList(_ name: String) throws(AttestError) -> [String] {
        let texts = try array(name).map(\.stringValue)
        let known = texts.compactMap(\.self)
        guard known.count == texts.count else { throw fault(name, "is no list of texts") }
        return known
    }

    /// An object whose members are all text.
    package func texts(_ name: String) throws(AttestError) -> [String: String] {
        guard let members = value[name]?.objectValue?.members else { throw fault(name, "is no object") }
        var texts: [String: String] = [:]
        for member in members {
            guard let text = member.value.stringValue else { throw fault("\(name).\(member.key)", "is no text") }
            texts[member.key] = text
        }
        return texts
    }

    package func fields(_ name: String) throws(AttestError) -> RecordFields {
        guard let member = value[name], member.objectValue != nil else { throw fault(name, "is no object") }
        return RecordFields(record, "\(path)\(name).", member)
    }

    package func list<Item>(
        _ name: String, _ item: (RecordFields) throws(AttestError) -> Item
    ) throws(AttestError) -> [Item] {
        var items: [Item] = []
        for (index, value) in try array(name).enumerated() {
            items.append(try item(RecordFields(record, "\(path)\(name)[\(index)].", value)))
        }
        return items
    }

    /// What `read` gives, or nil where null says that it is not known.
    package func known<Value>(
        _ name: String, _ read: (String) throws(AttestError) -> Value
    ) throws(AttestError) -> Value? {
        guard let member = value[name] else { throw fault(name, "is missing; what is not known is null") }
        return member == .null ? nil : try read(name)
    }

    private func array(_ name: String) throws(AttestError) -> [JSON] {
        guard let array = value[name]?.arrayValue else { throw fault(name, "is no list") }
        return array
    }
}
