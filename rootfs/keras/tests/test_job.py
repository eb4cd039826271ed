"""job.json, its parameters, and the report stream."""

import json
import os
import pathlib
import unittest

from trainer import job, report

from .submission import Case

SCHEMA = json.loads((pathlib.Path(job.__file__).parent.parent / "parameters.json").read_bytes())


class ParameterTests(Case):
    def test_defaults(self):
        self.assertEqual(job.parameters({}, SCHEMA), {
            "epochs": 50, "validation_split": 0.2, "initial_epoch": 0, "batch_size": 32, "steps_per_epoch": None,
            "validation_steps": None, "validation_freq": 1, "seed": 0})

    def test_refusals(self):
        for code, given in [
            ("parameter-out-of-range", {"epochs": 0}), ("parameter-out-of-range", {"validation_split": 1}),
            ("parameter-out-of-range", {"validation_split": -0.1}), ("parameter-out-of-range", {"seed": 2**32}),
            ("parameter-out-of-range", {"initial_epoch": 50}), ("parameter-out-of-range", {"batch_size": 0}),
            ("parameter-type", {"epochs": "5"}), ("parameter-type", {"epochs": True}), ("parameter-type", {"epochs": 5.5}),
            ("parameter-type", {"epochs": None}), ("parameter-type", {"validation_split": float("nan")}),
            ("parameter-unknown", {"learning_rate": 1}),
        ]:
            with self.subTest(given=given), self.refused(code):
                job.parameters(given, SCHEMA)

    def test_edges(self):
        self.assertEqual(job.parameters({"validation_split": 0, "seed": 2**32 - 1, "steps_per_epoch": None}, SCHEMA)["validation_split"], 0)

    def test_job_files(self):
        for content in ["{", "[]", "{}", '{"schema":"aibom-job/9"}', json.dumps({
                "schema": "aibom-job/1", "inputs": {"model": "../x", "dataset": "d", "definition": "e"}, "parameters": {}})]:
            with self.subTest(content=content), self.refused("job-invalid"):
                self.file("job.json", content)
                job.read(self.folder)
        self.file("job.json", json.dumps({"schema": "aibom-job/1", "parameters": {},
                                          "inputs": {"model": "m.keras", "dataset": "d.csv", "definition": "d.yaml"}}))
        with self.refused("input-missing", saying="m.keras"):
            job.read(self.folder)


class ReportTests(Case):
    def stream(self):
        path = self.folder / "report"
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
        self.addCleanup(os.close, descriptor)
        return path, report.Report(descriptor)

    def test_no_number_that_json_lacks(self):
        path, stream = self.stream()
        stream.send("epoch", metrics={"a": float("nan"), "b": float("inf"), "c": [-float("inf")], "d": 0.5})
        self.assertEqual(json.loads(path.read_bytes())["metrics"], {"a": "NaN", "b": "Infinity", "c": ["-Infinity"], "d": 0.5})

    def test_a_line_over_the_limit_is_not_sent(self):
        path, stream = self.stream()
        self.assertFalse(stream.send("result", facts={"x": "y" * report.LINE_LIMIT}))
        self.assertEqual(path.read_bytes(), b"")

    def test_a_flood_of_epochs_leaves_room_for_the_result(self):
        path, stream = self.stream()
        sent = [stream.send("epoch", epoch=n, metrics={"m": "x" * 4000}) for n in range(400)]
        self.assertIn(False, sent)
        self.assertTrue(stream.send("result", facts={"x": "y" * 15000}))
        self.assertLessEqual(path.stat().st_size, report.TOTAL_LIMIT)

    def test_the_longest_run_fits(self):
        self.assertEqual([report.epoch_stride(n) for n in (1, 50, 1000, 1001, 100000)], [1, 1, 1, 2, 100])

    def test_no_descriptor_and_no_reader_are_no_error(self):
        self.assertTrue(report.Report(None).send("start"))
        reader, writer = os.pipe()
        os.close(reader)
        self.assertFalse(report.Report(writer).send("start"))
        os.close(writer)


if __name__ == "__main__":
    unittest.main()
