import Foundation
import JSON
import Testing

@Suite("/proc of a job", .enabled(if: Privilege.isThere, Privilege.reason))
struct ProcTests {
    /// Whatever this kernel has there, also what no list of ours knows.
    @Test("has none of the kernel's names but cpuinfo, listed or not, before and after it was asked for them")
    func names() throws {
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) == nil }
        let names = all.filter { !["self", "thread-self"].contains($0) }
        try #require(Set(names).isSuperset(of: ["cpuinfo", "meminfo", "stat", "sys", "net", "mounts", "kallsyms"]))
        let paths = names.map { "/proc/\($0)" }
        let answers = try Probe.look(try Policies.strict(), paths + ["/proc/sys/kernel/core_pattern"])
        #expect(answers.count == paths.count + 1)
        for (path, answer) in answers where path != "/proc/cpuinfo" {
            #expect(answer == ["ENOENT", "ENOENT", ""], "\(path)")
        }
        #expect(answers["/proc/cpuinfo"]?.prefix(2) == ["done", "EACCES"])
    }

    @Test("tells of the processors what the host's tells, but for the clock of the moment")
    func processors() throws {
        let document = try Probe.scenario("run", program: ["/bin/hostile", "print", "/proc/cpuinfo"])
        func lasting(_ text: String) -> [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("cpu MHz") }
        }
        let told = lasting(try #require(document["output"]?.stringValue, "\(document)"))
        #expect(told.count > 5)
        #expect(told == lasting(try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)))
    }

    @Test("is the kernel's own file system, and the one file a read-only mount of a copy")
    func mounts() throws {
        let job = try Identity(try Probe.scenario("run"))
        #expect(job["mount /proc"]?.hasPrefix("proc rw,nosuid,nodev,noexec") == true)
        #expect(job["mount /proc/cpuinfo"]?.hasPrefix("tmpfs ro,nosuid,nodev,noexec") == true)
    }
}
