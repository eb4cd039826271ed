import Jobs
import Testing

@testable import Intake

/// Bounded, and the same in every run: a failure names its seed.
@Suite("whatever comes")
struct FuzzTests {
    static let seeds = 0..<8
    static let rounds = 150

    private static let formWords: [[UInt8]] = [
        "\r\n--bnd", "--bnd--", "\r\n", "\n", "\r", "\0", "--", "\"", ";", "\\", ":", " ", "filename=", "name*=", "%22",
        "\u{ff}",
        "Content-Disposition: form-data; name=\"x\"\r\n", "\r\n\r\n",
    ].map { Array($0.utf8) }

    private static func form(_ chance: inout Chance) -> [UInt8] {
        var body: [UInt8] = chance.below(4) == 0 ? Array("preamble\r\n".utf8) : []
        for number in 0..<chance.below(5) {
            var content: [UInt8] = []
            for _ in 0..<chance.below(6) {
                content +=
                    chance.below(2) == 0
                    ? chance.bytes(chance.below(300)) : Array("\r\n--bnd".utf8.prefix(1 + chance.below(6)))
            }
            let file = chance.below(2) == 0 ? "; filename=\"f\(number).csv\"" : ""
            body += Array("--bnd\r\nContent-Disposition: form-data; name=\"n\(number)\"\(file)\r\n\r\n".utf8)
            body += content + Array("\r\n".utf8)
        }
        return body + Array("--bnd--\r\n".utf8)
    }

    private static func verdict(_ body: [UInt8], sizes: [Int]) -> Result<Form, MultipartError> {
        do { return .success(try Form(body, boundary: "bnd", sizes: sizes)) } catch let error as MultipartError {
            return .failure(error)
        } catch {
            Issue.record("events out of order: \(error)")
            return .failure(.malformed(Violation("", "", remedy: "")))
        }
    }

    @Test("a form is the same form in any pieces, whole or damaged", arguments: seeds)
    func forms(seed: Int) {
        var chance = Chance(seed)
        for round in 0..<Self.rounds {
            let whole = Self.form(&chance)
            guard case .success = Self.verdict(whole, sizes: [.max]) else {
                Issue.record("seed \(seed) round \(round): a form is refused")
                continue
            }
            for body in [whole, chance.mutate(whole, words: Self.formWords)] {
                let expected = Self.verdict(body, sizes: [.max])
                for _ in 0..<3 {
                    let sizes = chance.sizes()
                    #expect(Self.verdict(body, sizes: sizes) == expected, "seed \(seed) round \(round) sizes \(sizes)")
                }
            }
        }
    }

    @Test("a form's parser keeps no more than its limits", arguments: seeds)
    func memory(seed: Int) throws {
        var chance = Chance(seed + 100)
        let limits = MultipartLimits()
        let most = 2 * limits.headerBytes + limits.parts * limits.nameBytes
        let openings = [
            "--bnd\r\nX: ", "--bnd\r\nContent-Disposition: form-data; name=\"", "--bnd", "",
            "--bnd\r\nContent-Disposition: form-data; name=a\r\n\r\n",
        ]
        for opening in openings {
            var parser = MultipartParser(try Boundary(contentType: "multipart/form-data; boundary=bnd"))
            var piece = Array(opening.utf8)
            do throws(MultipartError) {
                for _ in 0..<64 {
                    var position = 0
                    while try parser.next(in: piece.span.bytes, at: &position) != nil {
                        #expect(parser.retained <= most)
                    }
                    #expect(parser.retained <= most)
                    piece = chance.below(2) == 0 ? Array(repeating: 0x61, count: 4096) : chance.bytes(4096)
                }
                Issue.record("no limit ended \(opening)")
            } catch {
                #expect(!error.violation.reason.isEmpty)
            }
        }
    }

    @Test("bytes at random end every check with a word", arguments: seeds)
    func garbage(seed: Int) throws {
        var chance = Chance(seed + 200)
        for _ in 0..<Self.rounds {
            let bytes =
                chance.pick([[], Array("PK\u{3}\u{4}".utf8), Array("--bnd\r\n".utf8)])
                + chance.bytes(chance.below(2000))
            let sizes = chance.sizes()
            if case .success = Self.verdict(bytes, sizes: sizes) { Issue.record("seed \(seed): garbage is a form") }
            #expect(
                !ZipDirectoryCheck.verdict(ZipDirectoryCheck(.dataset, field: "f"), bytes, sizes: sizes).words.isEmpty)
            #expect(!DefinitionCheck.verdict(DefinitionCheck(), bytes, sizes: sizes).words.isEmpty)
            _ = CSVHeaderCheck.verdict(CSVHeaderCheck(), bytes, sizes: sizes)
        }
    }

    /// Every single byte of a small archive, changed: nothing traps, and what passes still lists the same safe names.
    @Test("an archive's directory is checked whatever stands in it")
    func archives() {
        let zip = Zip(ArchiveTests.model) {
            $0.isLong = true; $0.hidesShort = true
        }.bytes
        var passed = 0
        for place in zip.indices {
            for change: UInt8 in [0x01, 0x80, 0xff] {
                var bytes = zip
                bytes[place] ^= change
                if ArchiveTests.verdict(bytes, .kerasModel).words.isEmpty { passed += 1 }
            }
        }
        // Times, checksums, versions and the local headers, which are not read.
        #expect(passed > 0 && passed < zip.count * 3 / 2)
    }

    @Test("damaged archives and definitions end in a verdict, the same in any pieces", arguments: seeds)
    func damaged(seed: Int) {
        var chance = Chance(seed + 300)
        let words: [[UInt8]] = [
            short(0x4b50, 0x0605), short(0x4b50, 0x0606), short(0x4b50, 0x0201), word(.max), wide(.max), [0, 0],
            Array("../".utf8),
        ]
        let yaml: [[UInt8]] = [
            "&a ", "*a", "!!str ", "<<: ", "- ", "? ", ": ", "[", "{", "}", "\n", "  ", "|\n", ">-\n", "\"", "'",
            "%YAML 1.1\n", "---\n", "...\n", "\t", "#",
        ]
        .map { Array($0.utf8) }
        let zips = [
            Zip(ArchiveTests.images).bytes,
            Zip(ArchiveTests.model) {
                $0.isLong = true; $0.hidesShort = true
            }.bytes,
        ]
        for _ in 0..<Self.rounds {
            let (bytes, sizes) = (chance.mutate(chance.pick(zips), words: words), chance.sizes())
            #expect(ArchiveTests.verdict(bytes).words == ArchiveTests.verdict(bytes, sizes: sizes).words)
            let text = chance.mutate(Array(DefinitionTests.good.utf8), words: yaml)
            let check = DefinitionCheck(kinds: [.csv, .image])
            #expect(
                DefinitionCheck.verdict(check, text).words == DefinitionCheck.verdict(check, text, sizes: sizes).words)
        }
    }
}
