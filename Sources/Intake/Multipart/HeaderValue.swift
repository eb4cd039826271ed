/// A header's value with parameters, as Content-Type and Content-Disposition have it: `value; name=word; name="text"`.
struct HeaderValue: Equatable {
    struct Parameter: Equatable {
        /// In lower case.
        let name: String
        let value: [UInt8]
    }

    /// In lower case.
    let value: String
    let parameters: [Parameter]

    /// nil when it is not of that form, or names a parameter twice.
    init?(_ bytes: some Collection<UInt8>) {
        var reader = Reader(rest: Array(bytes)[...])
        reader.skipBlanks()
        let value = reader.take { HeaderValue.isToken($0) || $0 == UInt8(ascii: "/") }
        guard !value.isEmpty else { return nil }
        var parameters: [Parameter] = []
        reader.skipBlanks()
        while let next = reader.rest.popFirst() {
            guard next == UInt8(ascii: ";") else { return nil }
            reader.skipBlanks()
            if reader.rest.isEmpty { break }
            let name = HeaderValue.lowercased(reader.take(while: HeaderValue.isToken))
            guard !name.isEmpty, reader.rest.popFirst() == UInt8(ascii: "="), let value = reader.value(),
                !parameters.contains(where: { $0.name == name })
            else { return nil }
            parameters.append(Parameter(name: name, value: value))
            reader.skipBlanks()
        }
        self.value = HeaderValue.lowercased(value)
        self.parameters = parameters
    }

    subscript(name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }

    /// RFC 9110's token: what names are made of.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    static func lowercased(_ token: some Collection<UInt8>) -> String {
        String(decoding: token, as: UTF8.self).lowercased()
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func skipBlanks() { rest = rest.drop(while: HeaderValue.isBlank) }

    mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let word = rest.prefix(while: isWanted)
        rest = rest[word.endIndex...]
        return word
    }

    /// A quoted text, or what stands there up to a blank or a semicolon: many senders quote less than they should.
    mutating func value() -> [UInt8]? {
        guard rest.first == UInt8(ascii: "\"") else {
            let word = take { !HeaderValue.isBlank($0) && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "\"") }
            return word.isEmpty ? nil : Array(word)
        }
        rest = rest.dropFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return text
            // Only these two are escaped: elsewhere a backslash is one, as in the paths that old browsers send.
            case UInt8(ascii: "\\") where rest.first == UInt8(ascii: "\"") || rest.first == UInt8(ascii: "\\"):
                text.append(rest.removeFirst())
            default: text.append(byte)
            }
        }
        return nil
    }
}
