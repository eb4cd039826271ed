"""Writes sample/model.keras: a small compiled classifier for the 13 wine columns. Run it with the image's own Python:

    python3.11 make_sample.py FOLDER
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import keras  # noqa: E402

from trainer import output  # noqa: E402


def model() -> keras.Model:
    keras.utils.set_random_seed(1992)
    classifier = keras.Sequential([
        keras.Input((13,)),
        keras.layers.Dense(32, activation="relu", name="hidden"),
        keras.layers.Dense(3, activation="softmax", name="cultivar"),
    ], name="wine")
    classifier.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    classifier.optimizer.build(classifier.trainable_variables)  # else Keras warns in every job that its state is missing
    return classifier


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    output.save_model(model(), folder)
    (folder / output.MODEL).rename(folder / "model.keras")
