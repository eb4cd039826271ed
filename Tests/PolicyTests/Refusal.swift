/// One fault put into the small policy, and what the parser must say to it.
struct Refusal: Sendable, CustomStringConvertible {
    let good: String
    let bad: String
    let path: String
    let problem: String
    /// How the remedy begins.
    let remedy: String

    init(_ good: String, to bad: String, at path: String, _ problem: String, _ remedy: String) {
        self.good = good
        self.bad = bad
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    var description: String { "\(path) \(problem)" }

    static let all = shape + limits + numbers + lent + landlock + seccomp + engine

    private static let shape = [
        Refusal("{\"name\"", to: "{\"nmae\": 1, \"name\"", at: "/nmae", "is unknown", "known here: name, summary"),
        Refusal("\"small\"", to: "\"\"", at: "/name", "is not a string", "write \"name\""),
        Refusal("\"name\": \"small\", ", to: "", at: "/name", "is not a string", "write \"name\""),
        Refusal("\"for tests\"", to: "7", at: "/summary", "is not a string", "write \"summary\""),
        Refusal("\"urn:test:1\"", to: "null", at: "/builder", "is not a string", "write \"builder\""),
        Refusal("\"limits\": {", to: "\"limits\": 1, \"x\": {", at: "/x", "is unknown", "known here: "),
        Refusal(
            "{\"defaultAction\"", to: "{\"x\": 1, \"defaultAction\"", at: "/seccomp/x", "is unknown", "known here: "),
        Refusal(
            "{\"wall_seconds\"", to: "{\"wall_second\": 1, \"wall_seconds\"", at: "/limits/wall_second", "is unknown",
            "known here: wall_seconds"),
    ]

    /// Every limit: missing, of a wrong type, beyond both ends of its range.
    private static let limits = [
        ("wall_seconds", 60, "0", "31536001", "1...31536000"), ("grace_seconds", 1, "-1", "3601", "0...3600"),
        ("memory_bytes", 16_777_216, "16777215", "1125899906842625", "16777216...1125899906842624"),
        ("cpu_millicores", 1000, "9", "1024001", "10...1024000"), ("cpu_weight", 100, "0", "10001", "1...10000"),
        ("io_weight", 100, "0", "10001", "1...10000"), ("processes", 8, "0", "4194305", "1...4194304"),
        ("open_files", 64, "15", "1048577", "16...1048576"),
        ("file_bytes", 4096, "4095", "1125899906842625", "4096...1125899906842624"),
        ("locked_bytes", 0, "-1", "1099511627777", "0...1099511627776"),
        ("output_bytes", 4096, "4095", "1125899906842625", "4096...1125899906842624"),
        ("output_entries", 8, "7", "4294967297", "8...4294967296"),
        ("scratch_bytes", 4096, "4095", "1125899906842625", "4096...1125899906842624"),
        ("scratch_entries", 8, "7", "4294967297", "8...4294967296"),
        ("log_bytes", 1024, "1023", "1073741825", "1024...1073741824"),
        ("report_bytes", 1024, "1023", "16777217", "1024...16777216"),
    ].flatMap { name, value, low, high, range in
        let (good, path, remedy) = ("\"\(name)\": \(value)", "/limits/\(name)", "write a number in \(range)")
        let whole = "is not a whole number"
        return [
            Refusal(good, to: "\"\(name)\": \(low)", at: path, low.hasPrefix("-") ? whole : "is \(low)", remedy),
            Refusal(good, to: "\"\(name)\": \(high)", at: path, "is \(high)", remedy),
            Refusal(good, to: "\"\(name)\": \"\(value)\"", at: path, whole, remedy),
            Refusal(good, to: "\"\(name)\": null", at: path, whole, remedy),
        ]
    }

    private static let numbers = ["1.5", "1e3", "-0", "99999999999999999999", "true"].map {
        Refusal(
            "\"processes\": 8", to: "\"processes\": \($0)", at: "/limits/processes", "is not a whole number",
            "write a number in 1...4194304")
    }

    private static func entry(_ list: String, _ entry: String, at path: String, _ problem: String, _ remedy: String)
        -> Refusal
    {
        Refusal("\"\(list)\": []", to: "\"\(list)\": [\(entry)]", at: "/\(list)/0\(path)", problem, remedy)
    }

    private static let lent = [
        Refusal("\"devices\": [],", to: "", at: "/devices", "is missing", "write [] when there is none"),
        Refusal("\"devices\": []", to: "\"devices\": {}", at: "/devices", "is not a list", "write ["),
        entry("environment", "7", at: "", "is not an object", "write {"),
        entry("environment", #"{"name": "A=B", "value": "1"}"#, at: "/name", "is A=B", "write letters"),
        entry("environment", #"{"name": "A", "value": "a\u0000b"}"#, at: "/value", "holds a NUL", "remove it"),
        entry(
            "environment", #"{"name": "A", "value": "1", "x": 1}"#, at: "/x", "is unknown", "known here: name, value"),
        entry(
            "devices", #"{"path": "/etc/x", "required": true}"#, at: "/path", "is /etc/x", "write a path below /dev/"),
        entry(
            "devices", #"{"path": "/dev/../x", "required": true}"#, at: "/path", "is /dev/../x",
            "write a path below /dev/"),
        entry("devices", #"{"path": "/dev/*/x", "required": true}"#, at: "/path", "is /dev/*/x", "put wildcards"),
        entry("devices", #"{"path": "/dev/x", "required": 1}"#, at: "/required", "is neither true nor false", "write "),
        entry("devices", #"{"path": "/dev/x"}"#, at: "/required", "is neither true nor false", "write \"required\""),
        entry(
            "mounts", #"{"source": "lib", "target": "/mnt/a", "required": true}"#, at: "/source", "is lib",
            "write a path below /"),
        entry(
            "mounts", #"{"source": "/lib", "target": "/out/a", "required": true}"#, at: "/target", "is /out/a",
            "write a path below /mnt/"),
        entry(
            "mounts", #"{"source": "/lib", "target": "/mnt/*", "required": true}"#, at: "/target", "is /mnt/*",
            "put wildcards"),
    ]

    private static let landlock = [
        Refusal("\"landlock\": {", to: "\"landlock\": 1, \"x\": {", at: "/x", "is unknown", "known here: "),
        Refusal(
            "\"minimum_abi\": 1", to: "\"minimum_abi\": 65", at: "/landlock/minimum_abi", "is 65",
            "write a number in 0...64"),
        Refusal(
            "\"path\": \"/\"", to: "\"path\": \"tmp\"", at: "/landlock/rules/0/path", "is tmp", "write a path below /"),
        Refusal(
            "\"allow\": [\"read\"]", to: "\"allow\": [\"raed\"]", at: "/landlock/rules/0/allow", "holds raed",
            "write each once"),
        Refusal(
            "\"allow\": [\"read\"]", to: "\"allow\": [\"read\", \"read\"]", at: "/landlock/rules/0/allow", "holds read",
            "write each once: read, execute, write"),
    ]

    private static let rule = "/seccomp/syscalls/0"
    private static let seccomp = [
        Refusal("[{\"names\"", to: "[7, {\"names\"", at: rule, "is not an object", "write { … }"),
        Refusal("[{\"names\"", to: "7, \"z\": [{\"names\"", at: "/seccomp/z", "is unknown", "known here: "),
        Refusal("{\"names\"", to: "{\"nmaes\": 1, \"names\"", at: "\(rule)/nmaes", "is unknown", "known here: names"),
        Refusal(
            "{\"names\"", to: "{\"name\": \"x\", \"names\"", at: "\(rule)/name", "stands beside names", "keep names"),
        Refusal(
            "\"names\": [\"read\"]", to: "\"names\": \"read\"", at: "\(rule)/names", "is not a list", "write [ \"…\" ]"),
        Refusal(
            "\"names\": [\"read\"]", to: "\"names\": [\"read\", 1]", at: "\(rule)/names/1", "is not a string",
            "write \"…\""),
        Refusal("\"SCMP_ACT_ALLOW\"", to: "\"ALLOW\"", at: "\(rule)/action", "is ALLOW", "write SCMP_ACT_ALLOW"),
        Refusal("\"SCMP_ACT_ALLOW\"", to: "1", at: "\(rule)/action", "is not a string", "write \"action\""),
        Refusal(
            "\"SCMP_ACT_ALLOW\"", to: "\"SCMP_ACT_ALLOW\", \"errnoRet\": 1", at: "\(rule)/errnoRet",
            "stands beside SCMP_ACT_ALLOW, which takes none", "remove it"),
        Refusal(
            "\"SCMP_ACT_ALLOW\"", to: "\"SCMP_ACT_ERRNO\", \"errnoRet\": 4096", at: "\(rule)/errnoRet", "is 4096",
            "write a number in 0...4095"),
        Refusal(
            "\"SCMP_ACT_ERRNO\"", to: "\"SCMP_ACT_KILL_PROCESS\"", at: "/seccomp/defaultErrnoRet",
            "stands beside SCMP_ACT_KILL_PROCESS, which takes none", "remove it"),
        Refusal(
            "\"SCMP_ACT_ERRNO\"", to: "\"KILL\"", at: "/seccomp/defaultErrnoRet",
            "stands beside KILL, which takes none", "remove it"),
        Refusal(
            "\"architectures\": []", to: "\"architectures\": {}", at: "/seccomp/architectures", "is not a list",
            "write ["),
        Refusal("\"SCMP_CMP_EQ\"", to: "\"EQ\"", at: "\(rule)/args/0/op", "is EQ", "write one of SCMP_CMP_NE"),
        Refusal("\"index\": 0", to: "\"index\": 6", at: "\(rule)/args/0/index", "is 6", "write a number in 0...5"),
        Refusal(
            "\"value\": 7", to: "\"value\": -7", at: "\(rule)/args/0/value", "is not a whole number",
            "write a number in 0..."),
        Refusal(
            "\"value\": 7, ", to: "", at: "\(rule)/args/0/value", "is not a whole number", "write a number in 0..."),
        Refusal(
            "\"valueTwo\": 0", to: "\"valueTwo\": null", at: "\(rule)/args/0/valueTwo", "is not a whole number",
            "write a number in 0..."),
        Refusal(
            "{\"index\"", to: "{\"idx\": 0, \"index\"", at: "\(rule)/args/0/idx", "is unknown", "known here: index"),
    ]

    /// What container engines write beside the specification.
    private static let engine = [
        Refusal(
            "\"SCMP_ACT_ALLOW\"", to: "\"SCMP_ACT_TRACE\"", at: "\(rule)/action",
            "is SCMP_ACT_TRACE, and a job has no tracer", "write SCMP_ACT_NOTIFY"),
        Refusal(
            "\"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 1", to: "\"SCMP_ACT_NOTIFY\"", at: "/seccomp/defaultAction",
            "is SCMP_ACT_NOTIFY, whose errno is the default action's", "write SCMP_ACT_ERRNO"),
        Refusal(
            "\"architectures\": []", to: "\"listenerPath\": \"/x\"", at: "/seccomp/listenerPath",
            "names a listener, and the supervisor itself hears what SCMP_ACT_NOTIFY reports", "remove it"),
        Refusal(
            "\"architectures\": []", to: "\"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"]", at: "/seccomp/flags",
            "holds SECCOMP_FILTER_FLAG_LOG", "remove it"),
        Refusal(
            "\"architectures\": []", to: "\"architectures\": [], \"archMap\": []", at: "/seccomp/archMap",
            "stands beside architectures", "keep one"),
        Refusal(
            "\"architectures\": []", to: "\"archMap\": [{\"arch\": \"x\"}]", at: "/seccomp/archMap/0/arch",
            "is unknown",
            "known here: architecture, subArchitectures"),
        Refusal(
            "{\"names\"", to: "{\"includes\": {\"kernel\": 1}, \"names\"", at: "\(rule)/includes/kernel", "is unknown",
            "known here: arches, caps, minKernel"),
        Refusal(
            "{\"names\"", to: "{\"includes\": {\"minKernel\": \"4.8.1\"}, \"names\"", at: "\(rule)/includes/minKernel",
            "is 4.8.1", "write two numbers"),
        Refusal(
            "{\"names\"", to: "{\"excludes\": {\"minKernel\": \"4.8\"}, \"names\"", at: "\(rule)/excludes/minKernel",
            "asks for the kernel's version, which is not known here", "remove it, or read"),
        Refusal("\"names\": [\"read\"]", to: "\"names\": []", at: "\(rule)/names", "is empty", "name a call"),
        Refusal(
            "\"valueTwo\": 0, \"op\": \"SCMP_CMP_EQ\"", to: "\"valueTwo\": 8, \"op\": \"SCMP_CMP_MASKED_EQ\"",
            at: "\(rule)/args/0/valueTwo", "has bits outside of the mask, so no argument could equal it", "clear them"),
        Refusal(
            "\"args\": [", to: "\"args\": [{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_GE\"}, ",
            at: "\(rule)/args/1/index", "is 0 a second time in one rule", "write a rule each"),
    ]
}
