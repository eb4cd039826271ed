extension SeccompProfile {
    /// Reads `linux.seccomp` of the OCI runtime specification.
    init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["defaultAction", "defaultErrnoRet", "architectures", "syscalls"])
        var rules: [Rule] = []
        for rule in try fields.objects("syscalls") { rules.append(try Rule(rule)) }
        self.init(
            defaultAction: try Action(fields, name: "defaultAction", errno: "defaultErrnoRet"),
            architectures: fields.has("architectures") ? try fields.strings("architectures") : [],
            rules: rules)
    }
}

extension SeccompProfile.Rule {
    fileprivate init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["names", "action", "errnoRet", "args"])
        var conditions: [SeccompProfile.Condition] = []
        for condition in try fields.objects("args") { conditions.append(try SeccompProfile.Condition(condition)) }
        self.init(
            names: try fields.strings("names"),
            action: try SeccompProfile.Action(fields, name: "action", errno: "errnoRet"), conditions: conditions)
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
        default:
            throw fields.error(
                name, "is \(action)",
                remedy: "write SCMP_ACT_ALLOW, ERRNO, NOTIFY, KILL_PROCESS, KILL_THREAD, TRAP or LOG")
        }
    }
}
