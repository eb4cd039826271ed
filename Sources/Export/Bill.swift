internal import JSON

/// An AIBoM as the exports read it: by what it says, and who says so.
struct Bill {
    struct Fact {
        let name: String
        /// Nil when it is unknown or withheld.
        let value: String?
        let trust: String
    }

    let root: JSON

    init(_ root: JSON) throws(ExportError) {
        guard root["bomFormat"] == "CycloneDX", root["metadata"]?["component"]?["name"]?.stringValue != nil else {
            throw .notAnAIBoM
        }
        self.root = root
    }

    var subject: JSON { root["metadata"]?["component"] ?? .null }
    var card: JSON { subject["modelCard"] ?? .null }
    var components: [JSON] { root["components"]?.arrayValue ?? [] }
    var dataset: JSON { component("input-dataset") ?? .null }
    var rootfs: JSON { component("rootfs") ?? .null }
    var packages: [JSON] { rootfs["components"]?.arrayValue ?? [] }
    var task: JSON {
        root["formulation"]?.arrayValue?.first?["workflows"]?.arrayValue?.first?["tasks"]?.arrayValue?.first ?? .null
    }
    var isCompleted: Bool { run("job.outcome")?.value == "completed" }

    func component(_ reference: String) -> JSON? { components.first { $0["bom-ref"] == .string(reference) } }

    /// A fact of the run.
    func run(_ name: String) -> Fact? { Self.fact(name, of: root["metadata"] ?? .null) }

    /// A fact of the model, or of what stands in its place.
    func model(_ name: String) -> Fact? { Self.fact(name, of: subject) }

    func data(_ name: String) -> Fact? { Self.fact(name, of: dataset) }

    static func fact(_ name: String, of part: JSON) -> Fact? { facts(of: part).first { $0.name == name } }

    /// The facts of a part in their order.
    static func facts(of part: JSON) -> [Fact] {
        (part["properties"]?.arrayValue ?? []).compactMap { property in
            let words = (property["name"]?.stringValue ?? "").split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, words[0] == "aibomgen" else { return nil }
            return Fact(name: String(words[2]), value: property["value"]?.stringValue, trust: String(words[1]))
        }
    }

    static func sha256(of component: JSON) -> String? {
        component["hashes"]?.arrayValue?.first { $0["alg"] == "SHA-256" }?["content"]?.stringValue
    }
}

/// Why there is nothing to export.
package enum ExportError: Error, Equatable, CustomStringConvertible {
    case notAnAIBoM

    package var description: String { "not a CycloneDX document with a component in its metadata" }
}
