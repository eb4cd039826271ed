"""What the job says of the data, against values that are known by hand."""

import hashlib
import struct
import unittest


from trainer import definition, preprocess, profile, split, table
from trainer.report import LINE_LIMIT, encode

from .submission import Case

DEFINITION = "columns:\n  a: float\n  b: float\n  y: int\nlabel: y\ninput_shape: [2]\noutput_shape: [2]\n"


class ProfileTests(Case):
    def profiled(self, csv: str, text: str = DEFINITION, share: float = 0.25) -> dict:
        wanted = definition.read(self.file("definition.yaml", text))
        data = table.read(self.file("dataset.csv", csv), wanted)
        labels, label_map = preprocess.remap(data.labels)
        self.parts = split.split(len(labels), share, 7)
        return profile.profile(data, wanted, labels, label_map, self.parts)

    def test_statistics_are_those_of_the_file(self):
        facts = self.profiled("a,b,y,z\n1,5,3,x\n2,5,9,x\n3,5,3,x\n4,5,9,x\n")
        self.assertEqual((facts["rows"], facts["columns_in_file"], facts["duplicate_rows"], facts["missing_cells"]), (4, 4, 0, 0))
        self.assertEqual(facts["columns"][0], {"name": "a", "type": "float", "missing": 0, "distinct": 4, "mean": 2.5, "variance": 1.25,
                                               "minimum": 1.0, "maximum": 4.0, "median": 2.5, "skewness": 0.0})
        self.assertEqual((facts["columns"][1]["variance"], facts["columns"][1]["skewness"], facts["columns"][1]["distinct"]), (0.0, None, 1))
        self.assertEqual((facts["columns"][2]["name"], facts["columns"][2]["type"], facts["columns"][2]["maximum"]), ("y", "int", 9.0))

    def test_equal_rows_are_counted_once_each(self):
        self.assertEqual(self.profiled("a,b,y\n1,2,0\n1,2,0\n1,2,1\n-0,2,0\n0,2,0\n1,2,0\n")["duplicate_rows"], 3)

    def test_classes_add_up_to_the_rows_of_each_part(self):
        facts = self.profiled("a,b,y\n" + "".join(f"{i},{i},{i % 3 - 1}\n" for i in range(20)))
        self.assertEqual([(one["label"], one["index"]) for one in facts["class_balance"]], [(-1, 0), (0, 1), (1, 2)])
        self.assertEqual(sum(one["training"] for one in facts["class_balance"]), facts["split"]["training_rows"])
        self.assertEqual(sum(one["validation"] for one in facts["class_balance"]), facts["split"]["validation_rows"])
        self.assertEqual(facts["split"]["training_rows"] + facts["split"]["validation_rows"], 20)

    def test_the_digest_of_a_part_is_over_its_row_numbers(self):
        facts = self.profiled("a,b,y\n" + "1,2,0\n" * 8)
        rows = sorted(int(row) for row in self.parts.validation)
        self.assertEqual(facts["split"]["validation_sha256"], hashlib.sha256(struct.pack(f"<{len(rows)}q", *rows)).hexdigest())

    def test_wide_data_fit_the_line_and_say_what_was_cut(self):
        names = [f"feature_with_a_long_name_{i}" for i in range(500)]
        text = "columns:\n" + "".join(f"  {name}: float\n" for name in names) + "  y: int\nlabel: y\ninput_shape: [500]\noutput_shape: [2]\n"
        row = ",".join("0.123456789" for _ in names)
        facts = self.profiled(",".join([*names, "y"]) + "\n" + f"{row},0\n{row},1\n" * 4, text)
        self.assertLessEqual(len(encode({"event": "dataset", "facts": facts})), LINE_LIMIT)
        self.assertEqual(len(facts["columns"]) + facts["columns_cut"], 501)
        self.assertGreater(len(facts["columns"]), 0)

    def test_what_would_need_too_much_sorting_is_not_known(self):
        old, profile.MOST_SORTED = profile.MOST_SORTED, 3
        self.addCleanup(setattr, profile, "MOST_SORTED", old)
        facts = self.profiled("a,b,y\n" + "1,2,0\n" * 8)
        self.assertIsNone(facts["duplicate_rows"])
        self.assertEqual((facts["columns"][0]["median"], facts["columns"][0]["distinct"], facts["columns"][0]["mean"]), (None, None, 1.0))


if __name__ == "__main__":
    unittest.main()
