import JSON
import Measure
import Testing

@testable import Jobs

@Suite("job parcels")
struct JobParcelTests {
    private static let limits = JSON.Limits(bytes: 256 << 10, depth: 8, values: 1000)
    private static let digest = JobRequestTests.digest

    private static func body(_ inputs: String, _ rest: String) -> [UInt8] {
        Array("{\"rootfs\":\"keras\",\"policy\":\"strict\",\"inputs\":{\(inputs)}}\(rest)".utf8)
    }

    private static func input(_ role: String, _ more: String = "") -> String {
        "\"\(role)\":{\"file_name\":\"a.b\",\"sha256\":\"\(digest)\"\(more)}"
    }

    @Test("come back from their own body, with the bytes of those inputs that come along, line feeds and all")
    func comeBack() throws {
        let request = try JobRequest(json: JobRequestTests.request())
        let files: [InputRole: [UInt8]] = [.definition: Array("a\nb\n".utf8), .model: [0, 10, 255], .dataset: []]
        for roles in [[], [.definition], [.model, .definition], [InputRole](files.keys)] as [[InputRole]] {
            let parcel = JobParcel(request, with: files.filter { roles.contains($0.key) })
            let read = try JobParcel(body: parcel.body, limits: Self.limits)
            #expect(read.request == request)
            #expect(read.request.digest == request.digest, "no other request than one whose inputs are stored")
            #expect(read.files.map(\.input.role) == InputRole.allCases.filter(roles.contains))
            for file in read.files { #expect(file.bytes == files[file.input.role]) }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let field: String
        let body: [UInt8]
    }

    @Test(
        "are refused where they are wrong",
        arguments: [
            Refusal(
                testDescription: "fewer bytes", field: "inputs", body: body(input("model", ",\"bytes\":3"), "\nab")),
            Refusal(testDescription: "more bytes", field: "inputs", body: body(input("model", ",\"bytes\":1"), "\nab")),
            Refusal(testDescription: "bytes of nobody", field: "inputs", body: body(input("model"), "\nab")),
            Refusal(testDescription: "no line feed", field: "inputs", body: body(input("model", ",\"bytes\":1"), "")),
            Refusal(
                testDescription: "negative", field: "inputs.model.bytes",
                body: body(input("model", ",\"bytes\":-1"), "\n")),
            Refusal(
                testDescription: "no number", field: "inputs.model.bytes",
                body: body(input("model", ",\"bytes\":\"1\""), "\na")),
            Refusal(
                testDescription: "over the limit together", field: "inputs.dataset.bytes",
                body: body(input("model", ",\"bytes\":65536") + "," + input("dataset", ",\"bytes\":1"), "\n")),
            Refusal(
                testDescription: "more than a number holds", field: "inputs.dataset.bytes",
                body: body(
                    input("model", ",\"bytes\":1") + "," + input("dataset", ",\"bytes\":9223372036854775807"), "\n")),
            Refusal(
                testDescription: "no such input", field: "inputs.modle",
                body: body(input("modle", ",\"bytes\":1"), "\na")),
            Refusal(
                testDescription: "another member", field: "inputs.model.byte",
                body: body(input("model", ",\"byte\":1"), "\na")),
        ])
    func refused(_ refusal: Refusal) {
        #expect {
            _ = try JobParcel(body: refusal.body, limits: Self.limits)
        } throws: { error in
            (error as? Violation)?.field == refusal.field
        }
    }

    @Test("are one line of JSON first", arguments: ["", "\n", "{\n}", "[", "{}x\n"])
    func noLine(_ text: String) {
        #expect(throws: JSONError.self) { _ = try JobParcel(body: Array(text.utf8), limits: Self.limits) }
    }

    @Test("say the bytes of an input only in a parcel")
    func elsewhere() {
        #expect {
            let line = Self.body(Self.input("model", ",\"bytes\":1"), "")
            _ = try JobRequest(json: JSON.parse(line, limits: Self.limits))
        } throws: { error in
            (error as? Violation)?.field == "inputs.model.bytes"
        }
    }
}
