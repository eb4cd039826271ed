"""Small real models, made once: building one costs more than most tests."""

import functools
import pathlib
import tempfile

import keras


@functools.cache
def compiled(inputs: int = 3, outputs: int = 2, loss: str = "sparse_categorical_crossentropy", dropout: float = 0.0) -> bytes:
    keras.utils.set_random_seed(5)
    layers = [keras.Input((inputs,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dropout(dropout),
              keras.layers.Dense(outputs, activation="softmax" if outputs > 1 else "sigmoid")]
    model = keras.Sequential(layers)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return saved(model)


def saved(model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.keras")
        model.save(path)
        return path.read_bytes()
