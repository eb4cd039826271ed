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

    static let all = shape + limits + numbers + seccomp

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
        ("processes", 8, "0", "4194305", "1...4194304"), ("open_files", 64, "15", "1048577", "16...1048576"),
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

    private static let rule = "/seccomp/syscalls/0"
    private static let seccomp = [
        Refusal("[{\"names\"", to: "[7, {\"names\"", at: rule, "is not an object", "write { … }"),
        Refusal("[{\"names\"", to: "7, \"z\": [{\"names\"", at: "/seccomp/z", "is unknown", "known here: "),
        Refusal("{\"names\"", to: "{\"name\": 1, \"names\"", at: "\(rule)/name", "is unknown", "known here: names"),
        Refusal("[\"read\"]", to: "\"read\"", at: "\(rule)/names", "is not a list", "write [ \"…\" ]"),
        Refusal("[\"read\"]", to: "[\"read\", 1]", at: "\(rule)/names/1", "is not a string", "write \"…\""),
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
}
