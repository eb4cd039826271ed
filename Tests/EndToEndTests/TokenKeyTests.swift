import Foundation
import JSON
import KeyTesting
import PythonTesting
import Testing

extension EndToEnd {
    /// A key that the service has only a name for.
    @Suite("a key in a token")
    struct TokenKeys {
        /// Of nobody on this machine: whom the signer becomes.
        private static let owner: UInt32 = 61_007

        let folder: Folder

        init() throws { folder = try Folder() }

        @Test("seals a job; with the token gone a job waits unsealed, and is sealed when the token is back")
        func sealed() async throws {
            let token = try await waiting {
                let token = try SoftToken(owner: Self.owner)
                try token.generate("EC:prime256v1", "documents")
                return token
            }
            let arguments = ["--set", "key=\(token.reference("documents"))"]
            try await Daemon.own(arguments) { daemon in
                try await expectEvidence(of: try await train(on: daemon), daemon)

                try token.unplug()
                let submitted = try await daemon.submit(try Submission.hostile("obey", in: folder))
                try #require(submitted.result.status == 0, "\(submitted)")
                let said = try await eventually(within: .seconds(30)) {
                    daemon.log.contains("the token does not sign; is it there still, and its PIN right?")
                }
                try #require(said, "\(daemon.log)")
                // Nothing else signed for it, and nothing of it is to be had.
                #expect(try await daemon.job(submitted.id)["state"] == "sealing")
                let fetched = try await daemon.aibom("fetch", submitted.id, "--out", folder.path("early"))
                #expect(fetched.status != 0, "\(fetched)")
                #expect(try await daemon.ask("/readyz").status == 200)

                #expect(await daemon.terminate() == 0)
                try token.plug()
                try await daemon.start(arguments)
                let job = try await daemon.job(submitted.id, in: "completed", "failed")
                #expect(job["state"] == "completed", "\(daemon.log)")
                try await expectEvidence(of: submitted.id, daemon)
            }
        }

        @Test("is no start when the token is not there")
        func missing() async throws {
            let token = try await waiting { try SoftToken() }
            let daemon = try await Daemon(cache: try #require(EndToEnd.cache).path)
            try await daemon.launch(["--set", "key=\(token.reference("documents"))"])
            #expect(await daemon.died(within: .seconds(20)) == 1)
            #expect(daemon.log.contains("there is no such key"), "\(daemon.log)")
        }

        private func train(on daemon: Daemon) async throws -> String {
            let job = try await daemon.train(try Submission.hostile("obey", in: folder))
            try #require(job.result.status == 0, "\(job)\n\(daemon.log)")
            return job.id
        }

        /// By the token's key, and not by the one that lies in the state folder.
        private func expectEvidence(of id: String, _ daemon: Daemon) async throws {
            let shown = try await daemon.aibom("keys", "show")
            let key = try folder.write(shown.out, as: "token.pem")
            #expect(shown.out != (try daemon.home.read("key.pem")))
            let fetched = try await daemon.fetch(id)
            let evidence = fetched.path("artifacts")
            #expect(files(below: evidence) == EvidenceNames.completed.sorted())
            #expect(try await daemon.aibom("verify", evidence, "--key", key).status == 0)
            #expect(try await daemon.verify(evidence).status == 4)
            let checked = try await Command.run(
                "openssl",
                [
                    "dgst", "-sha256", "-verify", key, "-signature", "\(evidence)/aibom.sig", "\(evidence)/aibom.json",
                ])
            #expect(checked.status == 0, "\(checked)")
        }
    }
}
