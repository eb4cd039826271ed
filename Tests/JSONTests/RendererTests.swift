import JSON
import Testing

@Suite("JSON renderer")
struct RendererTests {
    @Test("pretty is two spaces, insertion order, lexemes as they were")
    func pretty() throws {
        let text = """
            {
              "b": [
                1,
                2.50
              ],
              "a": {},
              "c": [],
              "d": "\\u0001\\n\\"\\\\/é"
            }

            """
        let value = try JSON.parse(Array(text.utf8), limits: .report)
        #expect(String(decoding: value.prettyBytes(), as: UTF8.self) == text)
    }

    @Test("canonical sorts by UTF-16 code unit, where an astral key comes before U+FB33")
    func canonicalOrder() throws {
        let value: JSON = ["\u{fb33}": 1, "😀": 2, "a2": 3, "a10": 4, "B": 5]
        #expect(
            String(decoding: try value.canonicalBytes(), as: UTF8.self)
                == "{\"B\":5,\"a10\":4,\"a2\":3,\"😀\":2,\"\u{fb33}\":1}")
    }

    @Test("an integer that no double holds has no canonical form", arguments: [1 << 53, -(1 << 53)] as [Int64])
    func inexact(_ value: Int64) {
        #expect(throws: JSONError.notCanonical(number: "\(value)")) { try JSON.integer(value).canonicalBytes() }
    }

    @Test("the largest exact integer has one")
    func exact() throws { #expect(try JSON.integer(1 << 53 - 1).canonicalBytes() == Array("9007199254740991".utf8)) }

    @Test("every rendering reads back as the value")
    func roundTrip() throws {
        let value: JSON = [
            "k": [nil, true, "\u{0}\u{7f}\u{2028}"], "o": ["x": .decimal(try #require(JSONDecimal("1e-7")))],
        ]
        #expect(try JSON.parse(value.prettyBytes(), limits: .report) == value)
        #expect(try JSON.parse(value.compactBytes(), limits: .report) == value)
    }

    @Test(
        "what is no number is no decimal",
        arguments: ["", "-", "01", "1.", ".5", "1e", "+1", "NaN", "1 ", "0x1", "1,2"])
    func lexemes(_ lexeme: String) { #expect(JSONDecimal(lexeme) == nil) }

    @Test("a double becomes the shortest text that reads back, infinity becomes nothing")
    func doubles() {
        #expect(JSONDecimal(0.1)?.lexeme == "0.1")
        #expect(JSONDecimal(1e-7)?.doubleValue == 1e-7)
        #expect(JSONDecimal(Double.infinity) == nil)
    }
}
