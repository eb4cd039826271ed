/// Where a rule of a container engine's profile holds: its `includes` and `excludes`.
///
/// Source: moby/profiles, seccomp/seccomp.go. `includes` ask for all of its capabilities, one of its architectures and a
/// kernel at least so new; `excludes` for none of its capabilities, none of its architectures and an older kernel. A job has
/// no capability.
struct ProfileScope {
    let applies: Bool
    /// Whether another machine would get another answer.
    let dependsOnPlatform: Bool

    init(_ rule: PolicyFields, on platform: PlatformFacts) throws(PolicyError) {
        if rule.has("comment"), !rule.isNull("comment") { _ = try rule.text("comment") }
        let included = try Filter(rule, "includes", on: platform)
        let excluded = try Filter(rule, "excludes", on: platform)
        applies =
            !included.asksCapabilities && included.isThisArchitecture != false && included.isThisKernel != false
            && excluded.isThisArchitecture != true && excluded.isThisKernel != true
        dependsOnPlatform = [included, excluded].contains { $0.isThisArchitecture != nil || $0.isThisKernel != nil }
    }

    /// One of the two; nil where it does not ask.
    private struct Filter {
        var asksCapabilities = false
        var isThisArchitecture: Bool?
        var isThisKernel: Bool?

        init(_ rule: PolicyFields, _ name: String, on platform: PlatformFacts) throws(PolicyError) {
            guard rule.has(name), !rule.isNull(name) else { return }
            let fields = try rule.object(name)
            try fields.allow(["arches", "caps", "minKernel"])
            if fields.holds("caps") { asksCapabilities = try !fields.strings("caps").isEmpty }
            if fields.holds("arches") {
                let names = try fields.strings("arches")
                if !names.isEmpty { isThisArchitecture = names.contains(platform.architecture.goName) }
            }
            guard fields.holds("minKernel") else { return }
            let text = try fields.string("minKernel")
            guard let least = PlatformFacts.Kernel(release: text), text == "\(least)" else {
                throw fields.error("minKernel", "is \(text)", remedy: "write two numbers, as 4.8")
            }
            guard let kernel = platform.kernel else {
                throw fields.error(
                    "minKernel", "asks for the kernel's version, which is not known here",
                    remedy: "remove it, or read the profile on the machine that it is for")
            }
            isThisKernel = kernel >= least
        }
    }
}

extension PolicyFields {
    fileprivate func holds(_ name: String) -> Bool { has(name) && !isNull(name) }
}
