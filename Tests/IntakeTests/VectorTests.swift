import Foundation
import Intake
import JSON
import Jobs
import Testing

/// Bodies of real clients, and odd ones beside what readers in Python make of them; `Vectors/make_forms.py` makes them.
@Suite("vectors of forms")
struct VectorTests {
    struct Part: Equatable {
        let name: String
        let fileName: String?
        let content: [UInt8]
    }

    struct Unreadable: Error {}

    /// What others take and we don't, each on purpose: another reader could see another form in it.
    static let stricter: Set<String> = [
        "boundary goes on", "star only", "two names", "same field twice", "base64", "unix path", "traversal",
        "nul in name",
        "nested quotes", "lf only", "lf behind boundary", "folded", "no name", "no disposition", "latin-1 name",
        "colon less",
    ]

    /// Where the others don't agree.
    static let disputed: Set<String> = ["percent quote", "star and plain"]

    private static func vectors() throws -> JSON {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
        return try JSON.parse(Array(try Data(contentsOf: folder.appending(path: "forms.json"))), limits: .document)
    }

    private static func bytes(_ json: JSON?) throws -> [UInt8] {
        guard let data = json?.stringValue.flatMap({ Data(base64Encoded: $0) }) else { throw Unreadable() }
        return Array(data)
    }

    private static func parts(_ json: JSON?) throws -> [Part]? {
        try json?.arrayValue?.map { part in
            Part(
                name: part["name"]?.stringValue ?? "", fileName: part["file_name"]?.stringValue,
                content: try bytes(part["content"]))
        }.sorted { $0.name < $1.name }
    }

    private static func parts(_ form: Form) -> [Part] {
        form.parts.map { Part(name: $0.head.name, fileName: $0.head.fileName?.text, content: $0.content) }
            .sorted { $0.name < $1.name }
    }

    @Test("what clients send arrives")
    func clients() throws {
        let vectors = try Self.vectors()
        let sent = try #require(try Self.parts(vectors["sent"]))
        let clients = try #require(vectors["clients"]?.arrayValue)
        #expect(clients.count == 6)
        for client in clients {
            let name = client["name"]?.stringValue ?? ""
            let type = try #require(client["content_type"]?.stringValue)
            let body = try Self.bytes(client["body"])
            for sizes in [[Int.max], [1], [17, 300]] {
                let got = Self.parts(try Form(body, contentType: type, sizes: sizes))
                // Names are taken as they are sent, and these clients don't agree on a quotation mark.
                #expect(got.map(\.name) == sent.map(\.name), "\(name)")
                #expect(got.map(\.content) == sent.map(\.content), "\(name)")
                #expect(got.map { $0.fileName == nil } == sent.map { $0.fileName == nil }, "\(name)")
                #expect(got.first { $0.name == "model" }?.fileName == "wine.keras", "\(name)")
            }
        }
    }

    @Test("what we take, others read alike; what we refuse besides is listed")
    func odd() throws {
        let odd = try #require(try Self.vectors()["odd"]?.arrayValue)
        #expect(odd.count > 30)
        for vector in odd {
            let name = try #require(vector["name"]?.stringValue)
            let ours = try? Self.parts(Form(try Self.bytes(vector["body"])))
            let theirs = try ["werkzeug", "python-multipart", "email"].compactMap { try Self.parts(vector[$0]) }
            if Self.stricter.contains(name) {
                #expect(ours == nil && !theirs.isEmpty, "\(name)")
            } else if theirs.isEmpty {
                #expect(ours == nil, "\(name)")
            } else if Self.disputed.contains(name) {
                // Names as they are sent: RFC 7578 forbids filename*, and nobody can tell an escape from a name that has one.
                #expect(try ours == Self.parts(vector["python-multipart"]), "\(name)")
            } else if name == "windows path" {
                #expect(ours?.map(\.fileName) == ["f.csv"])
            } else {
                #expect(theirs.allSatisfy { $0 == ours }, "\(name)")
            }
        }
    }
}
