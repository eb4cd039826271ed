"""Writes the fixtures of the seed's example definition: 13 features and one sigmoid output. Needs the keras rootfs:

    aibom run --rootfs keras --in FOLDER_WITH_THIS_FILE --out FOLDER -- /usr/bin/python3.11 -s -P -B /in/make_seed.py /out
"""

import os
import pathlib
import random
import sys
import zipfile

os.environ |= {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "HOME": "/tmp", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}
sys.path.insert(0, "/opt/aibom")

import keras  # noqa: E402

from trainer import output  # noqa: E402


def rows(count: int) -> str:
    """The label is 1 when the features sum to more than they do on average."""
    chance = random.Random(13)
    lines = [",".join([f"feature{number}" for number in range(1, 14)] + ["label"])]
    for _ in range(count):
        features = [chance.random() for _ in range(13)]
        lines.append(",".join([f"{value:.4f}" for value in features] + [str(int(sum(features) > 6.5))]))
    return "\n".join(lines) + "\n"


def seed_model() -> keras.Model:
    keras.utils.set_random_seed(13)
    model = keras.Sequential([
        keras.Input((13,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid"),
    ], name="seed")
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def lambda_model() -> keras.Model:
    model = keras.Sequential([
        keras.Input((13,)), keras.layers.Lambda(lambda value: value * 2), keras.layers.Dense(1, activation="sigmoid"),
    ], name="code")
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def bomb(model: pathlib.Path, place: pathlib.Path) -> None:
    """The model with 16 MB of zeros for its weights, deflated to nearly nothing."""
    with zipfile.ZipFile(model) as source, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            target.writestr(entry, bytes(16_000_000) if name.endswith(".h5") else source.read(name))


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    (folder / "seed.csv").write_text(rows(60))
    for name, model in (("seed", seed_model()), ("lambda", lambda_model())):
        output.save_model(model, folder)
        (folder / output.MODEL).rename(folder / f"{name}.keras")
    bomb(folder / "seed.keras", folder / "bomb.keras")
