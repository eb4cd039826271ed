import Catalogue
import JSON
import Measure
import Testing

@Suite("the manifest of a rootfs")
struct ManifestTests {
    static let good: JSON = [
        "schema": "aibom-rootfs/1", "name": "keras", "recipe_digest": "r",
        "image": ["file": "i", "format": "squashfs", "sha256": .string(Digest.of([]).hex), "size": 1],
        "inventory": ["file": "v", "sha256": .string(Digest.of([]).hex)], "verity": .null,
        "run": ["argv": ["/bin/trainer", "-x"], "environment": ["A": "b"]], "parameters": [:],
        "inputs": ["model": ["file": "m", "extensions": [".keras"], "max_bytes": 1]],
        "outputs": [["file": "o", "role": "model", "required": true, "max_bytes": 1]],
    ]

    private func parse(_ value: JSON) throws(ManifestProblem) -> RootfsManifest {
        try RootfsManifest(parsing: value.compactBytes())
    }

    @Test("is read")
    func read() throws {
        let manifest = try parse(Self.good)
        #expect(manifest.arguments == ["/bin/trainer", "-x"])
        #expect(manifest.environment.map { "\($0.name)=\($0.value)" } == ["A=b"])
        #expect(manifest.inputs.map(\.role) == ["model"] && manifest.outputs.map(\.file) == ["o"])
    }

    private static func image(_ file: JSON, _ sha256: JSON, _ size: JSON) -> JSON {
        ["file": file, "format": "squashfs", "sha256": sha256, "size": size]
    }

    private static func output(_ file: JSON, required: JSON) -> JSON {
        [["file": file, "role": "model", "required": required, "max_bytes": 1]]
    }

    private static let digest = JSON.string(Digest.of([]).hex)

    static let wrongKinds: [(String, JSON)] = [
        ("schema", "aibom-rootfs/2"), ("name", 7), ("recipe_digest", nil), ("image", [:]), ("run", []),
        ("inventory", nil), ("parameters", []), ("inputs", []), ("outputs", [:]),
    ]

    static let wrongParts: [(String, JSON)] = [
        ("run", ["argv": ["trainer"], "environment": [:]]), ("run", ["argv": [], "environment": [:]]),
        ("run", ["argv": ["/x", 1], "environment": [:]]), ("run", ["argv": ["/x"], "environment": ["A": 1]]),
        ("image", image("../i", digest, 1)), ("image", image("i", "00", 1)), ("image", image("i", digest, -1)),
        ("inputs", ["model": ["file": "a/b", "extensions": [], "max_bytes": 1]]),
        ("outputs", output("..", required: true)), ("outputs", output("o", required: "yes")),
    ]

    @Test("is refused by the name of the field that is wrong", arguments: wrongKinds + wrongParts)
    func refused(field: String, value: JSON) throws {
        var object = try #require(Self.good.objectValue)
        object[field] = value
        let problem = #expect(throws: ManifestProblem.self) { try parse(.object(object)) }
        #expect(problem?.description.contains(field) == true, "\(problem?.description ?? "")")
    }

    @Test("is refused when it is no JSON of one reading", arguments: ["", "{", #"{"schema":1,"schema":2}"#])
    func unreadable(text: String) {
        #expect(throws: ManifestProblem.self) { try RootfsManifest(parsing: Array(text.utf8)) }
    }
}
