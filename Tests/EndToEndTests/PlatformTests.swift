import Foundation
import JSON
import KeyTesting
import PythonTesting
import Testing

extension EndToEnd {
    /// What the supervisor and its machine are, from the start on to whoever verifies a job.
    @Suite("the platform")
    struct Platform {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test("is quoted by a TPM for each job, and an authority's word on the TPM decides")
        func quoted() async throws {
            let tpm = try await waiting { try SoftwareTPM() }
            let settings = ["tpm.device=\(tpm.socket)", "tpm.certificates=\(tpm.file("ak.crt"))"]
            let arguments = settings.flatMap { ["--set", $0] }
            try await Daemon.own(arguments) { daemon in
                try await expectQuote(starts: 1, on: daemon, tpm)
                // The register keeps the first start, and the list explains it.
                #expect(await daemon.terminate() == 0)
                try await daemon.start(arguments)
                try await expectQuote(starts: 2, on: daemon, tpm)
            }
        }

        private func expectQuote(starts: Int, on daemon: Daemon, _ tpm: SoftwareTPM) async throws {
            let job = try await daemon.train(try Submission.hostile("obey", in: folder))
            try #require(job.result.status == 0, "\(job)")
            let fetched = try await daemon.fetch(job.id)
            let evidence = fetched.path("artifacts")
            #expect(files(below: evidence) == (EvidenceNames.completed + ["platform.quote.json"]).sorted())
            let quote = try JSON.parse(Array(fetched.read("artifacts/platform.quote.json")), limits: .document)
            #expect(quote["starts"]?.arrayValue?.count == starts)

            try await waiting { try tpm.makeAuthority("stranger") }
            let good = try await daemon.aibom(
                "verify", evidence, "--key", daemon.key, "--tpm-ca", tpm.file("ca.pem"))
            #expect(good.status == 0, "\(good)")
            let foreign = try await daemon.aibom(
                "verify", evidence, "--key", daemon.key, "--tpm-ca", tpm.file("stranger.pem"))
            #expect(foreign.status == 4, "\(foreign)")
            try FileManager.default.removeItem(atPath: "\(evidence)/platform.quote.json")
            let stripped = try await daemon.aibom(
                "verify", evidence, "--key", daemon.key, "--tpm-ca", tpm.file("ca.pem"))
            #expect(stripped.status == 4, "a platform that has a TPM promises a quote: \(stripped)")
        }

        @Test("is no start when its TPM does not answer")
        func silent() async throws {
            let daemon = try await Daemon(cache: try #require(EndToEnd.cache).path)
            try await daemon.launch(["--set", "tpm.device=/dev/null"])
            let status = await daemon.died(within: .seconds(20))
            #expect(status == 1, "\(daemon.log)")
            #expect(daemon.log.contains("measure the platform"), "\(daemon.log)")
        }
    }
}
