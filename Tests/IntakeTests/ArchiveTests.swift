import Intake
import Jobs
import Testing

@Suite("an archive's directory")
struct ArchiveTests {
    static let images = [Zip.Entry("cats/1.jpg"), Zip.Entry("dogs/1.PNG"), Zip.Entry("labels.csv")]
    static let model = [Zip.Entry("metadata.json"), Zip.Entry("config.json"), Zip.Entry("model.weights.h5")]

    static func verdict(
        _ bytes: [UInt8], _ contents: ArchiveContents = .dataset, limits: ArchiveLimits? = nil, sizes: [Int] = [.max]
    ) -> Result<Void, Violation> {
        ZipDirectoryCheck.verdict(ZipDirectoryCheck(contents, field: "f", limits: limits), bytes, sizes: sizes)
    }

    static let good: [(Zip, ArchiveContents)] = [
        (Zip(images), .dataset), (Zip(model), .kerasModel),
        (Zip(images) { $0.comment = Array("hello".utf8) }, .dataset),
        (Zip(model) { $0.isLong = true }, .kerasModel),
        (
            Zip(model) {
                $0.isLong = true; $0.hidesShort = true
            }, .kerasModel
        ),
        (Zip([Zip.Entry("cats/", "") { $0.attributes = 0o040755 << 16 | 0x10 }] + images), .dataset),
        (Zip(images + [Zip.Entry("birds/größe.jpeg") { $0.localExtra = Array(repeating: 7, count: 28) }]), .dataset),
        // A size of its own in the extra field, as writers do that did not know how large an entry would be.
        (
            Zip(
                model.dropLast() + [
                    Zip.Entry("model.weights.h5") {
                        $0.unpacked = .max; $0.extra = short(1, 8) + wide(1)
                    }
                ]), .kerasModel
        ),
        (Zip(model) { $0.between = Array(repeating: 0, count: 16) }, .kerasModel),
    ]

    @Test("passes", arguments: good)
    func passes(zip: Zip, contents: ArchiveContents) {
        for sizes in [[Int.max], [1], [1000, 1]] {
            #expect(Self.verdict(zip.bytes, contents, sizes: sizes).words == "")
        }
    }

    private static func image(_ name: String, _ set: (inout Zip.Entry) -> Void = { _ in }) -> Zip {
        Zip(images + [Zip.Entry(name, "x", set)])
    }

    static let bad: [(Zip, String)] = [
        (image("../x.jpg"), "the entry's path leaves the archive"), (image("/x.jpg"), "path leaves"),
        (image("a/../x.jpg"), "path leaves"),
        (image("a//x.jpg"), "path leaves"), (image("./x.jpg"), "path leaves"), (image("a\\x.jpg"), "path leaves"),
        (image("C:/x.jpg"), "path leaves"),
        (image("x\0.jpg"), "control characters"), (image("x\u{1b}.jpg"), "control characters"),
        (image("") { _ in }, "a name of 1 to 1024 bytes"),
        (image("x.jpg") { $0.name = [0xff, 0x2e, 0x6a, 0x70, 0x67] }, "the name is not UTF-8"),
        (image(String(repeating: "n", count: 252) + ".jpg"), "more than 255 bytes"),
        (image(String(repeating: "n/", count: 510) + "a.jpg"), "a name of 1 to 1024"),
        (image(String(repeating: "n/", count: 16) + "a.jpg"), "deeper than 16"),
        (image("cats/1.jpg"), "stands in the archive twice"), (image("CATS/1.JPG"), "stands in the archive twice"),
        (Zip(images + [Zip.Entry("é.jpg"), Zip.Entry("e\u{301}.jpg")]), "twice"),
        (image("cats/1.jpg/2.jpg"), "the entry's folder is a file too"),
        (Zip([Zip.Entry("a.jpg/2.jpg"), Zip.Entry("a.jpg")]), "a file and a folder"),
        (image("x.zip"), "an archive holds an archive; unpack it"),
        (image("x.exe"), "holds no such file"), (image("x"), "holds no such file"), (image(".DS_Store"), "hidden"),
        (image("__MACOSX/cats/._1.jpg"), "hidden"),
        (image("x.jpg") { $0.attributes = 0o120777 << 16 }, "a link, a device or encrypted"),
        (image("x.jpg") { $0.attributes = 0o020666 << 16 }, "a link, a device or encrypted"),
        (image("d/") { $0.attributes = 0o120777 << 16 }, "a link"),
        (image("x.jpg") { $0.flags |= 1 }, "encrypted"), (image("x.jpg") { $0.flags |= 1 << 6 }, "encrypted"),
        (image("x.jpg") { $0.flags |= 1 << 13 }, "encrypted"),
        (image("x.jpg") { $0.method = 99 }, "packed by method 99"), (image("x.jpg") { $0.disk = 1 }, "on another disk"),
        (image("x.jpg") { $0.unpacked = 2 }, "sizes contradict"),
        (
            image("x.jpg") {
                $0.method = 8; $0.unpacked = 51 << 20
            }, "unpacks to more than 52428800"
        ),
        (
            image("x.jpg") {
                $0.method = 8; $0.unpacked = 2 << 20
            }, "1 bytes unpack to 2097152"
        ), (image("x.jpg") { $0.offset = 0 }, "overlap"),
        (
            image("x.jpg") {
                $0.packed = 40; $0.unpacked = 40
            }, "overlap"
        ), (image("x.jpg") { $0.unpacked = .max }, "can't be read behind entry 3"),
        (image("x.jpg") { $0.extra = short(1, 8) + wide(1) }, "can't be read behind entry 3"),
        (image("x.jpg") { $0.extra = short(1, 9) }, "can't be read behind"),
        (
            image("x.jpg") { $0.extra = short(0x7075, 10) + [1, 0, 0, 0, 0] + Array("y.jpg".utf8) },
            "a second, different name"
        ),
        (Zip(images) { $0.before = Array("#!/bin/sh\n".utf8) }, "does not begin as one"),
        (Zip(images) { $0.behind = [0] }, "something stands behind its end"),
        (Zip(images) { $0.disk = 1 }, "several disks"), (Zip(images) { $0.count = 2 }, "its end says 2"),
        (Zip(images) { $0.count = 4 }, "its end says 4"),
        (Zip(images) { $0.between = Array(repeating: 1, count: 66_000) }, "hidden between entries"),
        (Zip(images) { $0.hidesShort = true }, "zip64"),
        (
            Zip(images) {
                $0.isLong = true; $0.longCount = 2
            }, "zip64"
        ),
        (
            Zip(images) {
                $0.isLong = true; $0.longOffset = 2
            }, "zip64"
        ),
        (
            Zip(images) {
                $0.isLong = true; $0.hidesShort = true; $0.longOffset = .max
            }, "not where its end says"
        ),
        (
            Zip(images) {
                $0.isLong = true; $0.hidesShort = true; $0.longCount = 1 << 40
            }, "lists 1099511627776 entries"
        ),
        (Zip([]), "is empty"), (Zip([Zip.Entry("labels.csv")]), "has no image"),
    ]

    @Test("is refused", arguments: bad)
    func refusals(zip: Zip, words: String) {
        let said = Self.verdict(zip.bytes).words
        #expect(said.hasPrefix("f ") && said.contains(words), "\(said)")
        #expect(Self.verdict(zip.bytes, sizes: [3]).words == said)
    }

    @Test("finds an archive that something was put before, wherever its offsets point")
    func polyglot() {
        // Offsets that count from the first entry, as after `cat script zip`, and offsets that were mended.
        let script = Array("PK\u{3}\u{4}#!/bin/sh\n".utf8)
        #expect(Self.verdict(script + Zip(Self.images).bytes).words.contains("before or behind"))
        #expect(Self.verdict(Zip(Self.images) { $0.before = script }.bytes).words.contains("before the first entry"))
    }

    static func limits(entries: Int, directoryBytes: Int, entryBytes: UInt64, totalBytes: UInt64) -> ArchiveLimits {
        var limits = ArchiveLimits.dataset
        (limits.entries, limits.directoryBytes) = (entries, directoryBytes)
        (limits.entryBytes, limits.totalBytes) = (entryBytes, totalBytes)
        return limits
    }

    static let badModels: [([UInt8], String)] = [
        (Zip(model.dropLast()).bytes, "the archive has no model.weights.h5; save the model again"),
        (Zip(model + [Zip.Entry("assets/v.txt")]).bytes, "and nothing else here"),
        (Zip(model + [Zip.Entry("x/", "") { $0.attributes = 0 }]).bytes, "and nothing else here"),
        (Zip(model + [Zip.Entry("Config.json")]).bytes, "twice"),
        (
            Zip([
                Zip.Entry("config.json") {
                    $0.method = 8; $0.packed = 1 << 20; $0.unpacked = 17 << 20
                }
            ]).bytes, "the entry unpacks to 17825792 bytes"
        ),
        (
            Array("\u{89}HDF\r\n\u{1a}\n".unicodeScalars.map { UInt8($0.value) }) + [0],
            "a legacy HDF5 model, whatever its name says"
        ),
        (Array("hello, world".utf8), "this is not a .keras archive: it does not begin as a zip"), ([], "0 bytes"),
        (Array("PK\u{3}\u{4}".utf8), "cut off"),
        (Array(Zip(model).bytes.dropLast(40)), "the archive has no directory at its end; the upload was cut off"),
        ([0x50], "does not begin as a zip"),
    ]

    @Test("of a model is refused in the trainer's words", arguments: badModels)
    func models(bytes: [UInt8], words: String) {
        let said = Self.verdict(bytes, .kerasModel).words
        #expect(said.contains(words), "\(said)")
    }

    @Test("is held to its limits, and keeps no more than them")
    func limits() {
        var limits = Self.limits(entries: 2, directoryBytes: 200, entryBytes: 10, totalBytes: 11)
        let two = [Zip.Entry("a.jpg", "12345"), Zip.Entry("b.jpg", "123456")]
        #expect(Self.verdict(Zip(two).bytes, limits: limits).words == "")
        #expect(Self.verdict(Zip(two + [Zip.Entry("c.jpg")]).bytes, limits: limits).words.contains("lists 3 entries"))
        let long = [Zip.Entry(String(repeating: "n", count: 160) + ".jpg")]
        #expect(Self.verdict(Zip(long).bytes, limits: limits).words.contains("in 210 bytes"))
        #expect(
            Self.verdict(Zip([two[0], Zip.Entry("b.jpg", "1234567")]).bytes, limits: limits).words.contains(
                "the archive unpacks to more than 11"))
        limits.totalBytes = 100
        #expect(
            Self.verdict(Zip([two[0], Zip.Entry("b.jpg", "12345678901")]).bytes, limits: limits).words.contains(
                "'b.jpg': unpacks to more than 10"))
        // The tail turns over many times before the directory comes.
        let filled = Zip([Zip.Entry("a.jpg", String(repeating: "x", count: 300_000))])
        limits = Self.limits(entries: 2, directoryBytes: 100, entryBytes: 1 << 20, totalBytes: 1 << 20)
        for sizes in [[1000], [70_001, 3], [Int.max]] {
            #expect(Self.verdict(filled.bytes, limits: limits, sizes: sizes).words == "")
        }
    }

    @Test("has two bytes of a signature wherever they fall")
    func endings() {
        for length in 0..<40 {
            let zip = Zip(Self.images) {
                $0.comment = Array(Array("PK\u{5}\u{6}".utf8).prefix(3)) + Array(repeating: 0x50, count: length)
            }
            #expect(Self.verdict(zip.bytes).words == "")
        }
        // A comment that holds another end: two readers could see two archives.
        let inner = Zip(Self.images).bytes
        let outer = Zip(Self.images) { $0.comment = Array(inner.suffix(22)) }
        #expect(Self.verdict(outer.bytes).words.contains("can't be read"))
    }
}
