import JSON
import Measure
import Testing

@testable import Jobs

@Suite("job requests")
struct JobRequestTests {
    static let digest = String(repeating: "a", count: 64)

    static func request(_ change: (inout JSONObject) -> Void = { _ in }) -> JSON {
        var object = JSONObject()
        object["rootfs"] = "keras"
        object["policy"] = "strict"
        object["inputs"] = [
            "model": ["file_name": "model.keras", "sha256": .string(digest)],
            "dataset": ["file_name": "data.csv", "sha256": .string(digest)],
            "definition": ["file_name": "definition.yaml", "sha256": .string(digest)],
        ]
        change(&object)
        return .object(object)
    }

    @Test("come back from their own JSON")
    func comeBack() throws {
        let quarter = try #require(JSONDecimal("0.25"))
        let json = Self.request {
            $0["parameters"] = ["epochs": 3, "validation_split": .decimal(quarter)]
            $0["metadata"] = ["model_name": "wine", "license_name": "MIT"]
        }
        let request = try JobRequest(json: json)
        #expect(try JobRequest(json: request.json) == request)
        #expect(request.inputs.map(\.role) == [.model, .dataset, .definition])
        #expect(request.metadata[.modelName] == "wine")
    }

    @Test("are the same request in another order, and another with another number")
    func digests() throws {
        let first = try JobRequest(json: Self.request { $0["parameters"] = ["epochs": 3, "batch_size": 8] })
        let second = try JobRequest(json: Self.request { $0["parameters"] = ["batch_size": 8, "epochs": 3] })
        let third = try JobRequest(json: Self.request { $0["parameters"] = ["batch_size": 8, "epochs": 4] })
        #expect(first.digest == second.digest)
        #expect(first.digest != third.digest)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let field: String
        let json: JSON
        var testDescription: String { field }
    }

    @Test(
        "are refused where they are wrong",
        arguments: [
            Refusal(field: "", json: []),
            Refusal(field: "rootfs", json: request { $0["rootfs"] = 1 }),
            Refusal(field: "rootfs", json: request { $0["rootfs"] = "../keras" }),
            Refusal(field: "rootfs", json: request { $0["rootfs"] = ".." }),
            Refusal(field: "policy", json: request { $0["policy"] = "" }),
            Refusal(field: "policy", json: request { $0["policy"] = .string(String(repeating: "p", count: 65)) }),
            Refusal(field: "rootf", json: request { $0["rootf"] = "keras" }),
            Refusal(field: "inputs", json: request { $0["inputs"] = [] }),
            Refusal(field: "inputs.modle", json: request { $0["inputs"] = ["modle": [:]] }),
            Refusal(field: "inputs.model", json: request { $0["inputs"] = ["model": 3] }),
            Refusal(field: "inputs.model.file_name", json: request { $0["inputs"] = ["model": [:]] }),
            Refusal(
                field: "inputs.model.sha256",
                json: request { $0["inputs"] = ["model": ["file_name": "m.keras", "sha256": "ABCD"]] }),
            Refusal(
                field: "inputs.model.path",
                json: request { $0["inputs"] = ["model": ["file_name": "m.keras", "path": "/etc/shadow"]] }),
            Refusal(field: "parameters", json: request { $0["parameters"] = [1] }),
            Refusal(field: "metadata", json: request { $0["metadata"] = "x" }),
            Refusal(field: "metadata.model_nmae", json: request { $0["metadata"] = ["model_nmae": "x"] }),
            Refusal(field: "metadata.author", json: request { $0["metadata"] = ["author": 1] }),
            Refusal(
                field: "metadata.author",
                json: request { $0["metadata"] = ["author": .string(String(repeating: "a", count: 257))] }),
            Refusal(field: "metadata.author", json: request { $0["metadata"] = ["author": "\u{1b}[2J"] }),
            Refusal(field: "metadata.autonomy", json: request { $0["metadata"] = ["autonomy": "partly"] }),
            Refusal(field: "metadata.safety_risk", json: request { $0["metadata"] = ["safety_risk": "HIGH"] }),
        ])
    func areRefused(refusal: Refusal) {
        let violation = #expect(throws: Violation.self) { try JobRequest(json: refusal.json) }
        #expect(violation?.field == refusal.field)
        #expect(violation?.remedy.isEmpty == false)
    }

    @Test("name the nearest word that is known")
    func nameTheNearest() {
        let slip = #expect(throws: Violation.self) {
            try JobRequest(json: Self.request { $0["metadata"] = ["model_nmae": "x"] })
        }
        #expect(slip?.remedy == "did you mean model_name?")
        let noise = #expect(throws: Violation.self) {
            try JobRequest(json: Self.request { $0["metadata"] = ["qqqqqqqqqqqq": "x"] })
        }
        #expect(noise?.remedy.hasPrefix("use one of: acceptable_use, ") == true)
    }

    @Test("quote a long word of the sender's in part")
    func quoteInPart() {
        let violation = #expect(throws: Violation.self) {
            try JobRequest(json: Self.request { $0[String(repeating: "x", count: 5000)] = 1 })
        }
        #expect(violation?.field.count == 65)
    }
}
