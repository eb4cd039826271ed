import time
import unittest

import numpy

from trainer import definition, table

from .submission import DEFINITION, Case, csv_rows


class TableTests(Case):
    def read(self, content, text=DEFINITION):
        wanted = definition.read(self.file("definition.yaml", text))
        return table.read(self.file("dataset.csv", content), wanted)

    def test_columns_come_in_the_order_of_the_definition(self):
        data = self.read("y,extra,c,b,a\n1,x,30,20,10\n0,x,3,2,1\n")
        numpy.testing.assert_array_equal(data.features, numpy.array([[10, 20, 30], [1, 2, 3]], numpy.float32))
        self.assertEqual(data.features.dtype, numpy.float32)
        self.assertEqual((data.labels.tolist(), data.labels.dtype, data.ignored), ([1, 0], numpy.int64, ("extra",)))

    def test_forms_that_are_fine(self):
        for content in ["\ufeffa,b,c,y\n1,2,3,0\n", "a,b,c,y\r\n1,2,3,0\r\n\r\n", '"a","b","c","y"\n"1"," 2 ",3,0\n',
                        "a,b,c,y\n1e0,+2,3.,0.0\n", "a, b ,c,y\n1,2,3,0", "a,b,c,y,größe_1\n1,2,3,0,x_1\n"]:
            with self.subTest(content=content):
                data = self.read(content)
                self.assertEqual((data.features.tolist(), data.labels.tolist()), ([[1.0, 2.0, 3.0]], [0]))

    def test_refusals(self):
        for code, where, saying, content in [
            ("csv-empty", "line 1", "", ""),
            ("csv-empty", "line 1", "", "\n1,2,3,0\n"),
            ("csv-no-rows", "", "", "a,b,c,y\n"),
            ("csv-duplicate-column", "line 1", "'b'", "a,b,b,y\n1,2,3,0\n"),
            ("missing-column", "line 1", "'c'", "a,b,y\n1,2,0\n"),
            ("missing-column", "line 1", "'y'", "a,b,c\n1,2,3\n"),
            ("missing-column", "line 1", "'a'", "a;b;c;y\n1;2;3;0\n"),
            ("csv-truncated-row", "line 3", "2 fields", "a,b,c,y\n1,2,3,0\n1,2\n"),
            ("csv-truncated-row", "line 2", "5 fields", "a,b,c,y\n1,2,3,0,9\n"),
            ("csv-not-a-number", "line 3", "'b' holds 'x'", "a,b,c,y\n1,2,3,0\n1,x,3,0\n"),
            ("csv-not-a-number", "line 2", "'a' holds ''", "a,b,c,y\n,2,3,0\n"),
            ("csv-not-a-number", "line 2", "'c' holds '1_000'", "a,b,c,y\n1,2,1_000,0\n"),
            ("csv-not-a-number", "line 2", "'c'", "a,b,c,y\n1,2,\u0663,0\n"),
            ("csv-not-finite", "line 4", "'b'", "a,b,c,y\n1,2,3,0\n\n1,nan,3,0\n"),
            ("csv-not-finite", "line 2", "'c'", "a,b,c,y\n1,2,-inf,0\n"),
            ("csv-not-finite", "line 2", "'a'", "a,b,c,y\n1e300,2,3,0\n"),
            ("label-not-integral", "line 2", "'0.5'", "a,b,c,y\n1,2,3,0.5\n"),
            ("label-not-integral", "line 2", "'red'", "a,b,c,y\n1,2,3,red\n"),
            ("label-not-integral", "line 2", "'nan'", "a,b,c,y\n1,2,3,nan\n"),
            ("label-not-integral", "line 2", "'inf'", "a,b,c,y\n1,2,3,inf\n"),
            ("label-not-integral", "line 2", "", "a,b,c,y\n1,2,3,9223372036854775808\n"),
            ("csv-malformed", "line", "", 'a,b,c,y\n1,"2,3,0\n'),
            ("csv-not-utf8", "", "", b"a,b,c,y\n1,2,\xff,0\n"),
        ]:
            with self.subTest(code=code, content=content), self.refused(code, where, saying):
                self.read(content)

    def test_large_labels_are_exact(self):
        self.assertEqual(self.read("a,b,c,y\n1,2,3,9007199254740993\n").labels.tolist(), [9007199254740993])

    def test_a_very_wide_file_is_read_in_one_pass(self):
        names, cells = [f"x{i}" for i in range(200_000)], ["0"] * 200_000
        begin = time.monotonic()
        data = self.read(",".join(["a", "b", "c", "y", *names]) + "\n" + ",".join(["1", "2", "3", "0", *cells]) + "\n")
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(len(data.ignored), 200_000)

    def test_forty_rows(self):
        self.assertEqual(self.read(csv_rows(40)).features.shape, (40, 3))


if __name__ == "__main__":
    unittest.main()
