"""Whole jobs: what is trained on, what is written, and how each ends."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

import keras
import numpy

from trainer import __main__ as program
from trainer import output, report, split, training

from . import models
from .submission import DEFINITION, Case, csv_rows
from .test_definition import SEED_DOCUMENT

FAST = {"epochs": 2, "batch_size": 8}
RUN = "import pathlib, sys; from trainer.__main__ import main; sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))"


class JobCase(Case):
    def setUp(self):
        super().setUp()
        self.output = self.folder / "out"
        self.output.mkdir()
        self.submit()

    def submit(self, model=None, dataset=None, definition=DEFINITION, **parameters):
        self.file("model.keras", models.compiled() if model is None else model)
        self.file("dataset.csv", csv_rows() if dataset is None else dataset)
        self.file("definition.yaml", definition)
        self.file("job.json", json.dumps({"schema": "aibom-job/1", "job_id": "t", "parameters": FAST | parameters, "inputs": {
            "model": "model.keras", "dataset": "dataset.csv", "definition": "definition.yaml"}}))

    def train(self) -> dict:
        """Runs the job in this process; returns the facts it reported."""
        path = self.folder / "report"
        descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        try:
            program.train(self.folder, self.output, report.Report(descriptor))
        finally:
            os.close(descriptor)
        self.events = [json.loads(line) for line in path.read_text().splitlines()]
        return self.events[-1]["facts"]

    def metrics(self) -> dict:
        return json.loads((self.output / "metrics.json").read_bytes())


class SemanticsTests(JobCase):
    def test_a_job_reports_what_it_did(self):
        facts = self.train()
        self.assertEqual([event["event"] for event in self.events], ["start", "dataset", "model", "epoch", "epoch", "result"])
        self.assertEqual({key: facts[key] for key in ("seed", "epochs_run", "batch_size", "steps_per_epoch", "training_rows", "validation_rows",
                                                      "features", "label", "optimizer", "loss")},
                         {"seed": 0, "epochs_run": 2, "batch_size": 8, "steps_per_epoch": 4, "training_rows": 32, "validation_rows": 8,
                          "features": ["a", "b", "c"], "label": "y", "optimizer": "Adam",
                          "loss": "sparse_categorical_crossentropy"})
        self.assertEqual(facts["parameters"], {**FAST, "validation_split": 0.2, "initial_epoch": 0, "steps_per_epoch": None,
                                               "validation_steps": None, "validation_freq": 1, "seed": 0})
        model = self.events[2]["facts"]
        self.assertEqual((model["parameter_count"], model["trainable_parameters"], model["class"]), (26, 26, "Sequential"))
        self.assertEqual(model["layers"][0], {"name": model["layers"][0]["name"], "class": "Dense", "output_shape": [None, 4], "parameters": 16})
        self.assertEqual(model["versions"]["keras"], keras.__version__)
        self.assertEqual(set(self.metrics()), {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"})

    def test_the_published_example_trains_verbatim(self):
        header = [f"feature{i}" for i in range(1, 14)] + ["label"]
        lines = [",".join(str((i * j) % 17) for j in range(1, 14)) + f",{i % 2}" for i in range(1, 61)]
        self.submit(models.compiled(13, 1, "binary_crossentropy"), "\n".join([",".join(header), *lines]) + "\n", SEED_DOCUMENT)
        facts = self.train()
        self.assertEqual((facts["features"][1], facts["preprocessing"]["clip"], facts["preprocessing"]["statistics_rows"]), ("feature10", [0.0, 1.0], 48))

    def test_each_epoch_trains_on_every_training_row_once_and_on_no_other(self):
        features, labels = numpy.arange(32, dtype=numpy.float32).reshape(32, 1), numpy.zeros(32, numpy.int64)
        batches = training.Batches((features, labels), 5, 7, 3)
        seen = []
        for epoch in range(2):
            batches.start(epoch)
            seen.append([int(value) for index in range(len(batches)) for value in batches[index][0][:, 0]])
            self.assertEqual(sorted(seen[-1]), list(range(32)))
        self.assertNotEqual(*seen)

    def test_keras_draws_each_epoch_in_the_order_of_that_epoch(self):
        """Whatever Keras prefetches, the rows of epoch n must be those that `epoch_order` gives for n."""
        drawn = []

        class Watched(training.Batches):
            def __getitem__(self, index):
                features, labels = super().__getitem__(index)
                drawn.append((self.epoch, [int(value) for value in features[:, 0]]))
                return features, labels

        rows = (numpy.arange(20, dtype=numpy.float32).reshape(20, 1), numpy.zeros((20,), numpy.int64))
        batches = Watched(rows, 6, 4, 9)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, activation="softmax")])
        model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
        plan = training.Plan({"epochs": 5, "initial_epoch": 2}, 4, 0)
        model.fit(batches, epochs=5, initial_epoch=2, shuffle=False, verbose=0, callbacks=[training.Recorder(batches, plan, report.Report(None))])
        for epoch in range(2, 5):
            rows_of_epoch = [row for number, batch in drawn if number == epoch for row in batch]
            self.assertEqual(rows_of_epoch, split.epoch_order(20, 9, epoch).tolist())

    def test_validation_rows_never_reach_training(self):
        seen = {"training": set(), "validation": set()}
        original = training.fit

        def watch(model, rows, plan, stream):
            seen["training"] |= {tuple(row) for row in rows.training[0].tolist()}
            seen["validation"] |= {tuple(row) for row in rows.validation[0].tolist()}
            return original(model, rows, plan, stream)

        training.fit = watch
        self.addCleanup(setattr, training, "fit", original)
        self.train()
        self.assertEqual((len(seen["training"]), len(seen["validation"])), (32, 8))
        self.assertFalse(seen["training"] & seen["validation"])

    def test_no_validation(self):
        self.submit(validation_split=0)
        self.assertEqual(self.train()["validation_rows"], 0)
        self.assertEqual(set(self.metrics()), {"epoch", "loss", "accuracy"})

    def test_initial_epoch_validation_freq_and_steps(self):
        self.submit(epochs=7, initial_epoch=3, validation_freq=2, steps_per_epoch=9, validation_steps=1)
        facts = self.train()
        self.assertEqual((facts["epochs_run"], facts["last_epoch"], facts["steps_per_epoch"], facts["validation_steps"]), (4, 7, 9, 1))
        self.assertEqual(self.metrics()["epoch"], [4, 5, 6, 7])
        self.assertEqual([value is None for value in self.metrics()["val_loss"]], [False, True, False, True])

    def test_labels_with_gaps_and_extra_columns_are_reported(self):
        self.submit(dataset=csv_rows().replace("a,b,c,y", "a,b,c,y,note").replace(",0\n", ",5,x\n").replace(",1\n", ",9,x\n"))
        facts = self.train()
        self.assertEqual((facts["label_map"], facts["ignored_columns"]), ({"5": 0, "9": 1}, ["note"]))

    def test_a_table_can_feed_a_shaped_input(self):
        model = keras.Sequential([keras.Input((3, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")])
        model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
        self.submit(models.saved(model), definition=DEFINITION.replace("[3]", "[3, 1]"))
        self.assertEqual(self.train()["input_shape"], [3, 1])

    def test_a_wide_table_still_fits_one_line(self):
        names = [f"measurement_number_{i:04}_of_many_with_a_long_name" for i in range(700)]
        definition = "columns:\n" + "".join(f"  {name}: float\n" for name in names) + "  y: int\nlabel: y\ninput_shape: [700]\noutput_shape: [2]\npreprocessing: {normalize: true}\n"
        rows = "\n".join([",".join([*names, "y"]), *(",".join([str(i % 7 + 0.1)] * 700 + [str(i % 2)]) for i in range(40))])
        self.submit(models.compiled(700), rows, definition)
        facts = self.train()
        self.assertEqual(len(facts["features"]) + facts["features_cut"], 700)
        self.assertLess(len(report.encode(self.events[-1])), report.LINE_LIMIT)

    def test_mismatches_are_named(self):
        for code, saying, changes in [
            ("shape-mismatch", "input shape is [3]", {"definition": DEFINITION.replace("[3]", "[3, 1]")}),
            ("shape-mismatch", "output shape is [2]", {"definition": DEFINITION.replace("[2]", "[3]")}),
            ("shape-mismatch", "3 classes", {"dataset": csv_rows().replace("0,0.0,0,0\n", "0,0.0,0,2\n")}),
            ("loss-unsuitable", "one-hot", {"model": models.compiled(3, 2, "categorical_crossentropy")}),
            ("model-cannot-train", "", {"model": models.compiled(3, 2, "binary_crossentropy")}),
            ("too-few-rows", "batch", {"batch_size": 33}),
        ]:
            with self.subTest(saying=saying), self.refused(code, saying=saying):
                self.submit(**changes)
                self.train()

    def test_two_inputs(self):
        one, two = keras.Input((3,)), keras.Input((3,))
        model = keras.Model([one, two], keras.layers.Dense(2)(keras.layers.Add()([one, two])))
        model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
        self.submit(models.saved(model))
        with self.refused("shape-mismatch", saying="2 inputs"):
            self.train()


class DeterminismTests(JobCase):
    def digest(self) -> tuple[bytes, bytes]:
        self.train()
        return tuple((self.output / name).read_bytes() for name in (output.MODEL, output.METRICS))

    def test_same_seed_same_bytes_other_seed_other_bytes(self):
        self.submit(models.compiled(dropout=0.5))
        first = self.digest()
        self.assertEqual(first, self.digest())
        self.submit(models.compiled(dropout=0.5), seed=1)
        self.assertNotEqual(first[0], self.digest()[0])

    def test_shared_objects_leave_no_address(self):
        """Keras marks an object that is used twice with id(), which no two processes share."""
        def build():
            shared = keras.initializers.GlorotUniform(seed=3)
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, kernel_initializer=shared),
                                      keras.layers.Dense(2, kernel_initializer=shared, activation="softmax", name="last")])
            model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
            return model

        files = []
        for run in range(2):
            keras.utils.clear_session()
            keep = [bytearray(10_000 * run)]  # another layout of memory
            output.save_model(build(), self.output)
            files.append((self.output / output.MODEL).read_bytes())
            del keep
        self.assertIn(b'"shared_object_id": 1', files[0])
        self.assertEqual(*files)
        keras.saving.load_model(self.output / output.MODEL)

    def test_the_output_loads_and_goes_on_training(self):
        self.train()
        trained = (self.output / output.MODEL).read_bytes()
        self.submit(trained, epochs=3, initial_epoch=2)
        self.assertEqual(self.train()["epochs_run"], 1)


class ProcessTests(JobCase):
    """Exit codes and last words, from outside."""

    def start(self, before=""):
        reader, writer = os.pipe()
        process = subprocess.Popen([sys.executable, "-s", "-P", "-B", "-c", before + RUN, self.folder, self.output], pass_fds=[writer],
                                   env=os.environ | {"AIBOM_REPORT_FD": str(writer)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        os.close(writer)
        self.addCleanup(os.close, reader)
        return process, reader

    def finish(self, before=""):
        process, reader = self.start(before)
        _, errors = process.communicate(timeout=120)
        with open(os.dup(reader)) as stream:
            return process.returncode, [json.loads(line) for line in stream], errors

    def test_a_user_error_is_2_with_one_error_event(self):
        self.submit(dataset="a,b,y\n1,2,0\n")
        code, events, errors = self.finish()
        self.assertEqual((code, [event["event"] for event in events]), (2, ["start", "error"]))
        self.assertEqual(set(events[1]), {"event", "code", "message", "where", "remedy"})
        self.assertEqual((events[1]["code"], events[1]["where"]), ("missing-column", "dataset.csv line 1"))
        self.assertIn("remedy:", errors)

    def test_what_nobody_foresaw_is_1_and_its_traceback_stays_in_the_log(self):
        (self.folder / "out").rmdir()
        self.output = self.folder / "nowhere"
        code, events, errors = self.finish()
        self.assertEqual((code, events[-1]["code"]), (1, "internal"))
        self.assertIn("Traceback", errors)
        self.assertNotIn("Traceback", json.dumps(events))

    def test_full_disk(self):
        for name in (output.METRICS, output.MODEL):
            with self.subTest(name=name):
                (self.output / name).unlink(missing_ok=True)
                (self.output / name).symlink_to("/dev/full")
                code, events, _ = self.finish()
                self.assertEqual((code, events[-1]["code"], events[-1]["where"]), (2, "disk-full", f"/out/{name}"))
                (self.output / name).unlink()

    def test_file_size_limit(self):
        code, events, _ = self.finish("import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); ")
        self.assertEqual((code, events[-1]["code"]), (2, "disk-full"))

    def test_the_signal_to_end_is_obeyed_inside_native_code(self):
        self.submit(epochs=100000)
        process, reader = self.start()
        with open(os.dup(reader)) as stream:
            while json.loads(stream.readline())["event"] != "epoch":
                pass
            begin = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
            self.assertLess(time.monotonic() - begin, 2)
            last = [json.loads(line) for line in stream][-1]
        self.assertEqual((process.returncode, last["event"], last["code"]), (1, "error", "terminated"))


if __name__ == "__main__":
    unittest.main()
