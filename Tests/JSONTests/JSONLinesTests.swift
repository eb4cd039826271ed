import Testing

@testable import JSON

@Suite("Lines of a JSON text")
struct JSONLinesTests {
    private let lines = JSONLines(
        Array(
            #"""
            {
              "a": [
                1, [2,
                3], {"b": null,
                "c\"\\": "}]{[,",
                "d/e~f": true}
              ],
              "\u0067": [],
              "h": {},

              "i": "last"}
            """#.utf8))

    @Test(
        "each value has the line that it begins in",
        arguments: [
            ("", 1), ("/a", 2), ("/a/0", 3), ("/a/1", 3), ("/a/1/0", 3), ("/a/1/1", 4), ("/a/2", 4), ("/a/2/b", 4),
            ("/a/2/c\"\\", 5), ("/a/2/d~1e~0f", 6), ("/g", 8), ("/h", 9), ("/i", 11),
        ])
    func line(_ pointer: String, _ line: Int) { #expect(lines.line(of: pointer) == line) }

    @Test(
        "what is not there has the line of what would hold it",
        arguments: [("/z", 1), ("/a/9", 2), ("/a/1/7/x", 3), ("/a/2/z", 4), ("x", 1), ("/", 1)])
    func missing(_ pointer: String, _ line: Int) { #expect(lines.line(of: pointer) == line) }

    @Test(
        "a text that is no JSON ends the walk",
        arguments: [
            "", "{", "{\"a", "{\"a\":", "[1 2", "[,", "{\"a\" 1}", "]", "\"\\", "[\"\\\"",
            String(repeating: "[", count: 9999),
        ])
    func broken(_ text: String) { #expect(JSONLines(Array(text.utf8)).line(of: "/a/0/b") >= 1) }
}
