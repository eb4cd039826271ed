internal import JSON

extension AIBoM {
    /// The kernel, the processor and the accelerators, as far as the supervisor could ask for their names.
    static func machine(_ environment: JobFacts.Environment) -> [(reference: String, component: JSON)] {
        var parts: [(reference: String, component: JSON)] = []
        if let release = environment.kernelRelease {
            let kernel = part(
                "operating-system", Reference.kernel, "Linux", version: release,
                description: environment.kernelVersion, source: "uname(2)")
            parts.append((Reference.kernel, kernel))
        }
        if let model = environment.cpuModel {
            let processor = part(
                "device", Reference.processor, model, description: environment.machine, source: "/proc/cpuinfo")
            parts.append((Reference.processor, processor))
        }
        for (index, model) in (environment.accelerators ?? []).enumerated() {
            let reference = Reference.accelerator(index)
            parts.append((reference, part("device", reference, model, source: "/proc/driver/nvidia/gpus")))
        }
        if let driver = environment.acceleratorDriver {
            let component = part(
                "device-driver", Reference.driver, "NVIDIA driver", version: driver,
                source: "/proc/driver/nvidia/version")
            parts.append((Reference.driver, component))
        }
        return parts
    }

    private static func part(
        _ type: String, _ reference: String, _ name: String, version: String? = nil, description: String? = nil,
        source: String
    ) -> JSON {
        var properties = Properties()
        properties.mark(.observed, evidence: source)
        var component = JSONObject()
        component.add("type", .string(type))
        component.add("bom-ref", .string(reference))
        component.add("name", .string(name))
        component.add("version", version.map(JSON.string))
        component.add("description", description.map(JSON.string))
        component.add("evidence", evidence([.asked(source)]))
        component.add("properties", .array(properties.elements))
        return .object(component)
    }
}
