import Intake
import Jobs
import Testing

@Suite("an upload")
struct UploadTests {
    private func verdict(
        _ role: InputRole, _ name: String, _ bytes: [UInt8], kinds: [DatasetDefinition.Kind] = [.csv, .image]
    ) throws -> Result<UploadCheck.Finding, Violation> {
        let check = UploadCheck(role, fileName: try FileName(name, field: "f"), field: "field", kinds: kinds)
        return UploadCheck.verdict(check, bytes, sizes: [5, 1000])
    }

    private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0]

    @Test("is checked by its part in the training and its name")
    func byName() throws {
        #expect(try verdict(.model, "m.keras", Zip(ArchiveTests.model).bytes).get() == .archive)
        #expect(try verdict(.model, "m.KERAS", Self.hdf5).words.hasPrefix("field this is a legacy HDF5 model"))
        #expect(try verdict(.model, "m.h5", Self.hdf5).get() == .unexamined)
        #expect(try verdict(.model, "m.h5", Array("text".utf8)).words.contains("not an HDF5 file"))
        #expect(try verdict(.model, "m.onnx", Array("text".utf8)).get() == .unexamined)
        #expect(try verdict(.dataset, "d.zip", Zip(ArchiveTests.images).bytes).get() == .archive)
        #expect(try verdict(.dataset, "d.zip", Array("a,b\n1,2\n".utf8)).words.contains("this is not a zip archive"))
        #expect(try verdict(.dataset, "d.csv", Zip(ArchiveTests.images).bytes).words.contains("is a zip archive"))
        guard case .table(let header) = try verdict(.dataset, "d.csv", Array("a,b\n1,2\n".utf8)).get() else {
            throw Violation("", "no table", remedy: "")
        }
        #expect(header.names == ["a", "b"])
        let image = Array("type: image\ninput_shape: [1]\noutput_shape: [1]\n".utf8)
        #expect(try verdict(.definition, "d.yaml", image, kinds: [.csv]).words.contains("'image' is not supported"))
        guard case .definition(let definition) = try verdict(.definition, "d.yaml", image).get() else {
            throw Violation("", "no definition", remedy: "")
        }
        #expect(definition.kind == .image)
    }

    @Test("of one kind does not go with a definition of another")
    func kinds() throws {
        let csv = try DefinitionTests.verdict(DefinitionTests.good).get()
        let text = "type: image\ninput_shape: [1]\noutput_shape: [1]\n"
        let image = try DefinitionTests.verdict(text, kinds: [.image]).get()
        let table = UploadCheck.Finding.table(try CSVHeaderTests.verdict(Array("a,b,c,y\n1\n".utf8)).get())
        func words(_ definition: DatasetDefinition, _ dataset: UploadCheck.Finding) -> String {
            var both = SubmissionCheck(datasetField: "data")
            do throws(Violation) {
                try both.add(dataset, as: .dataset)
                try both.add(.archive, as: .model)
                try both.add(.definition(definition), as: .definition)
                return ""
            } catch { return "\(error.field) \(error.reason)" }
        }
        #expect(words(csv, table) == "" && words(image, .archive) == "")
        #expect(words(csv, .archive) == "data is a zip archive, the definition's type is csv")
        #expect(words(image, table) == "data is a CSV file, the definition's type is image")
    }
}
