import Foundation
import JSON
import Measure
import Testing

extension EndToEnd {
    /// The main job: a real model is trained on real data and its evidence holds, by our verifier and by others' tools.
    @Suite("the main job")
    struct MainJob {
        let folder: Folder
        let daemon: Daemon

        init() throws {
            folder = try Folder()
            daemon = try EndToEnd.daemon
        }

        @Test("trains the sample; its evidence verifies, and every changed byte is noticed")
        func sample() async throws {
            let sample = try await Examples.sample(in: folder)
            let first = try await daemon.train(sample, "--param", "epochs=3", "--meta", "model_name=wine")
            try #require(first.result.status == 0, "\(first)\n\(daemon.log)")
            #expect(first.state == "completed")
            #expect(first.result.err.contains("epoch 3/3"))
            let fetched = try await daemon.fetch(first.id)
            let artifacts = fetched.path("artifacts")
            #expect(files(below: artifacts) == EvidenceNames.completed)
            // Libraries that can't read what the processor is say so, and take slower code.
            let log = String(decoding: try fetched.read("artifacts/logs.txt"), as: UTF8.self)
            #expect(!log.isEmpty && !log.contains("cpuinfo"), "\(log)")
            try await checkByHand(artifacts)
            try await CycloneDX.expectValid("\(artifacts)/aibom.json")
            try await Consumers.expectVerified(artifacts, key: daemon.key)
            let verdict = try await daemon.aibom(
                "verify", artifacts, "--key", daemon.key, "--input", sample.model, "--input", sample.dataset)
            #expect(verdict.status == 0, "\(verdict)")
            try await checkTampering(artifacts)

            // The same inputs and seed again: the same model, byte for byte.
            let second = try await daemon.train(sample, "--param", "epochs=3")
            try #require(second.result.status == 0, "\(second)")
            #expect(second.id != first.id)
            let again = try await daemon.fetch(second.id)
            #expect(try again.read("artifacts/trained_model.keras") == fetched.read("artifacts/trained_model.keras"))
            #expect(try again.read("artifacts/metrics.json") == fetched.read("artifacts/metrics.json"))
        }

        @Test("trains the seed document's own definition, word for word")
        func seed() async throws {
            let job = try await daemon.train(Examples.seed, "--param", "epochs=2", "--param", "batch_size=10")
            try #require(job.result.status == 0, "\(job)\n\(daemon.log)")
            let fetched = try await daemon.fetch(job.id)
            #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
            let text = String(decoding: try fetched.read("artifacts/aibom.json"), as: UTF8.self)
            #expect(text.contains(Digest.of(Array(try Data(contentsOf: URL(filePath: Examples.seed.dataset)))).hex))
        }

        /// With nothing of ours: openssl and sha256sum.
        private func checkByHand(_ artifacts: String) async throws {
            let signature = try await Command.run(
                "openssl",
                [
                    "dgst", "-sha256", "-verify", daemon.key, "-signature", "\(artifacts)/aibom.sig",
                    "\(artifacts)/aibom.json",
                ])
            #expect(signature.status == 0 && signature.text.contains("Verified OK"), "\(signature)")
            let document = try String(contentsOfFile: "\(artifacts)/aibom.json", encoding: .utf8)
            for name in ["trained_model.keras", "metrics.json", "logs.txt"] {
                let sum = try await Command.run("sha256sum", ["\(artifacts)/\(name)"])
                let digest = String(sum.text.prefix { $0 != " " })
                #expect(digest.count == 64 && document.contains(digest), "\(name)")
            }
        }

        /// One bit of one byte in the middle of each file; then the file put right again.
        private func checkTampering(_ artifacts: String) async throws {
            for name in files(below: artifacts) {
                let place = URL(fileURLWithPath: "\(artifacts)/\(name)")
                let original = try Data(contentsOf: place)
                var changed = original
                changed[changed.startIndex + changed.count / 2] ^= 1
                try changed.write(to: place)
                let verdict = try await daemon.verify(artifacts)
                #expect(verdict.status == 4, "\(name): \(verdict)")
                // A signature speaks of the document: either name says where to look.
                #expect(
                    verdict.text.contains("FAIL") && (verdict.text + verdict.err).contains(name), "\(name): \(verdict)")
                try original.write(to: place)
            }
            #expect(try await daemon.verify(artifacts).status == 0)
        }
    }
}
