import Foundation
import JSON
import Testing

extension EndToEnd {
    /// Keys of other kinds than the usual one, with certificates.
    @Suite("a key of another kind")
    struct KeyKinds {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test(
            "signs all of a job's evidence; a model's signature only where its format knows the kind",
            arguments: ["p384", "ed25519"])
        func kinds(algorithm: String) async throws {
            let daemon = try await Daemon(cache: try #require(EndToEnd.cache).path, algorithm: algorithm)
            try await certify(daemon)
            try await daemon.start(["--set", "key_certificates=\(folder.path("chain.pem"))"])
            let verdicts: Result<Void, any Error>
            do { verdicts = .success(try await expectEvidence(algorithm, of: daemon)) } catch {
                verdicts = .failure(error)
            }
            await daemon.kill()
            try verdicts.get()
        }

        private func expectEvidence(_ algorithm: String, of daemon: Daemon) async throws {
            let job = try await daemon.train(try Submission.hostile("obey", in: folder))
            try #require(job.result.status == 0, "\(job)")
            let fetched = try await daemon.fetch(job.id)
            let evidence = fetched.path("artifacts")
            let names = EvidenceNames.completed.filter { algorithm != "ed25519" || $0 != "model.sig" }
            #expect(files(below: evidence) == (names + ["signing.chain.pem"]).sorted())
            #expect(try await daemon.verify(evidence).status == 0)
            // The certificate alone, at a time that the log proves.
            let log = try await daemon.aibom("keys", "show", "--log")
            let vkey = try #require(log.text.split(separator: "\n").last.map(String.init), "\(log)")
            let byChain = try await daemon.aibom(
                "verify", evidence, "--ca", folder.path("ca.pem"), "--log-key", vkey)
            #expect(byChain.status == 0, "\(byChain)")
            let unproved = try await daemon.aibom("verify", evidence, "--ca", folder.path("ca.pem"))
            #expect(unproved.status == 4, "\(unproved)")
            try await authority("other")
            let foreign = try await daemon.aibom(
                "verify", evidence, "--ca", folder.path("other.pem"), "--log-key", vkey)
            #expect(foreign.status == 4, "\(foreign)")
            try await expectOpenSSL(algorithm, evidence, daemon.key)
        }

        /// By the program that everybody has, and not for another document.
        private func expectOpenSSL(_ algorithm: String, _ evidence: String, _ key: String) async throws {
            for (file, status) in [("aibom.json", Int32(0)), ("platform.json", 1)] {
                let document = "\(evidence)/\(file)"
                let signature = "\(evidence)/aibom.sig"
                let arguments =
                    algorithm == "p384"
                    ? ["dgst", "-sha384", "-verify", key, "-signature", signature, document]
                    : ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", document, "-sigfile", signature]
                #expect(try await Command.run("openssl", arguments).status == status, "\(file)")
            }
        }

        private func certify(_ daemon: Daemon) async throws {
            try await authority("ca")
            let made = try await Command.run(
                "openssl",
                [
                    "x509", "-new", "-force_pubkey", daemon.key, "-CA", folder.path("ca.pem"), "-CAkey",
                    folder.path("ca.key"), "-subj", "/CN=a signer", "-days", "10", "-out", folder.path("chain.pem"),
                ])
            try #require(made.status == 0, "\(made)")
        }

        private func authority(_ name: String) async throws {
            let made = try await Command.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    "/CN=authority \(name)", "-days", "30", "-keyout", folder.path("\(name).key"), "-out",
                    folder.path("\(name).pem"),
                ])
            try #require(made.status == 0, "\(made)")
        }
    }
}
