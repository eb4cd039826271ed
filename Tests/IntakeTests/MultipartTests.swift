import Intake
import Jobs
import Testing

@Suite("a form")
struct MultipartTests {
    static let sizes = [[Int.max], [1], [2], [3, 1], [7], [64, 1, 1]]

    @Test("is read the same in any pieces", arguments: sizes)
    func pieces(sizes: [Int]) throws {
        let text =
            part("model", "PK\u{3}\r\n--\r\n-\r\r\n--a\r\n", fileName: "wine.keras") + part("epochs", "5") + "--b--\r\n"
        let form = try Form(Array(text.utf8), sizes: sizes)
        #expect(form.parts.map(\.head.name) == ["model", "epochs"])
        #expect(form.parts.map(\.head.fileName?.text) == ["wine.keras", nil])
        #expect(
            form.parts.map { String(decoding: $0.content, as: UTF8.self) } == ["PK\u{3}\r\n--\r\n-\r\r\n--a\r\n", "5"])
    }

    /// Content that is nearly a delimiter, cut anywhere.
    @Test(
        "keeps what only looks like a boundary",
        arguments: [
            "\r\n--bo", "--boun", "\r\r\n--boun", "\r\n--bou\r\n--bou\r\n", "x--bound\r\n",
            "\r\n-\r\n--\r\n--b\r\n--bo", "\r", "\r\n",
            "\n--bound", "\r\n--BOUND",
        ])
    func nearly(content: String) throws {
        let body = Array((part("f", content, fileName: "f", boundary: "bound") + "--bound--").utf8)
        for cut in 1..<body.count {
            let form = try Form(body, boundary: "bound", sizes: [cut, body.count])
            #expect(form.parts.first?.content == Array(content.utf8), "cut at \(cut)")
        }
    }

    @Test("may be empty, have a preamble, padding and an epilogue", arguments: sizes)
    func surroundings(sizes: [Int]) throws {
        #expect(try Form(Array("--b--".utf8), sizes: sizes).parts.isEmpty)
        let text = "hello\r\n--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--anything\r\n--b\r\n"
        let form = try Form(Array(text.utf8), sizes: sizes)
        #expect(form.parts.map(\.content) == [[]])
    }

    @Test(
        "gives its boundary in Content-Type",
        arguments: [
            ("multipart/form-data; boundary=b", "b"), ("Multipart/Form-Data;boundary=\"a b\"", "a b"),
            (
                "multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
                "----WebKitFormBoundary7MA4YWxkTrZu0gW"
            ),
            ("multipart/form-data; boundary=a=b/c:d", "a=b/c:d"), ("multipart/form-data; boundary=b;", "b"),
            ("multipart/form-data; BOUNDARY=\(String(repeating: "x", count: 70))", String(repeating: "x", count: 70)),
        ])
    func boundary(header: String, boundary: String) throws {
        let form = Array((part("a", "1", boundary: boundary) + "--\(boundary)--").utf8)
        var parser = MultipartParser(try Boundary(contentType: header))
        var position = 0
        var events: [MultipartParser.Event] = []
        while let event = try parser.next(in: form.span.bytes, at: &position) { events.append(event) }
        try parser.finish()
        #expect(events.count == 4)
    }

    @Test(
        "is refused without a boundary that is one",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=ä",
            "multipart/form-data; boundary=a\"b",
            "multipart/form-data; boundary=a; boundary=b",
            "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
            "multipart/form-data; boundary=\"a", "multipart/mixed; boundary=b", "application/json", "", nil,
        ])
    func noBoundary(header: String?) { #expect(throws: MultipartError.self) { try Boundary(contentType: header) } }

    /// A header of a part, and the part of the refusal that names its fault.
    static let badParts: [(String, String)] = [
        ("X: y", "no Content-Disposition"), ("Content-Disposition: form-data", "has no name"),
        ("Content-Disposition: form-data; name=\"\"", "can't be read|has no name"),
        ("Content-Disposition: attachment; name=a", "can't be read"), ("Content-Disposition", "no header"),
        ("Content-Disposition: form-data; name=a; name=b", "can't be read"), (" folded: x", "folded"),
        ("Content-Disposition: form-data; name=\"a", "can't be read"),
        ("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a", "two headers"),
        ("Content-Disposition: form-data; name=a\r\nContent-Type: a/b\r\nContent-Type: a/b", "two headers"),
        ("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "encoded"),
        ("Content-Disposition: form-data; name=a\n\r\n", "LF alone"),
        ("Content-Disposition: form-data; name=\0", "control"),
        ("Content-Disposition: form-data; \rname=a", "control"),
        ("Content-Disposition: form-data; name=a; filename=\"\"", "is empty"),
        ("Content-Disposition: form-data; name=a; filename=\"a/b\"", "slash"),
        ("Content-Disposition: form-data; name=a; filename=\"..\"", "folder"),
        ("Content-Disposition: form-data; name=a; filename=\"C:\\a\\\"", "can't be read|is empty"),
        ("Content-Disposition: form-data; name=a; filename*=UTF-8''a.csv", "RFC 7578 forbids"),
        ("Content-Disposition: form-data; name*=UTF-8''a", "RFC 7578 forbids"),
        ("Content-Disposition: form-data; name=\(String(repeating: "n", count: 129))", "more than 128 bytes"),
        (
            "Content-Disposition: form-data; name=a; filename=\(String(repeating: "n", count: 256))",
            "longer than 255"
        ),
        ("X: \(String(repeating: "y", count: 8192))", "more than 8192 bytes"),
        (Array(repeating: "X: y", count: 17).joined(separator: "\r\n"), "more than 16 headers"),
    ]

    @Test("refuses a part", arguments: badParts)
    func badPart(header: String, reason: String) throws {
        for sizes in [[Int.max], [1]] {
            let error = #expect(throws: MultipartError.self) {
                _ = try Form(Array("--b\r\n\(header)\r\n\r\nx\r\n--b--".utf8), sizes: sizes)
            }
            let said = error?.violation.reason ?? ""
            #expect(reason.split(separator: "|").contains { said.contains($0) }, "\(said)")
        }
    }

    @Test("refuses names that are not UTF-8")
    func notText() {
        for name in ["name=\"\u{1}\"", "name=a; filename=\"\u{1}\""] {
            let bytes = Array("--b\r\nContent-Disposition: form-data; \(name)\r\n\r\n\r\n--b--".utf8).map {
                $0 == 1 ? 0xff : $0
            }
            #expect(throws: MultipartError.self) { try Form(bytes) }
        }
    }

    @Test(
        "takes names as senders write them",
        arguments: [
            (#"name="a"; filename="C:\Users\eva\wine.csv""#, "wine.csv"), (#"name=a; filename=wine.csv"#, "wine.csv"),
            (#"NAME="a"; FileName="w%22i\"n\\e.csv""#, "e.csv"),
            (#"name="a" ; filename="w%22\".csv" ;"#, #"w%22".csv"#),
            (#"name="a"; filename="größe.csv""#, "größe.csv"),
            (#"name=a; filename=x.csv; filename*=UTF-8''y.csv"#, "x.csv"),
        ])
    func names(parameters: String, fileName: String) throws {
        let text = "--b\r\ncontent-disposition:form-data; \(parameters)\r\ncontent-type: text/csv\r\n\r\n\r\n--b--"
        let head = try #require(try Form(Array(text.utf8)).parts.first?.head)
        #expect(head.name == "a")
        #expect(head.fileName?.text == fileName)
        #expect(head.contentType == "text/csv")
    }

    static let badForms: [(String, String)] = [
        ("", "boundary"), ("no form", "boundary"), ("--b", "cut off"), ("--b\r\n", "cut off"),
        (part("a", "1"), "cut off"),
        (part("a", "1") + "--b-", "cut off"), (part("a", "1") + "--bc\r\n", "no line of the files"),
        (part("a", "1") + "--b\n", "CR LF"), (part("a", "1") + "--b -", "no line of the files"),
        (part("a", "1") + part("a", "2") + "--b--", "once"),
    ]

    @Test("is refused as a whole", arguments: badForms)
    func badForm(body: String, words: String) {
        let error = #expect(throws: MultipartError.self) { try Form(Array(body.utf8)) }
        let said = error.map { "\($0.violation.reason); \($0.violation.remedy)" } ?? ""
        #expect(said.contains(words), "\(said)")
    }

    @Test("is held to each limit, to the byte")
    func limits() throws {
        func form(_ body: String, _ set: (inout MultipartLimits) -> Void) throws {
            var limits = MultipartLimits()
            set(&limits)
            _ = try Form(Array(body.utf8), limits: limits)
        }
        let two = part("a", "12345") + part("b", "12345", fileName: "f") + "--b--\r\n"
        try form(two) {
            $0.parts = 2; $0.textBytes = 5; $0.totalBytes = UInt64(two.utf8.count); $0.epilogueBytes = 2
        }
        let tighter: [(inout MultipartLimits) -> Void] = [
            { $0.parts = 1 }, { $0.textBytes = 4 }, { $0.totalBytes = UInt64(two.utf8.count) - 1 },
            { $0.epilogueBytes = 1 },
        ]
        for set in tighter {
            let error = #expect(throws: MultipartError.self) { try form(two, set) }
            guard case .tooLarge(let violation) = error else { Issue.record("\(String(describing: error))"); continue }
            #expect(violation.limit != nil)
        }
        try form("12345\r\n--b--") { $0.preambleBytes = 5 }
        #expect(throws: MultipartError.self) { try form("12345\r\n--b--") { $0.preambleBytes = 4 } }
        #expect(throws: MultipartError.self) { try form("--b" + String(repeating: " ", count: 65)) { _ in } }
    }

    @Test("a text is UTF-8 without NUL")
    func texts() throws {
        var field = TextField("a")
        field.append(Array("grö".utf8))
        field.append(Array("ße".utf8).span.bytes)
        #expect(try field.text() == "größe")
        for bad: [UInt8] in [[0xff], [0], [0xc3]] {
            var field = TextField("a")
            field.append(bad)
            #expect(throws: MultipartError.self) { try field.text() }
        }
    }
}
