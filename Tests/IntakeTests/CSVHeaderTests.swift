import Intake
import Jobs
import Testing

@Suite("a CSV's first line")
struct CSVHeaderTests {
    static func verdict(
        _ bytes: [UInt8], for columns: [String] = [], sizes: [Int] = [.max]
    ) throws -> Result<CSVHeader, Violation> {
        var definition: DatasetDefinition?
        if !columns.isEmpty {
            let names = columns.map { "\"\($0)\": int" }.joined(separator: ", ")
            let text = "columns: {\(names), y: int}\nlabel: y\ninput_shape: [\(columns.count)]\noutput_shape: [1]\n"
            definition = try DefinitionTests.verdict(text).get()
        }
        return CSVHeaderCheck.verdict(CSVHeaderCheck(definition: definition), bytes, sizes: sizes)
    }

    @Test(
        "names its columns",
        arguments: [
            ("a,b,y\n1,2,3\n", ["a", "b", "y"]), ("\u{feff}a, b ,y\r\n1,2,3", ["a", "b", "y"]),
            ("\"a\",\"b,\"\"c\"\"\",y\r1", ["a", "b,\"c\"", "y"]), ("\"a\nb\",y\n1,2", ["a\nb", "y"]),
            ("a\"b,y,\n1", ["a\"b", "y", ""]), (",y\n\n\n1", ["", "y"]), ("größe,y\n1,2", ["größe", "y"]),
            ("a\n1", ["a"]),
        ])
    func names(text: String, names: [String]) throws {
        for sizes in [[Int.max], [1], [3], [4, 1], [5]] {
            #expect(try Self.verdict(Array(text.utf8), sizes: sizes).get().names == names)
        }
    }

    static let bad: [([UInt8], String)] = [
        ([], "the first line holds no column names"), (Array("\n1,2\n".utf8), "the first line holds no column names"),
        (Array(" , ,\n1".utf8), "the first line holds no column names"),
        (Array("a,b,a\n1".utf8), "two columns are named 'a'; rename"),
        (Array("a;b;y\n1;2;3\n".utf8), "one column, 'a;b;y'; separate columns by commas, not by semicolons"),
        (Array("a\tb\n1\t2\n".utf8), "not by tabs"), (Array("a|b\n1".utf8), "not by bars"),
        (Array("a,y\n".utf8), "there is a header and no row"),
        (Array("a,y".utf8), "there is a header and no row"),
        (Array("a,y\n\r\n\n".utf8), "there is a header and no row"),
        (Array("\"a,y\n1,2\n".utf8), "a quoted name has no end"),
        (Array("\"a\"b,y\n1".utf8), "between a quote and the next comma"),
        (Array("a,\0\n1".utf8), "NUL bytes"), (Array("a,y\n1,\0".utf8), "NUL bytes"), ([0], "NUL bytes"),
        ([0x61, 0, 0x2c, 0, 0x62, 0], "NUL bytes"),
        ([0xff, 0xfe, 0x61, 0], "is UTF-16 text; save it as UTF-8 CSV"), ([0xfe, 0xff, 0, 0x61], "is UTF-16"),
        (Array("a\u{ff},".utf8.dropLast(2)) + [0xff, 0x2c, 0x62, 0x0a, 0x31], "not UTF-8"),
        (Array("PK\u{3}\u{4}rest".utf8), "is a zip archive"),
        (Array(repeating: 0x61, count: CSVHeaderCheck.lineBytes + 1), "more than 262144 bytes"),
    ]

    @Test("is refused in the trainer's words", arguments: bad)
    func refusals(bytes: [UInt8], words: String) throws {
        for sizes in [[Int.max], [1], [3], [65536]] {
            let said = try Self.verdict(bytes, sizes: sizes).words
            #expect(said.hasPrefix("dataset ") && said.contains(words), "\(said)")
        }
    }

    @Test("has the definition's columns, whichever came first")
    func against() throws {
        let text = Array("alcohol,malic_acid,y,extra\n1,2,3,4\n".utf8)
        #expect(try Self.verdict(text, for: ["malic_acid", "alcohol"]).words == "")
        let missing = try Self.verdict(text, for: ["alcohl", "malic_acid"]).words
        #expect(missing.contains("the definition names the column 'alcohl', the file has none; did you mean alcohol?"))
        #expect(missing.contains("the file has: 'alcohol', 'malic_acid', 'y', 'extra'"))
        let (header, definition) = (
            try Self.verdict(text).get(), try DefinitionTests.verdict(DefinitionTests.good).get()
        )
        for order in [true, false] {
            var both = SubmissionCheck()
            let violation = #expect(throws: Violation.self) {
                if order { try both.add(.table(header), as: .dataset) }
                try both.add(.definition(definition), as: .definition)
                if !order { try both.add(.table(header), as: .dataset) }
            }
            #expect(violation?.reason == "line 1: the definition names the column 'a', the file has none")
        }
    }

    @Test("is read as early as it ends")
    func early() throws {
        var check = CSVHeaderCheck()
        #expect(throws: Violation.self) { try check.take(Array("a,a\n".utf8).span.bytes) }
    }
}
