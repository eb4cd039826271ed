internal import JSON

extension AIBoM {
    /// What the job ran on top of: one image, and the packages that its recipe put into it.
    static func rootfs(_ rootfs: JobFacts.RootFileSystem) -> JSON {
        var properties = Properties()
        properties.mark(
            .observed,
            evidence: "the image, hashed before it was mounted; recipe and inventory are bound by its manifest")
        properties.add(.observed, "rootfs.image", rootfs.image.name)
        properties.add(.observed, "rootfs.size", "\(rootfs.image.size)")
        properties.add(.observed, "rootfs.recipe.sha256", ifKnown: rootfs.recipe)
        properties.add(.observed, "rootfs.inventory.sha256", ifKnown: rootfs.inventory)
        properties.add(.observed, "rootfs.verity", ifKnown: rootfs.verity)
        add(rootfs.scan, to: &properties)
        var component = JSONObject()
        component.add("type", "container")
        component.add("bom-ref", .string(Reference.rootfs))
        component.add("name", .string(rootfs.name))
        component.add("hashes", hashes(rootfs.image.sha256))
        component.add("evidence", evidence([.hashed]))
        component.add("components", ifAny: packages(rootfs).map(\.component))
        component.add("properties", .array(properties.elements))
        return .object(component)
    }

    /// The inventory's packages with the references that stand for them, each reference once.
    static func packages(_ rootfs: JobFacts.RootFileSystem) -> [(reference: String, component: JSON)] {
        let inventory = rootfs.components["components"]?.arrayValue ?? rootfs.components.arrayValue ?? []
        var seen: [String: Int] = [:]
        return inventory.compactMap { package in
            guard let name = package["name"]?.stringValue, !name.isEmpty else { return nil }
            let base = packageReference(package["purl"]?.stringValue ?? name)
            seen[base, default: 0] += 1
            let reference = seen[base] == 1 ? base : "\(base)#\(seen[base] ?? 0)"
            return (reference, self.package(package, name: name, reference: reference))
        }
    }

    static func packageReference(_ purl: String) -> String { "rootfs/" + purl }

    /// Read from the inventory, which is bound by digest: computed when the image was built.
    private static func package(_ package: JSON, name: String, reference: String) -> JSON {
        var component = JSONObject()
        component.add("type", "library")
        component.add("bom-ref", .string(reference))
        component.add("name", .string(name))
        component.add("version", package["version"]?.stringValue.map(JSON.string))
        if let sha256 = package["sha256"]?.stringValue, Form.isSHA256(sha256) {
            component.add("hashes", hashes(sha256))
        }
        let licenses = package["licenses"]?.arrayValue?.compactMap(\.stringValue) ?? []
        component.add("licenses", ifAny: License.declared(licenses))
        component.add("purl", package["purl"]?.stringValue.map(JSON.string))
        component.add("evidence", evidence([.listed]))
        var properties = Properties()
        properties.mark(.computed, evidence: "inventory.json")
        if licenses.isEmpty { properties.add(.declared, "license", ifKnown: String?.none) }
        component.add("properties", .array(properties.elements))
        return .object(component)
    }

    static func supervisor(_ supervisor: JobFacts.Supervisor) -> JSON {
        program("aibomd", Reference.supervisor, version: supervisor.version, digest: supervisor.executable)
    }

    static func signer(_ supervisor: JobFacts.Supervisor) -> JSON {
        program("aibom-signer", Reference.signer, version: supervisor.version, digest: supervisor.signer)
    }

    private static func program(_ name: String, _ reference: String, version: String, digest: String?) -> JSON {
        var properties = Properties()
        properties.mark(.observed, evidence: "the executable, hashed when the supervisor started")
        properties.add(.observed, "executable.sha256", ifKnown: digest)
        var component = JSONObject()
        component.add("type", "application")
        component.add("bom-ref", .string(reference))
        component.add("name", .string(name))
        component.add("version", .string(version))
        component.add("hashes", digest.map(hashes))
        component.add("evidence", digest.map { _ in evidence([.hashed]) })
        component.add("properties", .array(properties.elements))
        return .object(component)
    }

    /// The supervisor again, as the tool that made the document.
    static func tool(_ supervisor: JobFacts.Supervisor) -> JSON {
        var component = JSONObject()
        component.add("type", "application")
        component.add("name", "aibomd")
        component.add("version", .string(supervisor.version))
        component.add("hashes", supervisor.executable.map(hashes))
        return .object(component)
    }

    static func policy(_ policy: JobFacts.Policy) -> JSON {
        var properties = Properties()
        properties.mark(.observed, evidence: "the policy as it was compiled, sha256:\(policy.digest)")
        return [
            "type": "data",
            "bom-ref": .string(Reference.policy),
            "name": .string(policy.name),
            "hashes": hashes(policy.digest),
            "evidence": evidence([.hashed]),
            "data": [["type": "configuration", "name": .string(policy.name)]],
            "properties": .array(properties.elements),
        ]
    }
}
