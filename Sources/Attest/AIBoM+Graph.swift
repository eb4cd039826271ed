internal import JSON

extension AIBoM {
    /// Which part was made from or with which other (computed: it follows from what was staged).
    static func dependencies(_ facts: JobFacts) -> [JSON] {
        let machine = machine(facts.environment).map(\.reference)
        let sources = facts.inputs.map { Reference.input($0.role) } + [Reference.rootfs, Reference.policy] + machine
        var dependencies = [depends(Reference.subject, on: sources)]
        if facts.model != nil { dependencies.append(depends(Reference.model, on: sources)) }
        dependencies += facts.inputs.map { depends(Reference.input($0.role), on: []) }
        dependencies += facts.outputs.filter { $0.role != .model }
            .map { depends(Reference.output($0.role), on: sources) }
        if facts.platform != nil { dependencies.append(depends(Reference.platform, on: [])) }
        let packages = packages(facts.rootfs).map(\.reference)
        dependencies.append(depends(Reference.rootfs, on: packages))
        dependencies += packages.map { depends($0, on: []) }
        dependencies.append(
            depends(
                Reference.supervisor,
                on: [Reference.signer, Reference.policy] + (facts.platform == nil ? [] : [Reference.platform])))
        dependencies.append(depends(Reference.signer, on: []))
        dependencies.append(depends(Reference.policy, on: []))
        dependencies += machine.map { depends($0, on: []) }
        return dependencies
    }

    private static func depends(_ reference: String, on others: [String]) -> JSON {
        var dependency = JSONObject()
        dependency.add("ref", .string(reference))
        dependency.add("dependsOn", ifAny: others.map(JSON.string))
        return .object(dependency)
    }
}
