"""Model files made to hurt. Each is refused for its own reason, before Keras reads it."""

import io
import struct
import unittest
import unittest.mock
import zipfile

import h5py
import keras
import numpy

from trainer import archive, model_config, training, weights

from . import models, submission
from .submission import Case, entries_of, reconfigured


class ArchiveTests(Case):
    def read(self, content):
        return archive.read(self.file("model.keras", content))

    def test_a_real_model_passes_every_check(self):
        contents = self.read(models.compiled())
        weights.check(contents.weights, "model.keras")
        model_config.resolve(model_config.check(contents.config, "model.keras"), keras)

    def test_refusals(self):
        good = entries_of(models.compiled())
        link = zipfile.ZipInfo("model.weights.h5")
        link.external_attr = 0o120777 << 16
        for code, content in [
            ("model-empty", b""),
            ("model-is-hdf5", b"\x89HDF\r\n\x1a\n" + bytes(100)),
            ("model-not-keras-archive", b"#!/bin/sh\n"),
            ("model-not-keras-archive", b"PK"),
            ("model-damaged", models.compiled()[:2000]),
            ("model-damaged", models.compiled().replace(b'"class_name"', b'"class_nane"')),
            ("model-incomplete", submission.archive({name: good[name] for name in ("config.json", "metadata.json")})),
            ("model-unexpected-entry", submission.archive(good | {"assets/words.txt": b"x"})),
            ("model-unexpected-entry", submission.archive([*((n, c) for n, c in good.items() if n != link.filename), (link, b"/etc/passwd")])),
            ("model-unsafe-path", submission.archive(good | {"../x": b"x"})),
            ("model-unsafe-path", submission.archive(good | {"/etc/x": b"x"})),
            ("model-unsafe-path", submission.archive(good | {"a\\..\\x": b"x"})),
            ("model-too-many-entries", submission.archive({f"f{i}": b"" for i in range(100)})),
            ("model-zip-bomb", submission.archive(good | {"config.json": b" " * 8_000_000}, zipfile.ZIP_DEFLATED)),
            ("model-too-large", submission.archive(good | {"config.json": b" " * (archive.MOST_JSON + 1)})),
            ("model-damaged", submission.archive(good | {"config.json": b"{"})),
            ("model-damaged", submission.archive(good | {"config.json": b"[]"})),
            ("model-config-too-deep", submission.archive(good | {"config.json": b"[" * 100_000})),
        ]:
            with self.subTest(code=code, size=len(content)), self.refused(code, "model.keras"):
                self.read(content)

    def test_an_entry_that_stands_twice(self):
        good = entries_of(models.compiled())
        with unittest.mock.patch("warnings.warn"), self.refused("model-duplicate-entry"):
            self.read(submission.archive([*good.items(), ("config.json", b"{}")]))

    def test_a_directory_that_lies_about_sizes_yields_no_more_than_it_declares(self):
        content = bytearray(submission.archive(entries_of(models.compiled()) | {"config.json": b" " * 900_000}, zipfile.ZIP_DEFLATED))
        at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"config.json"))
        content[at + 24: at + 28] = struct.pack("<I", 1000)
        with self.refused("model-damaged"):
            self.read(bytes(content))


class ConfigurationTests(Case):
    def judge(self, change):
        contents = archive.read(self.file("model.keras", reconfigured(models.compiled(), change)))
        model_config.resolve(model_config.check(contents.config, "model.keras"), keras)

    def test_refusals(self):
        def layer(**fields):
            return lambda config: config["config"]["layers"].append({"config": {}, "registered_name": None} | fields)

        def function(module, name, **more):
            return layer(module="keras.layers", class_name="Activation", config={
                "activation": {"module": module, "class_name": "function", "config": name, "registered_name": name} | more})

        for code, change in [
            ("model-lambda-layer", layer(module="keras.layers", class_name="Lambda")),
            ("model-lambda-layer", function("builtins", "f", class_name="__lambda__", config={"value": "4wE="})),
            ("model-layer-refused", layer(module="keras.layers", class_name="TFSMLayer", config={"filepath": "/x"})),
            ("model-layer-refused", layer(module="keras.layers", class_name="StringLookup", config={"vocabulary": "/etc/passwd"})),
            ("model-layer-refused", layer(module="keras.layers", class_name="TextVectorization")),
            ("model-layer-refused", layer(module="keras.layers", class_name="TorchModuleWrapper")),
            ("model-path-refused", layer(module="keras.layers", class_name="Dense", config={"vocabulary": "/etc/passwd"})),
            ("model-custom-object", layer(module="os", class_name="system")),
            ("model-custom-object", layer(module="keras_hub.layers", class_name="Dense")),
            ("model-custom-object", layer(module="kerasish", class_name="Dense")),
            ("model-custom-object", layer(module="builtins", class_name="exec")),
            ("model-custom-object", layer(module="keras.layers", class_name="Mine")),
            ("model-custom-object", layer(module="keras.layers", class_name="Dense", registered_name="mine>Dense")),
            ("model-custom-object", layer(module="keras.utils", class_name="get_file")),
            ("model-custom-object", layer(module="keras.src.utils.file_utils", class_name="get_file")),
            ("model-custom-object", layer(module="keras.callbacks", class_name="ModelCheckpoint")),
            ("model-custom-object", layer(module="keras.layers", class_name=["Dense"])),
            ("model-function-refused", function("keras.utils", "get_file")),
            ("model-function-refused", function("keras.config", "enable_unsafe_deserialization")),
            ("model-function-refused", function("keras.src.activations", "relu")),
            ("model-function-refused", function("builtins", "eval")),
            ("model-function-refused", function("builtins", {"module": "os"}, registered_name=None)),
            ("model-custom-object", function("os", "system")),
            ("model-custom-object", function("builtins", "relu", registered_name="mine>relu")),
        ]:
            config = {"config": {"layers": []}}
            change(config)
            with self.subTest(code=code, layer=config["config"]["layers"][0]), self.refused(code, "config.json"):
                self.judge(change)

    def test_nesting(self):
        def deepen(config):
            for _ in range(70):
                config["x"] = {}
                config = config["x"]

        with self.refused("model-config-too-deep"):
            self.judge(deepen)

    def test_keras_own_layers_pass(self):
        """The allow-list must not be so strict that it refuses what people train."""
        inputs = keras.Input((8, 8, 1))
        x = keras.layers.Conv2D(4, 3, activation="gelu", kernel_regularizer="l2", kernel_constraint="max_norm")(inputs)
        x = keras.layers.BatchNormalization()(x)
        x = keras.layers.LeakyReLU()(keras.layers.MaxPooling2D()(x))
        x = keras.layers.Dropout(0.2)(keras.layers.Flatten()(x))
        x = x + keras.layers.Dense(36, kernel_initializer=keras.initializers.HeNormal(seed=1))(x)
        model = keras.Model(inputs, keras.layers.Dense(3, activation=keras.activations.softmax)(keras.ops.relu(x)))
        schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
        model.compile(optimizer=keras.optimizers.SGD(schedule, momentum=0.9), loss=keras.losses.SparseCategoricalCrossentropy(),
                      metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2)])
        contents = archive.read(self.file("model.keras", models.saved(model)))
        model_config.resolve(model_config.check(contents.config, "model.keras"), keras)
        weights.check(contents.weights, "model.keras")

    def test_what_keras_itself_refuses_is_named(self):
        def damage(config):
            config["config"]["layers"][1]["config"]["units"] = "many"

        path = self.file("model.keras", reconfigured(models.compiled(), damage))
        found = model_config.check(archive.read(path).config, "model.keras")
        with self.refused("model-not-loadable", "model.keras"):
            training.load(path, found, 0)

    def test_a_model_that_was_never_compiled(self):
        path = self.file("model.keras", reconfigured(models.compiled(), lambda config: config.update(compile_config=None)))
        with self.refused("model-not-compiled", "model.keras"):
            training.load(path, [], 0)


class WeightTests(Case):
    def refused_weights(self, code, fill):
        buffer = io.BytesIO()
        with h5py.File(buffer, "w") as file:
            fill(file)
        with self.subTest(code=code), self.refused(code, "model.weights.h5"):
            weights.check(buffer.getvalue(), "model.keras")

    def test_refusals(self):
        secret = str(self.file("secret", b"x" * 64))

        def external(file):
            file.create_dataset("w", (16,), "f4", external=[(secret, 0, 64)])

        def virtual(file):
            layout = h5py.VirtualLayout((4,), "f4")
            layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
            file.create_virtual_dataset("w", layout)

        self.refused_weights("model-weights-external", external)
        self.refused_weights("model-weights-external", virtual)
        self.refused_weights("model-weights-link", lambda file: file.__setitem__("w", h5py.ExternalLink("/etc/passwd", "/")))
        self.refused_weights("model-weights-link", lambda file: file.__setitem__("w", h5py.SoftLink("/elsewhere")))
        self.refused_weights("model-weights-claim", lambda file: file.create_dataset("w", (200_000, 200_000), "f4", chunks=True))
        self.refused_weights("model-weights-claim", lambda file: file.create_dataset("w", data=numpy.zeros(10_000), compression="gzip"))
        self.refused_weights("model-weights-refused", lambda file: file.create_dataset("w", data=["text"]))
        self.refused_weights("model-weights-refused", lambda file: file.__setitem__("a", numpy.dtype("f4")))
        self.refused_weights("model-weights-refused", lambda file: file.create_group("a").__setitem__("self", file["a"]))

    def test_many_names_for_one_dataset(self):
        def repeat(file):
            file["w0"] = numpy.zeros(1000)
            for i in range(1, 50):
                file[f"w{i}"] = file["w0"]

        self.refused_weights("model-weights-claim", repeat)

    def test_what_is_no_hdf5(self):
        with self.refused("model-weights-damaged"):
            weights.check(b"not hdf5", "model.keras")
        with self.refused("model-weights-damaged"):
            weights.check(entries_of(models.compiled())["model.weights.h5"][:3000], "model.keras")


if __name__ == "__main__":
    unittest.main()
