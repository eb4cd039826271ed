import JSON
import Testing

@Suite("JSON vectors")
struct VectorTests {
    @Test("JSONTestSuite: what must be accepted is, what must be refused is", arguments: SuiteCase.all)
    func suite(_ vector: SuiteCase) {
        let accepted = (try? JSON.parse(vector.bytes, limits: .report)) != nil
        #expect(accepted == vector.mustBeAccepted)
    }

    @Test("JSONTestSuite is there")
    func suiteIsThere() {
        #expect(SuiteCase.all.count { $0.mustBeAccepted } > 80)
        #expect(SuiteCase.all.count { !$0.mustBeAccepted } > 180)
    }

    @Test("RFC 8785 vectors", arguments: ["arrays", "french", "unicode", "weird"])
    func canonical(_ name: String) throws {
        let value = try JSON.parse(try Vectors.bytes("jcs/\(name).input.json"), limits: .report)
        #expect(try value.canonicalBytes() == Vectors.bytes("jcs/\(name).output.json"))
    }

    @Test("RFC 8785 vectors with numbers that are no integers are refused", arguments: ["structures", "values"])
    func notCanonical(_ name: String) throws {
        let value = try JSON.parse(try Vectors.bytes("jcs/\(name).input.json"), limits: .report)
        #expect(throws: JSONError.self) { try value.canonicalBytes() }
    }
}

/// One line of `jsontestsuite.txt`.
struct SuiteCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    /// The suite takes no side on duplicate keys and files them under "accept"; we refuse them.
    var mustBeAccepted: Bool { name.hasPrefix("y_") && !name.hasPrefix("y_object_duplicated_key") }
    var testDescription: String { name }

    static let all: [SuiteCase] = {
        guard let bytes = try? Vectors.bytes("jsontestsuite.txt") else { return [] }
        return bytes.split(separator: 0x0a).map { line in
            let parts = line.split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
            return SuiteCase(name: String(decoding: parts[0], as: UTF8.self), bytes: Vectors.unhex(parts[1]))
        }
    }()
}
