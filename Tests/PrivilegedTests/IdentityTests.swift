import JSON
import Policy
import Testing

@Suite("What a job is", .enabled(if: Privilege.isThere, Privilege.reason))
struct IdentityTests {
    private let job: Identity

    init() throws {
        job = try Identity(
            try Probe.scenario(
                "run",
                ["in.input=\(try Stage.input())", "written.written=x", "env.ONE=1", "env.TWO=2", "signals=ignored"]))
    }

    @Test("one user and one group, none of them root's, and no other group")
    func user() {
        #expect(job["status Uid"] == "1000\t1000\t1000\t1000")
        #expect(job["status Gid"] == "1000\t1000\t1000\t1000")
        #expect(job["groups"] == "0")
    }

    @Test("without a capability in any set", arguments: ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
    func capabilities(_ set: String) { #expect(job["status \(set)"] == "0000000000000000") }

    @Test("can't gain privileges, and is filtered")
    func filtered() {
        #expect(job["status NoNewPrivs"] == "1")
        #expect(job["status Seccomp"] == "2")
    }

    @Test("in namespaces of its own", arguments: ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"])
    func namespace(_ name: String) throws {
        let host = Host.namespace(name)
        try #require(host.hasPrefix("\(name):"))
        let own = try #require(job["ns \(name)"])
        #expect(own.hasPrefix("\(name):"))
        #expect(own != host)
    }

    @Test("first process of its world, of a session of its own, on a host without a name")
    func first() {
        #expect(job["pid"] == "1")
        #expect(job["ppid"] == "0")
        #expect(job["sid"] == "1")
        #expect(job["host"] == "job")
        #expect(job["cwd"] == "/")
        #expect(job["umask"] == "22")
    }

    @Test("the environment is what the caller named, and nothing else")
    func environment() { #expect(job.all("environment") == ["ONE=1", "TWO=2"]) }

    @Test("open are four descriptors: nothing to read, three pipes to write")
    func descriptors() {
        #expect(job.keys("fd") == ["fd 0", "fd 1", "fd 2", "fd 3"])
        #expect(job["fd 0"] == "device 0")
        for number in 1...3 { #expect(job["fd \(number)"] == "pipe 1") }
    }

    @Test("no signal is blocked or ignored, though its launcher ignored all")
    func signals() {
        #expect(job["status SigBlk"] == "0000000000000000")
        #expect(job["status SigIgn"] == "0000000000000000")
        #expect(job["status SigCgt"] == "0000000000000000")
    }

    @Test("bounded as its policy says, hard and soft")
    func limits() throws {
        let bounds = [1: "4294967296", 4: "1", 6: "1024", 7: "1024", 8: "65536", 11: "1024", 12: "0", 13: "0", 14: "0"]
        for (number, bound) in bounds { #expect(job["rlimit \(number)"] == "\(bound) \(bound)") }
    }

    @Test("/proc shows its own process and nothing of the kernel")
    func processes() { #expect(job["folder /proc"] == "1 self thread-self ") }

    @Test("/dev has five devices, five links, and no more; none is its own")
    func devices() {
        #expect(job["folder /dev"] == "fd full null random shm stderr stdin stdout urandom zero ")
        let numbers = ["null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9]
        for (name, minor) in numbers { #expect(job["entry /dev/\(name)"] == "20666 65534 65534 1:\(minor)") }
        for name in ["fd", "stdin", "shm"] { #expect(job["entry /dev/\(name)"] == "120777 65534 65534 0:0") }
    }

    @Test("mounts: every one nosuid, only /out, /tmp and the processes of /proc writable, none with devices but /dev")
    func mounts() throws {
        let mounts = job.keys("mount").map { String($0.dropFirst("mount ".count)) }
        #expect(mounts == ["/", "/dev", "/in", "/in/input", "/out", "/proc", "/proc/cpuinfo", "/tmp"])
        for place in mounts {
            let options = try #require(job["mount \(place)"]).split(separator: " ").last?.split(separator: ",") ?? []
            #expect(job.all("mount \(place)").count == 1)
            #expect(options.contains("nosuid"))
            #expect(options.contains("nodev") == (place != "/dev"))
            #expect(options.contains("noexec") == (place != "/"))
            #expect(options.contains("ro") == !["/out", "/proc", "/tmp"].contains(place))
        }
    }

    @Test("owns /out and /tmp, which nobody else can enter, and nothing else")
    func owned() {
        for place in ["/out", "/tmp"] { #expect(job["entry \(place)"] == "40700 1000 1000 0:0") }
        for place in ["/", "/in", "/dev", "/in/input", "/in/written"] {
            #expect(job["entry \(place)"]?.contains(" 65534 65534 ") == true)
        }
        #expect(job["entry /in/written"] == "100444 65534 65534 0:0")
    }
}

@Suite("What the host sees of a job", .enabled(if: Privilege.isThere, Privilege.reason))
struct HostViewTests {
    @Test("two jobs at a time have different uids of the range, and neither is an account's")
    func users() throws {
        let jobs = try [0, 1].map { _ in try RunningProbe(program: ["/bin/hostile", "linger"]) }
        let users = try jobs.map { job in
            let ids = Host.users(of: try #require(job.members.first))
            #expect(ids.count == 4 && Set(ids).count == 1)
            return try #require(ids.first)
        }
        for user in users { #expect((2_000_000_000..<2_000_065_536).contains(user)) }
        #expect(users[0] != users[1])
    }

    @Test("a setuid program of the rootfs gives nothing")
    func setuid() throws {
        let job = try Identity(
            try Probe.scenario("run", program: ["/bin/hostile", "run", "/bin/setuid", "identity"]))
        #expect(job["exe"] == "/bin/setuid")
        #expect(job["status Uid"] == "1000\t1000\t1000\t1000")
        #expect(job["status Gid"] == "1000\t1000\t1000\t1000")
        #expect(job["status CapEff"] == "0000000000000000")
    }

    @Test("what a job leaves is never root's, its set-id bits are seen, and its report arrives")
    func outputs() throws {
        let document = try Probe.scenario("run", program: ["/bin/hostile", "leave-outputs"])
        #expect(document["outcome"]?["status"] == "exited 0")
        #expect(document["report"] == "{\"a\":1}")
        let files = try #require(document["collected"]?["files"]?.arrayValue)
        #expect(files.count == 3)
        for file in files {
            let owner = try #require(file["owner"]?.integerValue)
            #expect((2_000_000_000..<2_000_065_536).contains(owner))
            #expect(file["group"]?.integerValue == owner)
        }
        let names = files.compactMap { $0["path"]?.stringValue }
        #expect(names.contains("666f6c6465722ffffe"), "names are bytes")
        #expect(files.contains { $0["mode"]?.integerValue == 0o6777 })
    }
}
