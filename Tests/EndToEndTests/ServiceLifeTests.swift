import Foundation
import JSON
import ManagerTesting
import Testing

extension EndToEnd {
    /// How aibomd lives as a service: what it tells its manager, what signals do, what it makes of its settings.
    @Suite("the service")
    struct ServiceLife {
        @Test("runs a job with the unit's capabilities and no others, and tells its manager how it is")
        func underItsUnit() async throws {
            let folder = try Folder()
            let unit = try Unit("aibomd.service")
            let manager = try FakeServiceManager()
            try await Daemon.own(
                by: ["setpriv", "--bounding-set", unit.boundingSet, "--inh-caps", "-all", "--no-new-privs"],
                environment: ["NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "400000"]
            ) { daemon in
                #expect(manager.next() == ["READY=1", "STATUS=serving on \(daemon.socket)"])
                for _ in 0..<3 { #expect(manager.next() == ["WATCHDOG=1"]) }
                // No child speaks for the service.
                let pid = try #require(await daemon.pid)
                for child in Host.descendants(of: pid) {
                    let environment = (try? Data(contentsOf: URL(filePath: "/proc/\(child.pid)/environ"))) ?? Data()
                    #expect(!String(decoding: environment, as: UTF8.self).contains("NOTIFY_SOCKET"))
                }
                let job = try await daemon.train(try Submission.hostile("obey", in: folder))
                #expect(job.result.status == 0, "\(job)\n\(daemon.log)")
                #expect(!daemon.log.contains(" warning "), "\(daemon.log)")

                #expect(await daemon.terminate() == 0)
                var last: [String] = []
                while let message = manager.nextNow() { if message != ["WATCHDOG=1"] { last = message } }
                #expect(last.first == "STOPPING=1")
                #expect(last.last == "EXTEND_TIMEOUT_USEC=25000000")
            }
        }

        @Test("is found sound by the doctor, with its version and its key")
        func doctor() async throws {
            let daemon = try EndToEnd.daemon
            let places = ["state=\(daemon.state)", "socket=\(daemon.socket)", "rootfs=\(daemon.cache)"]
            let found = try await Command.run(
                Built.aibom, ["doctor", "--json"] + places.flatMap { ["--set", $0] })
            #expect(found.status == 0, "\(found)")
            let findings = try found.json["findings"]?.arrayValue ?? []
            for name in ["service", "version", "key", "job store", "state layout", "rootfs hostile"] {
                #expect(findings.contains { $0["name"] == .string(name) && $0["status"] == "ok" }, "\(name): \(found)")
            }
        }

        @Test("does not mind a SIGHUP, and says so")
        func hangUp() async throws {
            try await Daemon.own { daemon in
                await daemon.signal(SIGHUP)
                let isSaid = try await eventually(within: .seconds(5)) {
                    daemon.log.contains("SIGHUP does nothing here")
                }
                #expect(isSaid, "\(daemon.log)")
                #expect(try await daemon.ask("/healthz").status == 200)
            }
        }

        @Test("asked twice to stop does not wait for who holds a connection")
        func twice() async throws {
            try await Daemon.own(["--set", "stop.patience_seconds=120"]) { daemon in
                let client = try await daemon.stuckUpload()
                let clock = ContinuousClock()
                let start = clock.now
                await daemon.signal(SIGTERM)
                try await Task.sleep(for: .milliseconds(300))
                #expect(await daemon.terminate() == 0)
                #expect(clock.now - start < .seconds(20), "\(daemon.log)")
                #expect(try await client.value.status == 0)
            }
        }

        @Test("with stop.mode finish brings running jobs to their end and begins no other")
        func finishes() async throws {
            let folder = try Folder()
            try await Daemon.own(["--set", "stop.mode=finish", "--set", "stop.patience_seconds=60"]) { daemon in
                let whole = ["--cpus", "\(Host.millicores)m"]
                let running = try await daemon.submit(try Submission.hostile("slow", in: folder), whole)
                _ = try await daemon.job(running.id, in: "running")
                let waiting = try await daemon.submit(try Submission.hostile("patient", in: folder), whole)
                #expect(await daemon.terminate() == 0)
                #expect(daemon.log.contains("stopping jobs=finish patience_seconds=60"), "\(daemon.log)")
                try await daemon.start()
                let job = try await daemon.job(running.id)
                #expect(job["state"] == "completed" && job["attempt"] == 1, "\(job)")
                // It begins now: had it begun before, it would have been put back and say when it was staged.
                let next = try await daemon.job(waiting.id, in: "running")
                #expect(next["attempt"] == 1, "\(next)")
                let states = try await daemon.states(of: waiting.id)
                #expect(states == ["received", "queued", "staging", "running"])
            }
        }

        @Test("with stop.mode finish puts back what does not end within the patience")
        func losesPatience() async throws {
            let folder = try Folder()
            try await Daemon.own(["--set", "stop.mode=finish", "--set", "stop.patience_seconds=1"]) { daemon in
                let running = try await daemon.submit(try Submission.hostile("patient", in: folder))
                _ = try await daemon.job(running.id, in: "running")
                let remains = Host.descendants(of: try #require(await daemon.pid))
                #expect(await daemon.terminate() == 0)
                #expect(try await eventually(within: .seconds(1)) { Host.living(remains).isEmpty })
                try await daemon.start()
                let job = try await daemon.job(running.id, in: "running")
                #expect(job["attempt"] == 1, "an orderly stop is no failed attempt")
                let states = try await daemon.states(of: running.id)
                #expect(states == ["received", "queued", "staging", "running", "queued", "staging", "running"])
            }
        }

        @Test("that finishes jobs does not go on when it is asked a second time, and loses none")
        func hurries() async throws {
            let folder = try Folder()
            try await Daemon.own(["--set", "stop.mode=finish", "--set", "stop.patience_seconds=600"]) { daemon in
                let running = try await daemon.submit(try Submission.hostile("patient", in: folder))
                _ = try await daemon.job(running.id, in: "running")
                let clock = ContinuousClock()
                let start = clock.now
                await daemon.signal(SIGTERM)
                try await Task.sleep(for: .milliseconds(500))
                #expect(await daemon.terminate() == 0)
                #expect(clock.now - start < .seconds(20), "\(daemon.log)")
                try await daemon.start()
                let job = try await daemon.job(running.id, in: "running")
                #expect(job["attempt"] == 1, "an orderly stop is no failed attempt")
            }
        }

        @Test("logs JSON when it is told to, every line of it")
        func jsonLog() async throws {
            try await Daemon.own(environment: ["AIBOM_LOG_FORMAT": "json", "AIBOM_LOG_LEVEL": "debug"]) { daemon in
                _ = try await daemon.ask("/v1/jobs/x%0aforged")
                #expect(await daemon.terminate() == 0)
                let lines = daemon.log.split(separator: "\n")
                #expect(lines.count > 3)
                for line in lines {
                    let json = try? JSON.parse(Array(line.utf8), limits: .document)
                    #expect(json?["time"]?.stringValue != nil && json?["message"]?.stringValue != nil, "\(line)")
                }
            }
        }

        @Test("does not start with a mistake in its settings, says all of them, and has touched nothing")
        func mistakes() async throws {
            let folder = try Folder()
            let config = try folder.write(
                "{\n\"stat\": \"/x\",\n\"log\": {\"level\": \"loud\"}}", as: "config.json")
            let run = try await Command.run(
                Built.aibomd, ["--config", config, "--set", "state=\(folder.path("state"))", "--socket", "s\u{1b}"])
            #expect(run.status == 2)
            let lines = run.err.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines.first == "aibomd: \(config):2: error: stat is not known; did you mean state?")
            #expect(
                lines.dropFirst().first?.hasPrefix("aibomd: \(config):3: error: log.level is \"loud\"; use one of")
                    == true)
            #expect(lines.last?.hasPrefix("aibomd: --socket: error: socket is ") == true)
            #expect(!run.err.contains("\u{1b}"))
            #expect(!FileManager.default.fileExists(atPath: folder.path("state")))
        }

        @Test("does not start for a user that this host does not know")
        func unknownUser() async throws {
            let folder = try Folder()
            let run = try await Command.run(
                Built.aibomd,
                ["--state", folder.path("state"), "--socket", folder.path("s"), "--set", "gateway.user=no-such-user"])
            #expect(run.status != 0)
            #expect(run.err.contains("gateway.user: this host has no user no-such-user; make it"), "\(run)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("state")))
        }
    }
}

/// What a unit of ours says.
struct Unit {
    let path: String
    private let lines: [Substring]

    init(_ name: String) throws {
        path =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../packaging/systemd/\(name)").standardized.path
        lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    }

    func values(of key: String) -> [String] {
        lines.filter { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    /// As setpriv(1) takes it.
    var boundingSet: String {
        let names = values(of: "CapabilityBoundingSet").flatMap { $0.split(separator: " ") }
        return (["-all"] + names.map { "+\($0.dropFirst(4).lowercased())" }).joined(separator: ",")
    }
}
