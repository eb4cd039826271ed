import Foundation
import JSON
import Testing

extension EndToEnd {
    /// Evidence of before a rotation, to whoever trusts the key of after it.
    @Suite("a rotated key")
    struct Rotation {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test("leaves old evidence verifiable by the new key, the history and a proof of when it signed")
        func rotates() async throws {
            try await Daemon.own { daemon in
                let old = try await evidence(of: daemon)
                let keys = try await daemon.ask("/v1/keys").document["keys"]?.arrayValue ?? []
                let id = try #require(keys.first { $0["use"] == "documents" }?["key_id"]?.stringValue)
                #expect(try await rotate(daemon).status != 0, "a supervisor that runs would go on with the old key")
                #expect(await daemon.terminate() == 0)
                let rotated = try await rotate(daemon)
                try #require(rotated.status == 0, "\(rotated)")
                let key = folder.path("new.pem")
                try folder.write(rotated.out, as: "new.pem")
                try await daemon.start()

                let served = try await Command.run(
                    "curl", ["-fs", "--unix-socket", daemon.socket, "http://localhost/v1/keys/history"])
                let raw = try await Command.run(
                    Built.aibom, ["keys", "history", "--raw", "--state", daemon.state])
                #expect(raw.status == 0 && served.out == raw.out && !raw.out.isEmpty)
                try folder.write(served.out, as: "history.jsonl")
                let log = try await daemon.aibom("keys", "show", "--log")
                let vkey = try #require(log.text.split(separator: "\n").last.map(String.init), "\(log)")

                let new = try await evidence(of: daemon)
                #expect(try await verify(new, key, []).status == 0)
                let history = ["--key-history", folder.path("history.jsonl")]
                #expect(try await verify(old, key, []).status == 4, "another key")
                #expect(try await verify(old, key, history).status == 4, "nothing proves when it was signed")
                let proved = try await verify(old, key, history + ["--log-key", vkey])
                #expect(proved.status == 0, "\(proved)")
                #expect(try await verify(new, daemon.key, history + ["--log-key", vkey]).status == 0, "and forward")
                try await expectRevocation(of: id, old, new, key, vkey, daemon)
            }
        }

        /// A key that others had since before it signed vouches for nothing of that time.
        private func expectRevocation(
            of id: String, _ old: Folder, _ new: Folder, _ key: String, _ vkey: String, _ daemon: Daemon
        ) async throws {
            #expect(await daemon.terminate() == 0)
            let revoked = try await Command.run(
                Built.aibom,
                [
                    "keys", "revoke", id, "--reason", "stolen", "--since", "2026-01-01T00:00:00.000Z",
                    "--state", daemon.state,
                ])
            try #require(revoked.status == 0, "\(revoked)")
            let raw = try await Command.run(Built.aibom, ["keys", "history", "--raw", "--state", daemon.state])
            try folder.write(raw.out, as: "revoked.jsonl")
            let history = ["--key-history", folder.path("revoked.jsonl"), "--log-key", vkey]
            let verdict = try await verify(old, key, history)
            #expect(verdict.status == 4 && verdict.text.contains("stolen"), "\(verdict)")
            #expect(try await verify(new, key, history).status == 0)
            try await daemon.start()
        }

        private func evidence(of daemon: Daemon) async throws -> Folder {
            let job = try await daemon.train(try Submission.hostile("obey", in: folder))
            try #require(job.result.status == 0, "\(job)")
            return try await daemon.fetch(job.id)
        }

        private func rotate(_ daemon: Daemon) async throws -> Command.Result {
            try await Command.run(Built.aibom, ["keys", "rotate", "--reason", "a test", "--state", daemon.state])
        }

        private func verify(_ evidence: Folder, _ key: String, _ more: [String]) async throws -> Command.Result {
            try await Command.run(Built.aibom, ["verify", evidence.path("artifacts"), "--key", key] + more)
        }
    }
}
