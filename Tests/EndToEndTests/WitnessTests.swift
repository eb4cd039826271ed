import Foundation
import JSON
import Testing

extension EndToEnd {
    /// Two nodes, each in a network namespace of its own, that vouch for each other's logs.
    @Suite("two nodes")
    struct Witnesses {
        let folder: Folder

        init() throws { folder = try Folder() }

        /// A daemon and its gateway, and what others need to know of them.
        private struct Node {
            let daemon: Daemon
            let address: String
            let enter: [String]
            var gateway: Spawned?

            var url: String { "http://\(address):8000/v1/witness" }

            func aibom(_ arguments: [String]) async throws -> Command.Result {
                try await Command.run(
                    enter[0], Array(enter.dropFirst()) + [Built.aibom] + arguments,
                    environment: Command.path.merging(["AIBOM_SOCKET": daemon.socket]) { $1 })
            }
        }

        @Test("witness each other: a seal's proof then needs both their words")
        func eachOther() async throws {
            let names = ["aibom-e2e-\(folder.path.suffix(4))a", "aibom-e2e-\(folder.path.suffix(4))b"]
            try await Self.join(names)
            let result: Result<Void, any Error>
            do {
                try await Daemon.own(by: Self.enter(names[0])) { one in
                    try await Daemon.own(by: Self.enter(names[1])) { other in
                        try await run([one, other], names)
                    }
                }
                result = .success(())
            } catch { result = .failure(error) }
            for name in names { _ = try await Command.run("ip", ["netns", "delete", name]) }
            try result.get()
        }

        private func run(_ daemons: [Daemon], _ names: [String]) async throws {
            var nodes: [Node] = []
            for (index, daemon) in daemons.enumerated() {
                nodes.append(Node(daemon: daemon, address: "10.213.7.\(index + 1)", enter: Self.enter(names[index])))
            }
            let logs = [try await daemons[0].logKey(), try await daemons[1].logKey()]
            // Each watches the other's log, and answers on its own address.
            for index in nodes.indices {
                let watched = try folder.write("log \(logs[1 - index])\nquorum none\n", as: "watched\(index)")
                await nodes[index].daemon.terminate()
                try await nodes[index].daemon.start(
                    ["--set", "audit.watched_logs=\(watched)", "--set", "gateway.user=65532"], by: nodes[index].enter)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o711], ofItemAtPath: nodes[index].daemon.home.path)
                nodes[index].gateway = try Spawned(
                    nodes[index].enter[0],
                    Array(nodes[index].enter.dropFirst()) + [
                        "\(Built.folder)/aibom-gateway", "--socket", nodes[index].daemon.socket, "--listen",
                        "\(nodes[index].address):8000", "--set", "gateway.plaintext=true", "--set",
                        "gateway.user=65532",
                    ], environment: Command.path, out: folder.path("gateway\(index)"),
                    err: folder.path("gateway\(index)"))
            }
            let ended: Result<Void, any Error>
            do {
                try await vouch(nodes, logs)
                ended = .success(())
            } catch { ended = .failure(error) }
            for node in nodes {
                node.gateway?.signal(SIGTERM)
                _ = await node.gateway?.status
            }
            try ended.get()
        }

        private func vouch(_ nodes: [Node], _ logs: [String]) async throws {
            var policies: [String] = []
            for (index, node) in nodes.enumerated() {
                let other = nodes[1 - index]
                let reached = try await eventually(within: .seconds(20)) {
                    try await Command.run(
                        node.enter[0],
                        Array(node.enter.dropFirst()) + [
                            "curl", "-fs", "-m", "5", "http://\(other.address):8000/healthz",
                        ]
                    ).status == 0
                }
                try #require(
                    reached,
                    "\((try? folder.read("gateway\(1 - index)")).map { String(decoding: $0, as: UTF8.self) } ?? "")")
                let key = try #require(try await other.daemon.witnessKey())
                policies.append(
                    try folder.write(
                        "log \(logs[index])\nwitness other \(key) \(other.url)\nquorum other\n", as: "policy\(index)"))
            }
            for (index, node) in nodes.enumerated() {
                let copy = folder.path("copy\(index)")
                let cosign = ["audit", "cosign", "--json", "--copy", copy, "--log-policy", policies[index]]
                let first = try await node.aibom(cosign)
                #expect(first.status == 0, "\(first)")
                let trained = try await node.daemon.train(try Submission.hostile("obey", in: folder))
                try #require(trained.result.status == 0, "\(trained)\n\(node.daemon.log)")
                let grown = try await node.aibom(cosign)
                #expect(grown.status == 0, "\(grown)")
                let (before, after) = (try first.json, try grown.json)
                #expect(before["accepted"] == true && after["accepted"] == true)
                #expect((before["size"]?.integerValue ?? 0) < (after["size"]?.integerValue ?? 0))

                // The bundle's own proof has the node's word only; one under the cosigned checkpoint has both.
                let fetched = try await node.daemon.fetch(trained.id)
                let verify = [
                    "verify", fetched.path("artifacts"), "--key", node.daemon.key, "--log-policy", policies[index],
                ]
                #expect(try await node.aibom(verify).status == 4)
                let proof = try await node.aibom(
                    ["audit", "prove", trained.id, "--copy", copy, "--cosigned", "--log-policy", policies[index]])
                try #require(proof.status == 0, "\(proof)")
                try fetched.write(proof.out, as: "artifacts/aibom.tlog-proof")
                let verdict = try await node.aibom(verify)
                #expect(verdict.status == 0, "\(verdict)")
            }
        }

        /// Stays in the host's mount namespace, unlike `ip netns exec`, which puts another /sys in its place.
        private static func enter(_ name: String) -> [String] { ["nsenter", "--net=/run/netns/\(name)"] }

        private static func join(_ names: [String]) async throws {
            for name in names { try await ip("netns", "add", name) }
            try await ip(
                "link", "add", "veth0", "netns", names[0], "type", "veth", "peer", "name", "veth0", "netns", names[1])
            for (index, name) in names.enumerated() {
                try await ip("-n", name, "address", "add", "10.213.7.\(index + 1)/24", "dev", "veth0")
                try await ip("-n", name, "link", "set", "veth0", "up")
                try await ip("-n", name, "link", "set", "lo", "up")
            }
        }

        private static func ip(_ arguments: String...) async throws {
            let run = try await Command.run("ip", arguments)
            try #require(run.status == 0, "ip \(arguments): \(run)")
        }
    }
}

extension Daemon {
    fileprivate nonisolated func witnessKey() async throws -> String? {
        let keys = try await ask("/v1/keys").document["keys"]?.arrayValue ?? []
        return keys.first { $0["use"] == "witness" }?["vkey"]?.stringValue
    }
}
