"""The .keras file as a zip: looked at from outside before anything is unpacked.

Limits are read from the directory first and hold while reading too: zipfile never yields more than an entry declares.
"""

import dataclasses
import io
import json
import os
import pathlib
import stat
import struct
import zipfile

from .fault import Fault

METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
ENTRIES = {METADATA, CONFIG, WEIGHTS}
MOST_JSON = 16 * 1024 * 1024
MOST_BYTES = 2 * 1024 * 1024 * 1024
MOST_RATIO = 100  # keras stores, 1:1; deflate can reach 1032:1
RATIO_FLOOR = 1024 * 1024
MOST_DIRECTORY = 64 * 1024
_SAVE_AGAIN = "save the model again with model.save('model.keras') of Keras 3"


@dataclasses.dataclass(frozen=True)
class Contents:
    config: dict
    weights: bytes


def read(path: pathlib.Path) -> Contents:
    name = path.name
    with open(path, "rb") as file:
        _signature(file, name)
        _directory_size(file, name)
        try:
            with zipfile.ZipFile(file) as archive:
                _entries(archive.infolist(), name)
                config = _read(archive, CONFIG, name)
                _read(archive, METADATA, name)
                return Contents(_json(config, name), _read(archive, WEIGHTS, name))
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError, zipfile.zlib.error) as error:
            raise Fault("model-damaged", f"the archive can't be read: {error}", name, f"upload it again, or {_SAVE_AGAIN}") from None


def _signature(file: io.BufferedReader, name: str) -> None:
    start = file.read(8)
    if not start:
        raise Fault("model-empty", "the file has 0 bytes", name, "upload it again")
    if start == b"\x89HDF\r\n\x1a\n":
        raise Fault("model-is-hdf5", "this is a legacy HDF5 model, whatever its name says", name, _SAVE_AGAIN)
    if not start.startswith(b"PK\x03\x04"):
        raise Fault("model-not-keras-archive", "this is not a .keras archive: it does not begin as a zip", name, _SAVE_AGAIN)


def _directory_size(file: io.BufferedReader, name: str) -> None:
    """zipfile loads the whole directory before it shows one entry, so its size is looked up by hand."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Fault("model-damaged", "the archive has no directory at its end; the upload was cut off", name, "upload it again")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    if count > 16 or length > MOST_DIRECTORY:
        raise Fault("model-too-many-entries", f"the archive lists {count} entries in {length} bytes, a .keras file has three", name, _SAVE_AGAIN)
    file.seek(0)


def _entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    seen = set()
    for entry in entries:
        where = f"{name} entry {entry.filename!r}"
        path = pathlib.PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or entry.filename != entry.orig_filename:
            raise Fault("model-unsafe-path", "the entry's path leaves the archive", where, _SAVE_AGAIN)
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG) or entry.flag_bits & 1:
            raise Fault("model-unexpected-entry", "the entry is a link, a folder or encrypted", where, _SAVE_AGAIN)
        if entry.filename in seen:
            raise Fault("model-duplicate-entry", "the entry stands in the archive twice", where, _SAVE_AGAIN)
        if entry.filename not in ENTRIES:
            raise Fault("model-unexpected-entry", f"a .keras archive holds {', '.join(sorted(ENTRIES))} and nothing else here", where,
                        "models with asset files (vocabularies) are not supported; encode text before submitting")
        if entry.file_size > (MOST_BYTES if entry.filename == WEIGHTS else MOST_JSON):
            raise Fault("model-too-large", f"the entry unpacks to {entry.file_size} bytes", where, "submit a smaller model")
        if entry.file_size > RATIO_FLOOR and entry.file_size > MOST_RATIO * entry.compress_size:
            raise Fault("model-zip-bomb", f"{entry.compress_size} bytes unpack to {entry.file_size}", where, _SAVE_AGAIN)
        seen.add(entry.filename)
    if missing := sorted(ENTRIES - seen):
        raise Fault("model-incomplete", f"the archive has no {missing[0]}", name, _SAVE_AGAIN)


def _read(archive: zipfile.ZipFile, entry: str, name: str) -> bytes:
    declared = archive.getinfo(entry).file_size
    with archive.open(entry) as source:
        content = source.read(declared + 1)
    if len(content) != declared:
        raise Fault("model-damaged", f"{len(content)} bytes where the directory says {declared}", f"{name} entry {entry!r}", "upload it again")
    return content


def _json(content: bytes, name: str) -> dict:
    where = f"{name} entry {CONFIG!r}"
    try:
        config = json.loads(content)
    except RecursionError:
        raise Fault("model-config-too-deep", "the configuration is nested too deeply", where, _SAVE_AGAIN) from None
    except ValueError as error:
        raise Fault("model-damaged", f"the configuration is no JSON: {error}", where, _SAVE_AGAIN) from None
    if not isinstance(config, dict):
        raise Fault("model-damaged", "the configuration is no JSON object", where, _SAVE_AGAIN)
    return config
