internal import JSON

/// An AIBoM as SPDX 3.0.1 (Core, Software, SimpleLicensing, Build, AI, Dataset), in JSON-LD.
///
/// Who vouches for a fact has no place in SPDX; each element says it in its `comment`.
struct SPDXDocument {
    private let bill: Bill
    private let namespace: String
    private(set) var elements: [JSON] = []
    private var references: [String] = []

    init(_ bill: Bill) {
        self.bill = bill
        namespace = (bill.root["serialNumber"]?.stringValue ?? "urn:uuid:0") + "#"
        addAgents()
        let model = addModel(bill)
        let data = addDataset(bill)
        let rootfs = addEnvironment(bill)
        addBuild(bill, model: model, data: data, rootfs: rootfs)
    }

    var json: JSON {
        var creation = JSONObject()
        creation["type"] = "CreationInfo"
        creation["@id"] = .string(Self.creation)
        creation["specVersion"] = "3.0.1"
        creation["created"] = .string(time(bill.root["metadata"]?["timestamp"]?.stringValue))
        creation["createdBy"] = [.string(reference("supervisor-agent"))]
        creation["createdUsing"] = [.string(reference("tool"))]
        let document = element("SpdxDocument", "document") { document in
            document["name"] = .string("AIBoM of \(bill.subject["name"]?.stringValue ?? "")")
            document["comment"] = "Exported from a CycloneDX AIBoM; what is signed is that one."
            document["profileConformance"] = ["core", "software", "simpleLicensing", "build", "ai", "dataset"]
            document["rootElement"] = [.string(reference("model"))]
            document["element"] = .array(references.map(JSON.string))
        }
        return [
            "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
            "@graph": .array([.object(creation)] + elements + [document]),
        ]
    }

    static let creation = "_:creation"

    func reference(_ name: String) -> String {
        namespace
            + name.utf8.map { byte in
                Self.isPlain(byte) ? String(UnicodeScalar(byte)) : "-" + String(byte, radix: 16)
            }.joined()
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    /// SPDX times have whole seconds.
    func time(_ text: String?) -> String {
        let text = text ?? "1970-01-01T00:00:00Z"
        return text.prefix { $0 != "." && $0 != "Z" } + "Z"
    }

    private func element(_ type: String, _ name: String, _ fill: (inout JSONObject) -> Void) -> JSON {
        var object = JSONObject()
        object["type"] = .string(type)
        object["spdxId"] = .string(reference(name))
        object["creationInfo"] = .string(Self.creation)
        fill(&object)
        return .object(object)
    }

    /// Adds an element.
    ///
    /// - Parameters:
    ///   - type: its class.
    ///   - name: what it is called in this document.
    ///   - fill: writes its members; those that are nil are left out.
    /// - Returns: its id.
    @discardableResult
    mutating func add(_ type: String, _ name: String, _ fill: (inout JSONObject) -> Void) -> String {
        elements.append(element(type, name, fill))
        references.append(reference(name))
        return reference(name)
    }

    mutating func relate(_ from: String, _ type: String, _ to: [String]) {
        guard !to.isEmpty else { return }
        add("Relationship", "\(type)-\(references.count)") { relationship in
            relationship["from"] = .string(from)
            relationship["relationshipType"] = .string(type)
            relationship["to"] = .array(to.map(JSON.string))
        }
    }

    /// Adds somebody or something that has no more than a name.
    mutating func addNamed(_ type: String, _ reference: String, _ name: String) -> String {
        add(type, reference) { $0["name"] = .string(name) }
    }

    private mutating func addAgents() {
        _ = addNamed("SoftwareAgent", "supervisor-agent", bill.run("builder.id")?.value ?? "unnamed builder")
        let tool = bill.root["metadata"]?["tools"]?["components"]?.arrayValue?.first
        let words = [tool?["name"]?.stringValue, tool?["version"]?.stringValue].compactMap { $0 }
        _ = addNamed("Tool", "tool", words.joined(separator: " "))
    }

    /// The licence that was declared, and that nobody concluded one.
    mutating func addLicenses(of component: JSON, _ owner: String) {
        let texts = (component["licenses"]?.arrayValue ?? []).compactMap { license -> (String, isExpression: Bool)? in
            if let text = license["expression"]?.stringValue { return (text, true) }
            if let text = license["license"]?["id"]?.stringValue { return (text, true) }
            return license["license"]?["name"]?.stringValue.map { ($0, false) }
        }
        var declared = Self.noLicense
        if texts.count == 1, texts[0].isExpression {
            declared = add("simplelicensing_LicenseExpression", "\(owner)-license") {
                $0["simplelicensing_licenseExpression"] = .string(texts[0].0)
            }
        } else if !texts.isEmpty {
            declared = add("simplelicensing_SimpleLicensingText", "\(owner)-license") {
                $0["simplelicensing_licenseText"] = .string(texts.map(\.0).joined(separator: ", "))
            }
        }
        relate(reference(owner), "hasDeclaredLicense", [declared])
        relate(reference(owner), "hasConcludedLicense", [Self.noLicense])
    }

    private static let noLicense = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"

    static func hashes(of component: JSON) -> JSON? {
        Bill.sha256(of: component).map { [["type": "Hash", "algorithm": "sha256", "hashValue": .string($0)]] }
    }

    static func entry(_ key: String, _ value: String) -> JSON {
        ["type": "DictionaryEntry", "key": .string(key), "value": .string(value)]
    }
}
