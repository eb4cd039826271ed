package import JSON
package import Measure

/// `rootfs.json`: what an image is, how a job in it starts, and what it takes and leaves.
package struct RootfsManifest: Sendable {
    /// One input role: the name that the job sees, and what a submitter may give for it.
    package struct Input: Sendable {
        package let role: String
        package let file: String
        package let extensions: [String]
        package let maximumBytes: UInt64
    }

    /// One output that the job leaves in /out.
    package struct Output: Sendable {
        package let file: String
        package let role: String
        package let isRequired: Bool
        package let maximumBytes: UInt64
    }

    package let name: String
    package let recipeDigest: String
    package let imageFile: String
    package let format: String
    package let imageDigest: Digest
    package let imageSize: UInt64
    package let inventoryFile: String
    package let inventoryDigest: Digest
    package let verity: String?
    package let arguments: [String]
    package let environment: [(name: String, value: String)]
    /// The parameter schema, by name.
    package let parameters: JSONObject
    package let inputs: [Input]
    package let outputs: [Output]
    /// The manifest's own bytes, whose SHA-256 binds all of the above.
    package let source: [UInt8]
}

extension RootfsManifest {
    /// The environment as exec takes it: `NAME=value`.
    package var environmentStrings: [String] { environment.map { "\($0.name)=\($0.value)" } }

    /// Reads a manifest that we built ourselves, and still trusts none of its shape.
    ///
    /// - Throws: a `ManifestProblem` that names the field.
    package init(parsing source: [UInt8]) throws(ManifestProblem) {
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(source, limits: .document) } catch {
            throw ManifestProblem("\(error)")
        }
        let root = ManifestFields(value, "")
        guard try root.string("schema") == "aibom-rootfs/1" else {
            throw ManifestProblem("schema is not aibom-rootfs/1")
        }
        let image = try root.fields("image")
        let inventory = try root.fields("inventory")
        let run = try root.fields("run")
        self.init(
            name: try root.string("name"), recipeDigest: try root.string("recipe_digest"),
            imageFile: try image.fileName("file"), format: try image.string("format"),
            imageDigest: try image.digest("sha256"), imageSize: try image.size("size"),
            inventoryFile: try inventory.fileName("file"), inventoryDigest: try inventory.digest("sha256"),
            verity: value["verity"]?.stringValue, arguments: try run.strings("argv"),
            environment: try run.pairs("environment"), parameters: try root.object("parameters"),
            inputs: try Self.inputs(root), outputs: try Self.outputs(root), source: source)
        guard arguments.first?.hasPrefix("/") == true else {
            throw ManifestProblem("run.argv begins with no absolute path")
        }
    }

    private static func inputs(_ root: ManifestFields) throws(ManifestProblem) -> [Input] {
        var inputs: [Input] = []
        for member in try root.object("inputs").members {
            let fields = ManifestFields(member.value, "inputs.\(member.key).")
            inputs.append(
                Input(
                    role: member.key, file: try fields.fileName("file"), extensions: try fields.strings("extensions"),
                    maximumBytes: try fields.size("max_bytes")))
        }
        return inputs
    }

    private static func outputs(_ root: ManifestFields) throws(ManifestProblem) -> [Output] {
        var outputs: [Output] = []
        for (index, value) in try root.array("outputs").enumerated() {
            let fields = ManifestFields(value, "outputs.\(index).")
            outputs.append(
                Output(
                    file: try fields.fileName("file"), role: try fields.string("role"),
                    isRequired: try fields.bool("required"), maximumBytes: try fields.size("max_bytes")))
        }
        return outputs
    }
}
