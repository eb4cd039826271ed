extension SeccompProfile {
    /// Reads `linux.seccomp` of the OCI runtime specification, or what container engines make of it; see `ProfileScope`.
    init(_ fields: PolicyFields, on platform: PlatformFacts) throws(PolicyError) {
        try fields.allow([
            "defaultAction", "defaultErrnoRet", "architectures", "archMap", "flags", "listenerPath", "listenerMetadata",
            "syscalls",
        ])
        try fields.refuseListener()
        let defaultAction = try Action(fields, name: "defaultAction", errno: "defaultErrnoRet")
        guard defaultAction != .notify else {
            throw fields.error(
                "defaultAction", "is SCMP_ACT_NOTIFY, whose errno is the default action's",
                remedy: "write SCMP_ACT_ERRNO, and SCMP_ACT_NOTIFY in the rules of single calls")
        }
        var rules: [Rule] = []
        var dependsOnPlatform = false
        for (position, rule) in try fields.objects("syscalls").enumerated() {
            let scope = try ProfileScope(rule, on: platform)
            dependsOnPlatform = dependsOnPlatform || scope.dependsOnPlatform
            let read = try Rule(rule, position: position, under: defaultAction)
            if scope.applies { rules.append(read) }
        }
        self.init(
            defaultAction: defaultAction, architectures: try fields.architectures(on: platform),
            architecturesField: fields.has("archMap") ? "archMap" : "architectures", rules: rules,
            platform: platform, dependsOnPlatform: dependsOnPlatform)
    }
}

extension PolicyFields {
    fileprivate func refuseListener() throws(PolicyError) {
        for name in ["listenerPath", "listenerMetadata"] where has(name) {
            throw error(
                name, "names a listener, and the supervisor itself hears what SCMP_ACT_NOTIFY reports",
                remedy: "remove it")
        }
        // A job has one thread when its filter is loaded, so there is nothing else that TSYNC could mean.
        for flag in has("flags") ? try strings("flags") : [] where flag != "SECCOMP_FILTER_FLAG_TSYNC" {
            throw error("flags", "holds \(flag)", remedy: "remove it; a filter is loaded without flags")
        }
    }

    fileprivate func architectures(on platform: PlatformFacts) throws(PolicyError) -> [String] {
        guard has("archMap") else { return has("architectures") ? try strings("architectures") : [] }
        guard !has("architectures") else {
            throw error("archMap", "stands beside architectures", remedy: "keep one of them")
        }
        var names: [String] = []
        for entry in try objects("archMap") {
            try entry.allow(["architecture", "subArchitectures"])
            let name = try entry.string("architecture")
            names.append(name)
            let others = entry.isNull("subArchitectures") || !entry.has("subArchitectures")
            let secondary = others ? [] : try entry.strings("subArchitectures")
            if name == platform.architecture.seccompName { names += secondary }
        }
        return names
    }
}

extension SeccompProfile.Rule {
    fileprivate init(
        _ fields: PolicyFields, position: Int, under defaultAction: SeccompProfile.Action
    ) throws(PolicyError) {
        try fields.allow(["names", "name", "action", "errnoRet", "args", "comment", "includes", "excludes"])
        var conditions: [SeccompProfile.Condition] = []
        if !fields.isNull("args") {
            for condition in try fields.objects("args") {
                let read = try SeccompProfile.Condition(condition)
                // runc takes the two for alternatives, libseccomp refuses them.
                guard !conditions.contains(where: { $0.index == read.index }) else {
                    throw condition.error(
                        "index", "is \(read.index) a second time in one rule",
                        remedy: "write a rule each for alternatives, or one comparison that says both")
                }
                conditions.append(read)
            }
        }
        let action = try SeccompProfile.Action(fields, name: "action", errno: "errnoRet")
        if action == .notify {
            guard case .errno = defaultAction else {
                throw fields.error(
                    "action", "is SCMP_ACT_NOTIFY, and the default action has no errno to answer with",
                    remedy: "write SCMP_ACT_ERRNO as defaultAction")
            }
        }
        self.init(position: position, names: try fields.callNames(), action: action, conditions: conditions)
    }
}

extension PolicyFields {
    /// `names`, or the `name` of older profiles.
    fileprivate func callNames() throws(PolicyError) -> [String] {
        guard has("name") else {
            let names = try strings("names")
            guard !names.isEmpty else { throw error("names", "is empty", remedy: "name a call, or remove the rule") }
            return names
        }
        guard !has("names") else { throw error("name", "stands beside names", remedy: "keep names") }
        return [try string("name")]
    }
}

extension SeccompProfile.Condition {
    fileprivate init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["index", "value", "valueTwo", "op"])
        let name = try fields.string("op")
        guard let comparison = SeccompProfile.Comparison(rawValue: name) else {
            throw fields.error("op", "is \(name)", remedy: "write one of SCMP_CMP_NE, LT, LE, EQ, GE, GT, MASKED_EQ")
        }
        let any = UInt64(0)...UInt64.max
        self.init(
            index: UInt32(try fields.number("index", in: 0...5)), comparison: comparison,
            value: try fields.number("value", in: any),
            second: fields.has("valueTwo") ? try fields.number("valueTwo", in: any) : 0)
        guard comparison != .maskedEqual || second & ~value == 0 else {
            throw fields.error(
                "valueTwo", "has bits outside of the mask, so no argument could equal it",
                remedy: "clear them, or add them to value, which is the mask")
        }
    }
}

extension SeccompProfile.Action {
    /// Reads the field `name` as an action, and the field `errno`, which only an errno action may have, as its errno.
    fileprivate init(_ fields: PolicyFields, name: String, errno: String) throws(PolicyError) {
        let action = try fields.string(name)
        if action != "SCMP_ACT_ERRNO", fields.has(errno) {
            throw fields.error(errno, "stands beside \(action), which takes none", remedy: "remove it")
        }
        switch action {
        case "SCMP_ACT_KILL_PROCESS": self = .killProcess
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": self = .killThread
        case "SCMP_ACT_TRAP": self = .trap
        case "SCMP_ACT_LOG": self = .log
        case "SCMP_ACT_NOTIFY": self = .notify
        case "SCMP_ACT_ALLOW": self = .allow
        case "SCMP_ACT_ERRNO":
            // EPERM, as the specification says, when none is given.
            self = .errno(UInt16(fields.has(errno) ? try fields.number(errno, in: 0...4095) : 1))
        case "SCMP_ACT_TRACE":
            throw fields.error(
                name, "is SCMP_ACT_TRACE, and a job has no tracer",
                remedy: "write SCMP_ACT_NOTIFY, which denies a call and puts it on record, or SCMP_ACT_ERRNO")
        default:
            throw fields.error(
                name, "is \(action)",
                remedy: "write SCMP_ACT_ALLOW, ERRNO, NOTIFY, KILL_PROCESS, KILL_THREAD, TRAP or LOG")
        }
    }
}
