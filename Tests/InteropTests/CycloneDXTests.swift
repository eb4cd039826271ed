import Foundation
import Testing

/// CycloneDX's own validator on our golden documents, which AttestTests prove to be what we emit.
@Suite(
    "CycloneDX interoperability", .enabled(if: Python.isReady || Python.mustRun, "no python3 with cyclonedx-python-lib")
)
struct CycloneDXTests {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    static let vectors = tests.appending(path: "AttestTests/Vectors")

    @Test("strict 1.6 schema, references and placement", arguments: ["completed", "failed", "sparse", "hostile"])
    func valid(_ name: String) throws {
        let result = try Python.validate(Self.vectors.appending(path: "\(name).json"))
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "the validator sees a fault when there is one",
        arguments: [
            (#""version": 1,"#, #""version": 1, "unheard": true,"#),
            (#""type": "container""#, #""type": "contraption""#),
            (#""ref": "trained-model""#, #""ref": "nothing""#),
            (#""bom-ref": "signer""#, #""bom-ref": "policy""#),
            (#""2026-11-23T05:43:00.000Z""#, #""yesterday""#),
        ])
    func detector(part: String, replacement: String) throws {
        let text = try String(contentsOf: Self.vectors.appending(path: "completed.json"), encoding: .utf8)
        let changed = text.replacing(part, with: replacement)
        try #require(changed != text)
        let file = FileManager.default.temporaryDirectory.appending(path: "cyclonedx-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try changed.write(to: file, atomically: true, encoding: .utf8)
        #expect(try Python.validate(file).status == 1)
    }
}

/// A Python with the validator, in a virtual environment that is made once and kept under `.build`.
enum Python {
    static let requirement = "cyclonedx-python-lib[json-validation]==11.12.0"
    static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"

    private static let environment = CycloneDXTests.tests.deletingLastPathComponent()
        .appending(path: ".build/interop-cyclonedx")
    private static let python = environment.appending(path: "bin/python").path

    /// Makes the environment when there is none; false when it can't be made.
    static let isReady: Bool = {
        let probe = ["-c", "import cyclonedx.validation.json, jsonschema"]
        if let found = try? run(python, probe), found.status == 0 { return true }
        guard let made = try? run("/usr/bin/env", ["python3", "-m", "venv", environment.path]), made.status == 0,
            let installed = try? run(python, ["-m", "pip", "install", "--quiet", requirement]), installed.status == 0,
            let found = try? run(python, probe)
        else { return false }
        return found.status == 0
    }()

    static func validate(_ file: URL) throws -> (status: Int32, output: String) {
        try run(python, [CycloneDXTests.tests.appending(path: "InteropTests/validate_cyclonedx.py").path, file.path])
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
