import Intake
import Jobs
import Testing

@Suite("a definition")
struct DefinitionTests {
    static let good =
        "columns:\n  a: float\n  b: float\n  c: double\n  y: int\n\nlabel: y\ninput_shape: [3]\noutput_shape: [2]\n"

    static func verdict(
        _ text: String, kinds: [DatasetDefinition.Kind] = [.csv], sizes: [Int] = [.max]
    ) -> Result<DatasetDefinition, Violation> {
        DefinitionCheck.verdict(DefinitionCheck(kinds: kinds), Array(text.utf8), sizes: sizes)
    }

    @Test("of the seed reads as it stands", arguments: [[Int.max], [1], [7, 100]])
    func seed(sizes: [Int]) throws {
        let text = """
            columns:
              feature1: float
              feature10: float
              feature2: float
              label: int
            input_shape:
            - 3
            label: label
            output_shape:
            - 1
            preprocessing:
              clip:
                - 0.0
                - 1.0
              normalize: true
              scale: 1.0
            """
        let definition = try Self.verdict("\u{feff}" + text + "\n", sizes: sizes).get()
        #expect(definition.kind == .csv)
        #expect(definition.columns == ["feature1", "feature10", "feature2", "label"])
        #expect(definition.label == "label")
    }

    @Test("keeps names that YAML would turn into values")
    func names() throws {
        let text =
            "columns: {no: float, 2024-01-01: float, 1: float, \"a: b\": int, y: int}\nlabel: y\ninput_shape: [2, 2]\noutput_shape: [1]\n"
        #expect(try Self.verdict(text).get().columns == ["no", "2024-01-01", "1", "a: b", "y"])
        let twins =
            "columns: {\"e\u{301}\": int, \"\u{e9}\": int}\nlabel: \"\u{e9}\"\ninput_shape: [1]\noutput_shape: [1]\n"
        #expect(try Self.verdict(twins).get().columns.map(\.utf8.count) == [3, 2])
    }

    /// The trainer's own cases, and its words.
    static let bad: [(String, String)] = [
        (good + "label: a\n", "line 10: 'label' stands here again, first on line 7; keep one"),
        ("columns:\n  a: float\n  a: int\nlabel: a\n", "line 3: 'a' stands here again, first on line 2"),
        (
            good + "preprocessing: &x {normalize: true}\n",
            "line 10: anchors and aliases are not accepted; write the value out"
        ),
        (good + "preprocessing: *x\n", "line 10: anchors and aliases are not accepted"),
        (good + "<<: {type: csv}\n", "merge keys are not accepted"),
        (good + "? [a, b]\n: 1\n", "a key must be a plain name"),
        (
            good + "type: !!python/object/apply:os.system [id]\n",
            "the tag 'tag:yaml.org,2002:python/object/apply:os.system'"
        ),
        (good + "type: !!str csv\n", "is not accepted; remove the tag"),
        (
            good + "preprocessing: " + String(repeating: "[", count: 25) + String(repeating: "]", count: 25),
            "nesting is deeper than 20"
        ),
        (good + "---\na: 1\n", "a second document begins"), (good + "preprocessing: {a: 1\n", "no YAML: "),
        (good + "\tlabel: b\n", "line 10: no YAML: "), ("- a\n", "the top level is no mapping"),
        ("", "the top level is no mapping"),
        (good + "preprocesing:\n  normalize: true\n", "'preprocesing' is not a key here; did you mean preprocessing?"),
        (
            good + "preprocessing:\n  normalise: true\n",
            "line 11: 'normalise' is not a key here; did you mean normalize?"
        ),
        (good + "type: image\n", "the dataset type 'image' is not supported"),
        (good + "type: [csv]\n", "'(no name)' is not supported"),
        (good.replacing("label: y\n", with: ""), "'label' is missing; add `label:`"),
        (good.replacing("label: y", with: "label: z"), "line 7: the label 'z' is not among the columns"),
        ("columns: []\nlabel: y\ninput_shape: [1]\noutput_shape: [1]\n", "columns must map names to types"),
        (good.replacing("a: float", with: "a: string"), "line 2: column 'a' has the type 'string'; use float or int"),
        (good.replacing("[3]", with: "[4]"), "input_shape [4] holds 4 values, but columns name 3 features"),
        (good.replacing("[3]", with: "[999999999, 999999999, 999999999]"), "but columns name 3 features"),
        (good.replacing("[3]", with: "[three]"), "input_shape must list whole numbers from 1"),
        (good.replacing("[3]", with: "3"), "write for example `input_shape: [13]`"),
        (good.replacing("[2]", with: "[0]"), "output_shape must list"),
        (good.replacing("[2]", with: "[1, 1, 1, 1, 1, 1, 1, 1, 1]"), "output_shape must list"),
        (good + "preprocessing: true\n", "preprocessing must be a mapping"),
        (good + "preprocessing: {normalize: 1}\n", "normalize must be true or false"),
        (good + "preprocessing: {scale: .inf}\n", "scale must be a finite number"),
        (good + "preprocessing: {scale: 1_000}\n", "must be a finite number"),
        (good + "preprocessing: {scale: 0x10}\n", "must be a finite number"),
        (good + "preprocessing: {scale: 1e999}\n", "must be a finite number"),
        (good + "preprocessing: {scale: 0}\n", "scale 0 makes every feature 0"),
        (good + "preprocessing: {clip: [1, 0]}\n", "leaves one value"),
        (good + "preprocessing: {clip: [1]}\n", "clip must be [low, high]"),
        ("columns: {y: int}\nlabel: y\ninput_shape: [1]\noutput_shape: [1]\n", "but columns name 0 features"),
        (good + "a: \"\u{1b}[2J\"\n", "no YAML: control characters are not allowed"),
    ]

    @Test("is refused in the trainer's words", arguments: bad)
    func refusals(text: String, words: String) {
        let said = Self.verdict(text).words
        #expect(said.hasPrefix("definition ") && said.contains(words), "\(said)")
        #expect(Self.verdict(text, sizes: [1]).words == said)
    }

    @Test("is held to its size, and is UTF-8")
    func size() {
        let limit = DefinitionLimits().bytes
        #expect(Self.verdict(Self.good + String(repeating: "#", count: limit - Self.good.utf8.count)).words == "")
        #expect(
            Self.verdict(Self.good + String(repeating: "#", count: limit + 1 - Self.good.utf8.count)).words.contains(
                "more than 262144 bytes"))
        let check = DefinitionCheck()
        #expect(DefinitionCheck.verdict(check, Array("columns: {".utf8) + [0xff]).words.contains("is not UTF-8"))
        #expect(DefinitionCheck.verdict(check, [0xff, 0xfe, 0x61, 0]).words.contains("is not UTF-8"))
    }

    @Test("costs no more than its bytes", .timeLimit(.minutes(1)))
    func bombs() {
        var laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n"
        for (name, last) in zip("bcdefghij", "abcdefghi") {
            laughs += "\(name): &\(name) [*\(last),*\(last),*\(last),*\(last)]\n"
        }
        #expect(Self.verdict(laughs).words.contains("line 1: anchors and aliases"))
        // As a key, an alias is hashed with all that it stands for by parsers that follow it.
        #expect(Self.verdict("? &a [x, x]\n: 1\n? *a\n: 2\n").words.contains("anchors and aliases"))
        let half = DefinitionLimits().bytes / 2 - 1
        for deep in ["[", "{a: ", "- ", "? ", "[[],"] {
            let text = String(String(repeating: deep, count: half).prefix(2 * half))
            #expect(!Self.verdict(text).words.isEmpty)
        }
        #expect(
            Self.verdict("columns: [" + String(repeating: "x,", count: half - 10) + "]").words.contains(
                "more than 50000 values"))
        let many = (0..<15_000).map { "  c\($0): int\n" }.joined()
        #expect(Self.verdict("columns:\n\(many)label: c0\ninput_shape: [14999]\noutput_shape: [1]\n").words == "")
    }

    @Test("of images is taken where images are")
    func images() throws {
        let text =
            "type: image\nimage_size: [28, 28]\ninput_shape: [28, 28, 3]\noutput_shape: [10]\npreprocessing: null\n"
        #expect(try Self.verdict(text, kinds: [.csv, .image]).get().kind == .image)
        #expect(
            Self.verdict(text.replacing("28]\n", with: "28, 3]\n"), kinds: [.csv, .image]).words.contains(
                "height and width"))
        #expect(
            Self.verdict(text + "columns: {}\n", kinds: [.csv, .image]).words.contains("'columns' is not a key here"))
    }
}
