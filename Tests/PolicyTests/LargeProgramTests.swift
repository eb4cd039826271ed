import Policy
import Testing

/// A conditional jump reaches 255 instructions, and the kernel takes 4096.
@Suite("Large programs")
struct LargeProgramTests {
    private static let names = [
        "read", "write", "openat", "close", "fcntl", "ioctl", "socket", "socketpair", "clone", "prctl", "mmap",
        "munmap",
        "personality", "getpid", "futex", "bpf", "execve", "exit_group", "kill", "renameat2", "statx", "rseq",
        "openat2",
        "close_range", "clone3", "faccessat2", "pidfd_getfd", "setns", "mount", "umount2", "keyctl", "ptrace",
        "madvise",
        "brk", "sync", "getuid", "lseek", "pread64", "sendmsg", "recvmsg",
    ]

    /// One rule for each call with six comparisons, each rule another: a block of 25 instructions that no other call shares.
    private static func wide(_ default: String) -> [UInt8] {
        let comparisons = ["NE", "LT", "LE", "EQ", "GE", "GT"]
        let rules = names.enumerated().map { place, name in
            let conditions = (0...5).map { index in
                let value = UInt64(place) << 32 | UInt64(place * 7 + index)
                let comparison = comparisons[(place + index) % 6]
                return "{\"index\": \(index), \"value\": \(value), \"op\": \"SCMP_CMP_\(comparison)\"}"
            }
            let action = place.isMultiple(of: 3) ? "LOG" : "ALLOW"
            return
                "{\"names\": [\"\(name)\"], \"action\": \"SCMP_ACT_\(action)\", \"args\": [\(conditions.joined(separator: ","))]}"
        }
        return Array(
            "{\"defaultAction\": \"SCMP_ACT_\(`default`)\", \"syscalls\": [\(rules.joined(separator: ","))]}".utf8)
    }

    @Test("far targets are reached", arguments: Architecture.allCases, ["ERRNO", "KILL_PROCESS"])
    func far(_ architecture: Architecture, _ action: String) throws {
        let source = Self.wide(action)
        let profile = try SeccompProfile(
            parsing: source, on: PlatformFacts(architecture: architecture, kernel: nil))
        let agreement = try Agreement(source, profile, for: architecture)
        #expect(agreement.ours.count > 900)
        #expect(agreement.difference() == nil)
    }

    @Test("more than the kernel takes is refused")
    func tooLong() throws {
        let rules = Self.names.flatMap { name in
            (UInt64(1)...60).map { value in
                """
                {"names": ["\(name)"], "action": "SCMP_ACT_ALLOW",
                 "args": [{"index": 0, "value": \(value << 32), "op": "SCMP_CMP_GT"}]}
                """
            }
        }
        let text = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [\(rules.joined(separator: ","))]}"
        // Every call has the same rules, and shares their block; the last ones get one of their own each.
        let own = Self.names.enumerated().map { place, name in
            "{\"names\": [\"\(name)\"], \"action\": \"SCMP_ACT_ALLOW\", "
                + "\"args\": [{\"index\": 1, \"value\": \(place), \"op\": \"SCMP_CMP_GT\"}]}"
        }
        let shared = try SeccompProfile(parsing: Array(text.utf8))
        #expect(try FilterMachine(shared.compile().bytes).count < 500)
        let long = text.dropLast(2) + "," + own.joined(separator: ",") + "]}"
        let error = #expect(throws: PolicyError.self) {
            try SeccompProfile(parsing: Array(long.utf8)).compile()
        }
        #expect("\(try #require(error))".contains("instructions, and the kernel takes 4096; write fewer conditions"))
    }
}
