import JSON
import Testing

@Suite("JSON parser")
struct ParserTests {
    private func parse(_ text: String, _ limits: JSON.Limits = .report) throws(JSONError) -> JSON {
        try JSON.parse(Array(text.utf8), limits: limits)
    }

    @Test("values keep their kind, order and lexeme")
    func values() throws {
        let value = try parse(#" {"z":1,"a":[true,false,null,-7],"x":1.50,"s":"\ud83d\ude00é\/"} "#)
        #expect(value.objectValue?.keys == ["z", "a", "x", "s"])
        #expect(value["z"]?.integerValue == 1)
        #expect(value["a"]?.arrayValue == [true, false, nil, -7])
        #expect(value["x"] == JSONDecimal("1.50").map(JSON.decimal))
        #expect(value["x"]?.doubleValue == 1.5)
        #expect(value["s"]?.stringValue == "😀é/")
    }

    @Test(
        "integers are exact, everything else keeps its text",
        arguments: [
            ("9223372036854775807", true), ("-9223372036854775808", true), ("9223372036854775808", false),
            ("-0", false), ("0", true), ("1e3", false), ("1.0", false),
        ])
    func numbers(lexeme: String, isInteger: Bool) throws {
        let value = try parse(lexeme)
        #expect((value.integerValue != nil) == isInteger)
        #expect(value.description == lexeme)
    }

    @Test("a number too large for a double has no double")
    func overflow() throws { #expect(try parse("1e999").doubleValue == nil) }

    @Test(
        "each fault says where it is",
        arguments: [
            ("{\"a\":1,\n \"a\":2}", JSONError.duplicateKey("a", at: .init(line: 2, column: 2))),
            ("[\"\\ud800\"]", .loneSurrogate(at: .init(line: 1, column: 3))),
            ("[\"\\udc00\\ud800\"]", .loneSurrogate(at: .init(line: 1, column: 3))),
            ("[\"\\ud800\\u0041\"]", .loneSurrogate(at: .init(line: 1, column: 3))),
            ("[1,\n]", .expected("a value", at: .init(line: 2, column: 1))),
            ("{} x", .expected("the end of the document", at: .init(line: 1, column: 4))),
            ("", .expected("a value", at: .init(line: 1, column: 1))),
        ])
    func faults(text: String, error: JSONError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test("a key escaped differently is the same key")
    func escapedDuplicate() {
        #expect(throws: JSONError.self) { try parse(#"{"a":1,"\u0061":2}"#) }
    }

    @Test("composed and decomposed keys are two keys, as their bytes are")
    func composition() throws {
        let value = try parse("{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{e9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSON.string("\u{e9}") != JSON.string("e\u{301}"))
    }

    @Test(
        "text that is not utf-8 is refused",
        arguments: [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func invalidUTF8(_ sequence: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        #expect(throws: JSONError.invalidUTF8(at: .init(line: 1, column: 1))) {
            try JSON.parse(quote + sequence + quote, limits: .report)
        }
    }

    @Test("limits hold at their edge and one past it")
    func limits() throws {
        let limits = JSON.Limits(bytes: 12, depth: 2, values: 4)
        #expect(try parse("[[1],2]", limits) == [[1], 2])
        #expect(throws: JSONError.tooDeep(limit: 2, at: .init(line: 1, column: 3))) { try parse("[[[]]]", limits) }
        #expect(throws: JSONError.tooManyValues(limit: 4, at: .init(line: 1, column: 8))) {
            try parse("[1,1,1,1]", limits)
        }
        #expect(try parse("\"1234567890\"", limits) == "1234567890")
        #expect(throws: JSONError.tooLarge(limit: 12)) { try parse("\"12345678901\"", limits) }
    }

    @Test("a tower of brackets costs no stack", arguments: ["[", "[{\"\":"])
    func towers(_ brick: String) {
        let tower = String(repeating: brick, count: 100_000)
        #expect(throws: JSONError.self) { try parse(tower) }
    }
}
