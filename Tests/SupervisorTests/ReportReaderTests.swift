import JSON
import Jobs
import Testing

@testable import Supervisor

@Suite("the report of a job")
struct ReportReaderTests {
    private func reader(after text: String, limit: Int = 1 << 20) -> ReportReader {
        var reader = ReportReader(limit: limit)
        _ = reader.append(Array(text.utf8))
        return reader
    }

    @Test("is read whole, however its bytes were cut", arguments: [1, 2, 7, 1000])
    func pieces(size: Int) {
        let text = """
            {"event":"start","framework":"keras"}
            {"event":"epoch","epoch":1,"epochs":2,"metrics":{"loss":0.50}}
            {"event":"result","facts":{"seed":7}}

            """
        let bytes = Array(text.utf8)
        var reader = ReportReader(limit: 1 << 20)
        var epochs: [JobEvent.Kind] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            epochs += reader.append(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(epochs.map(\.payload.description) == [#"{"epoch":1,"epochs":2,"metrics":{"loss":0.50}}"#])
        #expect(JSON.object(reader.facts) == ["framework": "keras", "seed": 7])
        #expect(reader.droppedLines == 0 && reader.fault == nil)
    }

    @Test(
        "counts a line that it can't use and goes on",
        arguments: [
            "", "no json", "{}", "[]", "null", #"{"event":"unheard"}"#, #"{"event":7}"#,
            #"{"event":"start","a":1,"a":2}"#,
            #"{"event":"start","a":[[[[[[[1]]]]]]]}"#,
            "{\"event\":\"start\",\"a\":\"\(String(repeating: "x", count: 16 << 10))\"}",
        ])
    func unusable(line: String) {
        let reader = reader(after: "\(line)\n{\"event\":\"start\",\"framework\":\"keras\"}\n")
        #expect(reader.droppedLines == 1)
        #expect(JSON.object(reader.facts) == ["framework": "keras"])
    }

    @Test("has one line for the model and one for the data")
    func parts() {
        let reader = reader(
            after: """
                {"event":"model","facts":{"parameter_count":26}}
                {"event":"dataset","facts":{"rows":9}}
                {"event":"dataset","facts":{"rows":10}}

                """)
        #expect(JSON.object(reader.model) == ["parameter_count": 26])
        #expect(JSON.object(reader.dataset) == ["rows": 9])
        #expect(reader.facts.isEmpty && reader.droppedLines == 1)
    }

    @Test("is not looked at beyond its limit")
    func limit() {
        let line = "{\"event\":\"start\",\"framework\":\"keras\"}\n"
        let reader = reader(
            after: line + String(repeating: "x", count: 1000) + "\n" + line, limit: line.utf8.count + 10)
        #expect(JSON.object(reader.facts) == ["framework": "keras"])
        #expect(reader.droppedBytes == 991 + line.utf8.count)
    }

    @Test("may say one reason; the first one counts, and moves no terminal")
    func firstFault() {
        let reader = reader(
            after: """
                {"event":"error","code":"first","message":"\\u001b[2Jwhy","where":"here","remedy":"do"}
                {"event":"error","code":"second","message":"other","where":"there","remedy":"don't"}

                """)
        #expect(reader.fault?.code == "first")
        #expect(reader.fault?.place == "here")
        #expect(reader.fault?.remedy == "do")
        #expect(reader.fault?.message.contains("\u{1b}") == false)
    }

    @Test("has lines; what follows the last one is none")
    func unfinished() {
        #expect(reader(after: #"{"event":"start","framework":"keras"}"#).facts.isEmpty)
    }
}
