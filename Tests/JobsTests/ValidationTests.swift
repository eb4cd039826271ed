import Foundation
import JSON
import Measure
import Testing

@testable import Jobs

/// The schema of the keras trainer, as its manifest will have it.
let schema = """
    {"epochs":{"type":"integer","default":50,"minimum":1,"maximum":100000},
     "validation_split":{"type":"number","default":0.2,"minimum":0,"exclusive_maximum":1},
     "steps_per_epoch":{"type":"integer","default":null,"minimum":0},
     "learning_rate":{"type":"number","default":0.001,"exclusive_minimum":0}}
    """

func parse(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8), limits: .document) }

@Suite("validation against a rootfs")
struct ValidationTests {
    static let digest = Digest.of([])

    static func keras() throws -> RootfsDescription {
        let csv = RootfsDescription.InputRule(extensions: [".csv", ".zip"], maximumBytes: 1000)
        return RootfsDescription(
            name: "keras", summary: "Keras on TensorFlow",
            inputs: [
                .model: .init(extensions: [".keras"], maximumBytes: 100), .dataset: csv,
                .definition: .init(extensions: [".yaml", ".yml"], maximumBytes: 10),
            ],
            parameters: try ParameterSchema(json: parse(schema)))
    }

    static func request(
        model: String? = "m.keras", extra: [JobInput] = [], parameters: String = "{}"
    ) throws -> JobRequest {
        let names: [(InputRole, String?)] = [(.model, model), (.dataset, "D.CSV"), (.definition, "d.yaml")]
        let inputs = try names.compactMap { role, name in
            try name.map { JobInput(role: role, fileName: try FileName($0, field: "f"), digest: digest) }
        }
        return JobRequest(
            rootfs: "keras", policy: "strict", inputs: inputs + extra,
            parameters: try #require(try parse(parameters).objectValue))
    }

    @Test("yields every parameter, given or default, as it was written")
    func yieldsParameters() throws {
        let request = try Self.request(parameters: #"{"validation_split":0.10,"epochs":7,"steps_per_epoch":null}"#)
        let parameters = try request.validate(against: Self.keras(), size: { _ in 5 })
        let lines = parameters.map { "\($0.name)=\($0.value) \($0.isGiven)" }
        #expect(
            lines == [
                "epochs=7 true", "validation_split=0.10 true", "steps_per_epoch=null false",
                "learning_rate=0.001 false",
            ])
        #expect([EffectiveParameter](json: parameters.json) == parameters)
    }

    @Test(
        "refuses a parameter",
        arguments: [
            (#"{"epochs":0}"#, "is not at least 1"), (#"{"epochs":100001}"#, "is not at most 100000"),
            (#"{"epochs":-9223372036854775808}"#, "is not at least 1"), (#"{"epochs":1.0}"#, "is not a whole number"),
            (#"{"epochs":1e2}"#, "is not a whole number"), (#"{"epochs":"5"}"#, "is not a whole number"),
            (#"{"epochs":true}"#, "is not a whole number"),
            (#"{"epochs":9223372036854775808}"#, "is not a whole number"),
            (#"{"validation_split":1}"#, "is not less than 1"), (#"{"validation_split":-0.0001}"#, "is not at least 0"),
            (#"{"validation_split":1e999}"#, "is not a finite number"),
            (#"{"validation_split":[]}"#, "is not a finite number"),
            (#"{"learning_rate":0}"#, "is not more than 0"), (#"{"steps_per_epoch":-1}"#, "is not at least 0"),
            (#"{"epohcs":1}"#, "is not known"),
        ])
    func refusesParameter(parameters: String, reason: String) throws {
        let request = try Self.request(parameters: parameters)
        let violation = #expect(throws: Violation.self) { try request.validate(against: Self.keras()) }
        #expect(violation?.reason == reason)
        #expect(violation?.field.hasPrefix("parameters.") == true)
        #expect(violation?.limit != nil)
    }

    @Test(
        "accepts what stands on a bound",
        arguments: [#"{"epochs":1}"#, #"{"epochs":100000}"#, #"{"validation_split":0}"#, #"{"validation_split":-0}"#])
    func acceptsBounds(parameters: String) throws {
        try Self.request(parameters: parameters).validate(against: Self.keras())
    }

    @Test("says which bounds hold")
    func saysBounds() throws {
        let request = try Self.request(parameters: #"{"epochs":0}"#)
        let violation = #expect(throws: Violation.self) { try request.validate(against: Self.keras()) }
        #expect(violation?.remedy == "send a whole number, at least 1, at most 100000")
        #expect(violation?.limit == 1)
    }

    @Test("refuses inputs that are missing, of another kind, not stored or too large")
    func refusesInputs() throws {
        let keras = try Self.keras()
        func field(_ request: JobRequest, size: UInt64? = 5) -> String? {
            #expect(throws: Violation.self) { try request.validate(against: keras, size: { _ in size }) }?.field
        }
        #expect(field(try Self.request(model: nil)) == "inputs.model")
        #expect(field(try Self.request(model: "m.pkl")) == "inputs.model.file_name")
        #expect(field(try Self.request(model: ".keras")) == "inputs.model.file_name")
        #expect(field(try Self.request(), size: nil) == "inputs.model.sha256")
        #expect(field(try Self.request(), size: 11) == "inputs.definition")
        #expect(field(try Self.request(), size: 101) == "inputs.model")
        try Self.request().validate(against: keras, size: { _ in 10 })
    }

    @Test("refuses an input that the rootfs does not take")
    func refusesSurplus() throws {
        let bare = RootfsDescription(
            name: "bare", summary: "", inputs: [:], parameters: try ParameterSchema(json: parse("{}")))
        let violation = #expect(throws: Violation.self) { try Self.request().validate(against: bare) }
        #expect(violation?.reason == "is not taken by rootfs keras")
    }
}

@Suite("parameter schemas")
struct ParameterSchemaTests {
    @Test("come back from their own JSON")
    func comeBack() throws {
        let read = try ParameterSchema(json: parse(schema))
        #expect(read.json == (try parse(schema)))
    }

    @Test("of the keras environment is read whole")
    func readKeras() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let file = root.appendingPathComponent("rootfs/keras/parameters.json").standardized
        let json = try JSON.parse(Array(Data(contentsOf: file)), limits: .document)
        #expect(try ParameterSchema(json: json).json == json)
    }

    @Test(
        "are refused when any of it is not understood",
        arguments: [
            #"[]"#, #"{"a":1}"#, #"{"a":{"default":1}}"#, #"{"a":{"type":"text","default":1}}"#,
            #"{"a":{"type":"integer"}}"#, #"{"a":{"type":"integer","default":0,"minimum":1}}"#,
            #"{"a":{"type":"integer","default":"1"}}"#, #"{"a":{"type":"integer","default":1,"minimun":1}}"#,
            #"{"a":{"type":"integer","default":1,"maximum":"9"}}"#,
            #"{"a":{"type":"integer","default":1,"description":2}}"#,
        ])
    func areRefused(text: String) throws {
        let json = try parse(text)
        #expect(throws: Violation.self) { try ParameterSchema(json: json) }
    }
}

@Suite("file names")
struct FileNameTests {
    @Test(
        "are refused",
        arguments: [
            "", ".", "..", "a/b", "/", "../../etc/passwd", "a\0b", "a\nb", "\u{1b}[31m", "a\u{7f}", "a\u{85}b",
            "invoice\u{202e}fdp.csv", "a\u{200b}b", "\u{2028}", String(repeating: "é", count: 128),
        ])
    func areRefused(name: String) {
        #expect(throws: Violation.self) { try FileName(name, field: "inputs.model.file_name") }
    }

    @Test(
        "are taken",
        arguments: [
            "a", "model.keras", "wine 2.csv", "größe.yaml", "…", "-rf", "日本.csv", String(repeating: "a", count: 255),
        ])
    func areTaken(name: String) throws { #expect(try FileName(name, field: "f").text == name) }
}
