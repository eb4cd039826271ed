"""The two outputs, written so that the same inputs and seed give the same bytes."""

import contextlib
import errno
import json
import os
import pathlib
import zipfile

from .archive import CONFIG, METADATA
from .fault import Fault
from .report import finite

MODEL, METRICS = "trained_model.keras", "metrics.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FULL = {errno.ENOSPC: "no space left", errno.EDQUOT: "the quota is used up", errno.EFBIG: "the file-size limit is reached"}


@contextlib.contextmanager
def writing(place: str):
    """HDF5 reports a full disk in words only, so those are read as well."""
    try:
        yield
    except OSError as error:
        number = error.errno if error.errno in _FULL else next((n for n in _FULL if f"errno = {n}," in str(error)), None)
        if number is None:
            raise
        raise Fault("disk-full", f"{_FULL[number]} while writing {place}", place,
                    "raise the output limit of the job's policy, or submit a smaller model") from None


def save_model(model, folder: pathlib.Path) -> None:
    """Keras writes the time into metadata.json and into the zip; nothing else differs from run to run, except that an
    object used twice is marked with its address in memory."""
    path = folder / MODEL
    with writing(f"/out/{MODEL}"):
        model.save(path)
        with zipfile.ZipFile(path) as archive:
            contents = {name: archive.read(name) for name in sorted(archive.namelist())}
        contents[METADATA] = _metadata(contents[METADATA])
        contents[CONFIG] = _config(contents[CONFIG])
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for name, content in contents.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)


def _metadata(content: bytes) -> bytes:
    return json.dumps({**json.loads(content), "date_saved": "1980-01-01@00:00:00"}, sort_keys=True).encode()


def _config(content: bytes) -> bytes:
    """Addresses become 1, 2, 3, … in order of appearance, which is all that Keras needs to tell them apart."""
    numbers: dict[int, int] = {}

    def renumber(value):
        if isinstance(value, dict):
            return {key: numbers.setdefault(item, len(numbers) + 1) if key == "shared_object_id" and isinstance(item, int) else renumber(item)
                    for key, item in value.items()}
        return [renumber(item) for item in value] if isinstance(value, list) else value

    return json.dumps(renumber(json.loads(content))).encode()


def save_metrics(document: dict, folder: pathlib.Path) -> None:
    with writing(f"/out/{METRICS}"), open(folder / METRICS, "w", encoding="utf-8") as file:
        json.dump(finite(document), file, allow_nan=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
