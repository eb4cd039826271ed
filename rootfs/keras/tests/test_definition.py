import unittest

from trainer import definition, strict_yaml

from .submission import DEFINITION, Case

SEED_DOCUMENT = """columns:
  feature1: float
  feature10: float
  feature11: float
  feature12: float
  feature13: float
  feature2: float
  feature3: float
  feature4: float
  feature5: float
  feature6: float
  feature7: float
  feature8: float
  feature9: float
  label: int
input_shape:
- 13
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


class DefinitionTests(Case):
    def read(self, text):
        return definition.read(self.file("definition.yaml", text))

    def test_the_published_example_reads_verbatim(self):
        wanted = self.read(SEED_DOCUMENT)
        self.assertEqual(wanted.features[:3], ("feature1", "feature10", "feature11"))
        self.assertEqual(len(wanted.features), 13)
        self.assertEqual((wanted.label, wanted.input_shape, wanted.output_shape), ("label", (13,), (1,)))
        self.assertEqual(wanted.preprocessing, definition.Preprocessing(True, 1.0, (0.0, 1.0)))

    def test_names_that_yaml_would_turn_into_values_stay_names(self):
        wanted = self.read("columns: {no: float, 2024-01-01: float, 1: float, y: int}\nlabel: y\ninput_shape: [3]\noutput_shape: [1]\n")
        self.assertEqual(wanted.features, ("no", "2024-01-01", "1"))

    def test_refusals(self):
        for code, where, text in [
            ("definition-duplicate-key", "line 9", DEFINITION + "label: a\n"),
            ("definition-duplicate-key", "line 3", "columns:\n  a: float\n  a: int\nlabel: a\n"),
            ("definition-alias", "line 9", DEFINITION + "preprocessing: &x {normalize: true}\n"),
            ("definition-alias", "line 9", DEFINITION + "preprocessing: *x\n"),
            ("definition-alias", "line 9", DEFINITION + "<<: {type: csv}\n"),
            ("definition-tag", "line 9", DEFINITION + "type: !!python/object/apply:os.system [id]\n"),
            ("definition-tag", "line 9", DEFINITION + "type: !!str csv\n"),
            ("definition-too-deep", "line 9", DEFINITION + "preprocessing: " + "[" * 25 + "]" * 25 + "\n"),
            ("definition-documents", "", DEFINITION + "---\na: 1\n"),
            ("definition-not-yaml", "line", DEFINITION + "preprocessing: {a: 1\n"),
            ("definition-not-yaml", "line 9", DEFINITION + "\tlabel: b\n"),
            ("definition-not-mapping", "", "- a\n"),
            ("definition-not-mapping", "", ""),
            ("definition-key", "line 9", DEFINITION + "[a, b]: 1\n"),
            ("definition-unknown-key", "line 9", DEFINITION + "preprocesing:\n  normalize: true\n"),
            ("definition-unknown-key", "line 10", DEFINITION + "preprocessing:\n  normalise: true\n"),
            ("dataset-type-unsupported", "line 9", DEFINITION + "type: image\n"),
            ("definition-key-missing", "", DEFINITION.replace("label: y\n", "")),
            ("definition-label", "line 6", DEFINITION.replace("label: y", "label: z")),
            ("definition-columns", "line 1", "columns: []\nlabel: y\ninput_shape: [1]\noutput_shape: [1]\n"),
            ("column-type-unsupported", "line 2", DEFINITION.replace("a: float", "a: string")),
            ("shape-mismatch", "line 7", DEFINITION.replace("[3]", "[4]")),
            ("definition-shape", "line 7", DEFINITION.replace("[3]", "[three]")),
            ("definition-shape", "line 7", DEFINITION.replace("[3]", "3")),
            ("definition-shape", "line 8", DEFINITION.replace("[2]", "[0]")),
            ("definition-preprocessing", "line 9", DEFINITION + "preprocessing: true\n"),
            ("definition-value", "line 9", DEFINITION + "preprocessing: {normalize: 1}\n"),
            ("definition-value", "line 9", DEFINITION + "preprocessing: {scale: .inf}\n"),
            ("definition-value", "line 9", DEFINITION + "preprocessing: {scale: 1_000}\n"),
            ("definition-scale", "line 9", DEFINITION + "preprocessing: {scale: 0}\n"),
            ("definition-clip", "line 9", DEFINITION + "preprocessing: {clip: [1, 0]}\n"),
            ("definition-clip", "line 9", DEFINITION + "preprocessing: {clip: [1]}\n"),
        ]:
            with self.subTest(code=code, text=text[-60:]), self.refused(code, where):
                self.read(text)

    def test_an_unknown_key_names_its_nearest_neighbour(self):
        try:
            self.read(DEFINITION + "output_shap: [2]\n")
        except definition.Fault as fault:
            self.assertIn("output_shape", fault.remedy)
        else:
            self.fail("accepted")

    def test_size_and_encoding(self):
        with self.refused("definition-too-large"):
            self.read("#" * (strict_yaml.MOST_BYTES + 1))
        with self.refused("definition-not-utf8"):
            definition.read(self.file("definition.yaml", b"columns: {\xff: float}"))

    def test_a_billion_laughs_costs_nothing(self):
        bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi"))
        with self.refused("definition-alias", "line 1"):
            self.read(bomb)


if __name__ == "__main__":
    unittest.main()
