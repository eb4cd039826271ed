import Foundation
import JSON
import Testing

extension EndToEnd {
    /// What a trainer finds wrong with a submission: the message names what, where and the remedy; the job fails with
    /// status 3 and a signed record; nothing is left; the daemon goes on.
    @Suite("a submission that can't be trained")
    struct BadInput {
        struct Fault: Sendable, CustomTestStringConvertible {
            let name: String
            /// Which file is replaced, and by what bytes.
            let role: Role
            let bytes: @Sendable () throws -> [UInt8]
            let problem: String
            let detail: String
            let remedy: String
            var testDescription: String { name }

            init(
                _ name: String, _ role: Role, _ problem: String, _ detail: String, remedy: String,
                _ bytes: @escaping @Sendable () throws -> [UInt8]
            ) {
                self.name = name
                self.role = role
                self.bytes = bytes
                self.problem = problem
                self.detail = detail
                self.remedy = remedy
            }
        }

        enum Role: Sendable { case model, dataset, definition }

        static let models = [
            Fault(
                "no zip", .model, "model-not-keras-archive", "model.keras: this is not a .keras archive",
                remedy: "save the model again"
            ) {
                Array("just words".utf8)
            },
            Fault("0 bytes", .model, "model-empty", "model.keras: the file has 0 bytes", remedy: "upload it again") {
                []
            },
            Fault(
                "a renamed .h5", .model, "model-is-hdf5", "model.keras: this is a legacy HDF5 model",
                remedy: "save the model again"
            ) {
                Array("\u{89}HDF\r\n\u{1a}\n".unicodeScalars.map { UInt8($0.value) })
                    + [UInt8](repeating: 0, count: 512)
            },
            Fault(
                "cut off", .model, "model-damaged", "model.keras: the archive has no directory",
                remedy: "upload it again"
            ) {
                Array(try bytes("seed.keras").prefix(9000))
            },
            Fault("code in it", .model, "model-lambda-layer", "carries Python code inside the model", remedy: "") {
                try bytes("lambda.keras")
            },
            Fault("a zip bomb", .model, "model-zip-bomb", "bytes unpack to 16000000", remedy: "save the model again") {
                try bytes("bomb.keras")
            },
        ]

        static let datasets = [
            Fault(
                "0 bytes", .dataset, "csv-empty", "dataset.csv line 1: the first line holds no column names",
                remedy: "start with a line"
            ) { [] },
            Fault(
                "cut in a row", .dataset, "csv-truncated-row", "dataset.csv line 41: 7 fields where the header has 14",
                remedy: "complete the row"
            ) {
                let lines = try text("seed.csv").split(separator: "\n")
                let fields = lines[40].split(separator: ",").prefix(7).joined(separator: ",")
                return Array((lines.prefix(40) + [fields[...]]).joined(separator: "\n").utf8)
            },
            Fault(
                "a missing column", .dataset, "missing-column",
                "dataset.csv line 1: the definition names the column 'feature7'", remedy: "add it"
            ) {
                Array(try text("seed.csv").replacing("feature7,", with: "other,").utf8)
            },
            Fault(
                "no number", .dataset, "csv-not-a-number", "dataset.csv line 2: column 'feature1' holds 'abc'",
                remedy: "write a decimal number"
            ) {
                Array(try text("seed.csv").replacing("\n0.2590,", with: "\nabc,").utf8)
            },
        ]

        static let definitions = [
            Fault("0 bytes", .definition, "definition-not-mapping", "definition.yaml", remedy: "start with `columns:`")
            { [] },
            Fault(
                "an alias bomb", .definition, "definition-alias",
                "definition.yaml line 1: anchors and aliases are not accepted", remedy: "write the value out"
            ) {
                let bomb = (1...9).map {
                    "b\($0): &b\($0) [\(Array(repeating: "*b\($0 - 1)", count: 9).joined(separator: ","))]"
                }
                return Array((["b0: &b0 [lol]"] + bomb).joined(separator: "\n").utf8)
            },
            Fault(
                "a key twice", .definition, "definition-duplicate-key",
                "definition.yaml line 27: 'label' stands here again", remedy: ""
            ) {
                Array((try text("seed.yaml") + "label: feature1\n").utf8)
            },
            Fault("an unknown key", .definition, "definition-unknown-key", "'labell' is not a key here", remedy: "") {
                Array((try text("seed.yaml") + "labell: feature1\n").utf8)
            },
            Fault(
                "an output shape that does not fit", .definition, "shape-mismatch", "the model's output shape is [1]",
                remedy: ""
            ) {
                Array(try text("seed.yaml").replacing("output_shape:\n- 1", with: "output_shape:\n- 3").utf8)
            },
            Fault(
                "an input shape that does not fit", .definition, "shape-mismatch", "input_shape [12] holds 12 values",
                remedy: ""
            ) {
                Array(try text("seed.yaml").replacing("- 13\n", with: "- 12\n").utf8)
            },
        ]

        @Test("fails with a reason", arguments: models + datasets + definitions)
        func fails(_ fault: Fault) async throws {
            let daemon = try EndToEnd.daemon
            let folder = try Folder()
            var submission = Examples.seed
            switch fault.role {
            case .model: submission.model = try folder.write(fault.bytes(), as: "m.keras")
            case .dataset: submission.dataset = try folder.write(fault.bytes(), as: "d.csv")
            case .definition: submission.definition = try folder.write(fault.bytes(), as: "d.yaml")
            }
            try await daemon.leavesNothing {
                let job = try await daemon.train(submission, "--param", "epochs=1")
                #expect(job.result.status == 3, "\(job)")
                #expect(
                    job.problem["type"]?.stringValue?.hasSuffix("trainer-\(fault.problem)") == true, "\(job.problem)")
                #expect(job.problem["detail"]?.stringValue?.contains(fault.detail) == true, "\(job.problem)")
                let remedy = try #require(job.problem["remedy"]?.stringValue)
                #expect(!remedy.isEmpty && (fault.remedy.isEmpty || remedy.contains(fault.remedy)), "\(job.problem)")
                // Who waits reads the same on the terminal.
                #expect(job.result.err.contains(fault.detail) && job.result.err.contains("remedy: \(remedy)"), "\(job)")
                let fetched = try await daemon.fetch(job.id)
                #expect(files(below: fetched.path("artifacts")) == EvidenceNames.failed)
                #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
            }
            #expect(try await daemon.ask("/readyz").status == 200)
        }

        private static func bytes(_ fixture: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: Examples.fixture(fixture))))
        }

        private static func text(_ fixture: String) throws -> String {
            String(decoding: try bytes(fixture), as: UTF8.self)
        }
    }
}
