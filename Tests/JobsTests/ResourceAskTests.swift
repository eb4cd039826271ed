import JSON
import Jobs
import Testing

@Suite("what a job asks for")
struct ResourceAskTests {
    private let strict = ResourceLimits(
        policy: "strict", cpuMillicores: 64_000, memoryBytes: 8 << 30, lendsGPUs: false)
    private let gpu = ResourceLimits(policy: "gpu", cpuMillicores: 64_000, memoryBytes: 64 << 30, lendsGPUs: true)
    private let host = Resources(cpuMillicores: 4000, memoryBytes: 16 << 30, gpus: 2)

    @Test("is the usual when nothing is asked, and never more than policy and host have")
    func usual() throws {
        #expect(try ResourceAsk().resolved(within: strict, capacity: host) == ResourceAsk.usual)
        let small = Resources(cpuMillicores: 500, memoryBytes: 1 << 30)
        #expect(try ResourceAsk().resolved(within: strict, capacity: small) == small)
        #expect(try ResourceAsk().resolved(within: gpu, capacity: host).gpus == 1)
    }

    @Test("is what was asked, up to the last byte that there is")
    func asked() throws {
        let ask = ResourceAsk(cpuMillicores: 4000, memoryBytes: 8 << 30)
        #expect(
            try ask.resolved(within: strict, capacity: host) == Resources(cpuMillicores: 4000, memoryBytes: 8 << 30))
    }

    static let refused: [(ResourceAsk, String, String, JSON, Bool)] = [
        (ResourceAsk(cpuMillicores: 9), "cpu_millicores", "less than a job can run with", 10, false),
        (ResourceAsk(cpuMillicores: 4001), "cpu_millicores", "more than this host has", 4000, false),
        (ResourceAsk(cpuMillicores: 64_001), "cpu_millicores", "more than policy strict allows", 64_000, false),
        (ResourceAsk(memoryBytes: 1), "memory_bytes", "less than a job can run with", 67_108_864, false),
        (ResourceAsk(memoryBytes: 8 << 30 | 1), "memory_bytes", "more than policy strict allows", 8_589_934_592, false),
        (ResourceAsk(memoryBytes: .max), "memory_bytes", "more than policy strict allows", 8_589_934_592, false),
        (ResourceAsk(memoryBytes: 17 << 30), "memory_bytes", "more than this host has", 17_179_869_184, true),
        (ResourceAsk(gpus: 1), "gpus", "more than policy strict lends", 0, false),
        (ResourceAsk(gpus: 0), "gpus", "for training on a GPU", 1, true),
        (ResourceAsk(gpus: 3), "gpus", "more than this host has", 2, true),
    ]

    @Test("is refused with field, limit and remedy when it can't be had", arguments: refused)
    func refuses(ask: ResourceAsk, field: String, reason: String, limit: JSON, onGPU: Bool) {
        do {
            _ = try ask.resolved(within: onGPU ? gpu : strict, capacity: host)
            Issue.record("\(ask) was granted")
        } catch {
            #expect(error.field == "resources.\(field)")
            #expect(error.reason.contains(reason))
            #expect(error.limit == limit)
            #expect(!error.remedy.isEmpty)
        }
    }

    @Test(
        "is refused when it does not read",
        arguments: [
            #"7"#, #"[]"#, #"{"cpu":1}"#, #"{"gpus":-1}"#, #"{"gpus":1.5}"#, #"{"gpus":"1"}"#,
            #"{"memory_bytes":99999999999999999999}"#, #"{"cpu_millicores":true}"#,
        ])
    func unreadable(text: String) throws {
        let json = try JSON.parse(Array(text.utf8), limits: .document)
        #expect(throws: Violation.self) { try ResourceAsk(json: json) }
    }

    @Test("reads back as it was written; what was left out stays out")
    func roundTrip() throws {
        for ask in [ResourceAsk(), ResourceAsk(gpus: 0), ResourceAsk(cpuMillicores: 1, memoryBytes: 2, gpus: 3)] {
            #expect(try ResourceAsk(json: ask.json) == ask)
        }
        #expect(ResourceAsk(gpus: 0).json == ["gpus": 0])
        #expect(try ResourceAsk(json: ["gpus": .null]) == ResourceAsk())
    }

    @Test("adds up and is taken away without a wrap")
    func sums() {
        let most = Resources(cpuMillicores: .max, memoryBytes: .max, gpus: .max)
        #expect(most + host == most)
        #expect(host - most == Resources())
        #expect(host + host - host == host)
        #expect(Resources(json: host.json) == host)
        #expect(!Resources(gpus: 1).fits(in: Resources(cpuMillicores: 9, memoryBytes: 9)))
    }
}

@Suite("how a job is queued")
struct JobPriorityTests {
    private func request(_ more: String) throws -> JobRequest {
        try JobRequest(
            json: JSON.parse(
                Array(#"{"rootfs":"keras","policy":"strict","inputs":{}\#(more)}"#.utf8), limits: .document))
    }

    @Test("is usual unless the request says otherwise, and an old request keeps its digest")
    func standard() throws {
        let plain = try request("")
        #expect(plain.priority == 5 && plain.maxAttempts == 3 && plain.resources == ResourceAsk())
        #expect(try request(#","priority":5,"max_attempts":3,"resources":{}"#).digest == plain.digest)
        #expect(plain.json["priority"] == nil && plain.json["resources"] == nil)
        for other in [#","priority":4"#, #","max_attempts":1"#, #","resources":{"gpus":0}"#] {
            let read = try request(other)
            #expect(read.digest != plain.digest)
            #expect(try JobRequest(json: read.json) == read)
        }
    }

    @Test(
        "is refused out of its range",
        arguments: [
            (#","priority":10"#, "priority"), (#","priority":-1"#, "priority"), (#","priority":"5""#, "priority"),
            (#","max_attempts":0"#, "max_attempts"), (#","max_attempts":4"#, "max_attempts"),
            (#","max_attempts":1.5"#, "max_attempts"), (#","resources":[]"#, "resources"),
        ])
    func refuses(more: String, field: String) throws {
        do {
            _ = try request(more)
            Issue.record("\(more) was taken")
        } catch let violation as Violation {
            #expect(violation.field == field)
            #expect(!violation.remedy.isEmpty)
        }
    }

    @Test("above the usual is for operators")
    func operators() throws {
        for priority in 0...9 {
            let read = try request(#","priority":\#(priority)"#)
            try read.checkPriority(isOperator: true)
            guard priority > 5 else { try read.checkPriority(isOperator: false); continue }
            #expect(throws: Violation.self) { try read.checkPriority(isOperator: false) }
        }
    }
}
