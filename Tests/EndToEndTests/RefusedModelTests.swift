import Foundation
import JSON
import Testing

extension EndToEnd {
    /// The same models at the trainer that we ship, whose checks are on: none of their code runs.
    @Suite("a hostile model at the shipped trainer", .withHostileModels)
    struct RefusedModel {
        let daemon: Daemon
        let models: HostileModels
        let folder: Folder

        init() throws {
            daemon = try EndToEnd.daemon
            models = try #require(EndToEnd.models)
            folder = try Folder()
        }

        /// Model, problem, and a part of what the job's failure says.
        static let refusals: [(model: String, problem: String, detail: String)] = [
            ("lambda.keras", "model-lambda-layer", "Lambda carries Python code inside the model"),
            ("called.keras", "model-custom-object", "function comes from 'os', not from Keras"),
            ("lambda.h5", "model-is-hdf5", "this is a legacy HDF5 model, whatever its name says"),
            ("reduce.pkl", "model-not-keras-archive", "it does not begin as a zip"),
            ("reduce.joblib", "model-not-keras-archive", "it does not begin as a zip"),
            ("reduce.npy", "model-not-keras-archive", "it does not begin as a zip"),
            ("traversal.keras", "model-unsafe-path", "the entry's path leaves the archive"),
            ("absolute.keras", "model-unsafe-path", "the entry's path leaves the archive"),
            ("link.keras", "model-unexpected-entry", "the entry is a link, a folder or encrypted"),
            ("bomb.keras", "model-zip-bomb", "bytes unpack to 1153433600"),
            ("stored.keras", "model-weights-external", "keeps its values in another file"),
            ("linked.keras", "model-weights-link", "is a link instead of data"),
        ]

        @Test("is refused with the reason, and a signed record of it", arguments: refusals)
        func refused(_ expected: (model: String, problem: String, detail: String)) async throws {
            let keys = try Snapshot("\(daemon.state)/keys")
            let submission = try submission(of: expected.model)
            try await daemon.leavesNothing {
                let job = try await daemon.train(submission, "--param", "epochs=1")
                #expect(job.result.status == 3, "\(job)")
                let problem = job.problem["type"]?.stringValue
                #expect(problem?.hasSuffix("trainer-\(expected.problem)") == true, "\(job.problem)")
                #expect(job.problem["detail"]?.stringValue?.contains(expected.detail) == true, "\(job.problem)")
                let fetched = try await daemon.fetch(job.id)
                #expect(files(below: fetched.path("artifacts")) == EvidenceNames.failed)
                let log = String(decoding: try fetched.read("artifacts/logs.txt"), as: UTF8.self)
                #expect(!log.contains(HostileModels.marker), "\(log)")
                try await expectEvidence(fetched.path("artifacts"), of: submission)
            }
            #expect(try Snapshot("\(daemon.state)/keys").changed(since: keys).isEmpty)
            #expect(models.services.visitors() == .init())
        }

        @Test("with the attack where nobody runs it trains, and its evidence names the bytes that were handed in")
        func inert() async throws {
            let submission = try submission(of: "inert.keras")
            try await daemon.leavesNothing {
                let job = try await daemon.train(submission, "--param", "epochs=1")
                try #require(job.result.status == 0, "\(job)\n\(daemon.log.suffix(2000))")
                let fetched = try await daemon.fetch(job.id)
                let log = String(decoding: try fetched.read("artifacts/logs.txt"), as: UTF8.self)
                #expect(log.contains("epoch 1/1") && !log.contains(HostileModels.marker), "\(log)")
                try await expectEvidence(fetched.path("artifacts"), of: submission)
            }
        }

        /// Under a name that the trainer takes.
        private func submission(of model: String) throws -> Submission {
            var submission = Examples.seed
            submission.model = folder.path("m.keras")
            try FileManager.default.copyItem(atPath: models.path(model), toPath: submission.model)
            return submission
        }

        private func expectEvidence(_ artifacts: String, of submission: Submission) async throws {
            let verdict = try await daemon.aibom(
                "verify", artifacts, "--key", daemon.key, "--input", submission.model, "--input", submission.dataset)
            #expect(verdict.status == 0, "\(verdict)")
            let lines = verdict.text.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("ok ") && $0.contains(" input ") && $0.contains(submission.model) })
        }
    }
}
