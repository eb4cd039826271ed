"""model.weights.h5 walked without reading one value: no link that leaves the file, no size that is only claimed."""

import io

import h5py

from .archive import WEIGHTS
from .fault import Fault

MOST_OBJECTS = 100_000
MOST_DEPTH = 40
_SAVE_AGAIN = "save the model again with model.save('model.keras')"


def check(content: bytes, name: str) -> None:
    where = f"{name} entry {WEIGHTS!r}"
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            _walk(file, len(content), where)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise Fault("model-weights-damaged", f"the weights are no readable HDF5: {error}", where, _SAVE_AGAIN) from None


def _walk(file: h5py.File, size: int, where: str) -> None:
    pending, objects, stored = [(file, "", 0)], 0, 0
    while pending:
        group, path, depth = pending.pop()
        for key in group:
            place, objects = f"{path}/{key}", objects + 1
            if objects > MOST_OBJECTS or depth > MOST_DEPTH:  # a group that contains itself ends here too
                raise Fault("model-weights-refused", "too many objects or too deep", where, _SAVE_AGAIN)
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise Fault("model-weights-link", f"{place} is a link instead of data", where, _SAVE_AGAIN)
            item = group[key]
            if isinstance(item, h5py.Group):
                pending.append((item, place, depth + 1))
            elif isinstance(item, h5py.Dataset):
                stored += _dataset(item, place, where)
                if stored > size:
                    raise Fault("model-weights-claim", f"up to {place} the file claims {stored} bytes of values and has {size}", where, _SAVE_AGAIN)
            else:
                raise Fault("model-weights-refused", f"{place} is neither group nor dataset", where, _SAVE_AGAIN)


def _dataset(item: h5py.Dataset, place: str, where: str) -> int:
    if item.external or item.is_virtual:
        raise Fault("model-weights-external", f"{place} keeps its values in another file", where, _SAVE_AGAIN)
    if item.dtype.kind not in "biufcV" or item.dtype.hasobject:
        raise Fault("model-weights-refused", f"{place} holds {item.dtype}, not numbers", where, _SAVE_AGAIN)
    if item.id.get_storage_size() < item.nbytes:
        raise Fault("model-weights-claim", f"{place} claims {item.nbytes} bytes and stores {item.id.get_storage_size()}", where,
                    "save the weights without compression, as Keras does")
    return item.nbytes
