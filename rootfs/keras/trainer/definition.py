"""The dataset definition: which columns are features, which is the label, and what is done to the features."""

import dataclasses
import difflib
import math
import pathlib
import re

from . import strict_yaml
from .fault import Fault
from .strict_yaml import Mapping, Scalar, Sequence

_KEYS = ("type", "columns", "label", "input_shape", "output_shape", "preprocessing")
_STEPS = ("normalize", "scale", "clip")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_NUMERIC_TYPES = {"float", "float16", "float32", "float64", "double", "number", "int", "integer", "bool", "int8", "int16", "int32",
                  "int64", "uint8", "uint16", "uint32", "uint64"}


@dataclasses.dataclass(frozen=True)
class Preprocessing:
    normalize: bool = False
    scale: float | None = None
    clip: tuple[float, float] | None = None


@dataclasses.dataclass(frozen=True)
class Definition:
    features: tuple[str, ...]  # the order of the file, without the label
    label: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    preprocessing: Preprocessing
    name: str  # of the file, for messages


def read(path: pathlib.Path) -> Definition:
    with open(path, "rb") as file:
        content = file.read(strict_yaml.MOST_BYTES + 1)
    return _Checker(path.name).definition(strict_yaml.parse(content, path.name))


class _Checker:
    def __init__(self, name: str):
        self._name = name

    def definition(self, root) -> Definition:
        if not isinstance(root, Mapping):
            raise self._fault("definition-not-mapping", "the top level is no mapping", root, "start with `columns:`")
        self._known(root, _KEYS)
        kind = root.entries.get("type", Scalar("csv", True, 1))
        if not isinstance(kind, Scalar) or kind.text != "csv":
            raise self._fault("dataset-type-unsupported", f"the dataset type {getattr(kind, 'text', '(no name)')!r} is not supported",
                              kind, "this rootfs trains on `type: csv` (the default)")
        for key in ("columns", "label", "input_shape", "output_shape"):
            if key not in root.entries:
                raise self._fault("definition-key-missing", f"{key!r} is missing", root, f"add `{key}:`")
        columns, label = self._columns(root.entries["columns"]), self._text(root.entries["label"], "label")
        if label not in columns:
            raise self._fault("definition-label", f"the label {label!r} is not among the columns", root.entries["label"],
                              f"add it to `columns` or name one of: {', '.join(columns)}")
        features = tuple(column for column in columns if column != label)
        input_shape = self._shape(root.entries["input_shape"], "input_shape")
        if not features or math.prod(input_shape) != len(features):
            raise self._fault("shape-mismatch", f"input_shape {list(input_shape)} holds {math.prod(input_shape)} values, "
                              f"but columns name {len(features)} features", root.entries["input_shape"], "make the two agree")
        return Definition(features, label, input_shape, self._shape(root.entries["output_shape"], "output_shape"),
                          self._preprocessing(root.entries.get("preprocessing")), self._name)

    def _columns(self, node) -> list[str]:
        if not isinstance(node, Mapping) or not node.entries:
            raise self._fault("definition-columns", "columns must map names to types", node, "write `columns:` and below it `name: float`")
        for column, kind in node.entries.items():
            if not isinstance(kind, Scalar) or kind.text.lower() not in _NUMERIC_TYPES:
                raise self._fault("column-type-unsupported", f"column {column!r} has the type {getattr(kind, 'text', '(no name)')!r}",
                                  kind, "use float or int, and encode text as numbers before submitting")
        return list(node.entries)

    def _preprocessing(self, node) -> Preprocessing:
        if node is None or (isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")):
            return Preprocessing()
        if not isinstance(node, Mapping):
            raise self._fault("definition-preprocessing", "preprocessing must be a mapping", node, f"use the keys {', '.join(_STEPS)}")
        self._known(node, _STEPS)
        steps = node.entries
        normalize = self._truth(steps["normalize"]) if "normalize" in steps else False
        scale = self._number(steps["scale"], "scale") if "scale" in steps else None
        if scale == 0:
            raise self._fault("definition-scale", "scale 0 makes every feature 0", steps["scale"], "use another factor")
        clip = None
        if "clip" in steps:
            bounds = steps["clip"]
            if not isinstance(bounds, Sequence) or len(bounds.items) != 2:
                raise self._fault("definition-clip", "clip must be [low, high]", bounds, "write two numbers")
            clip = (self._number(bounds.items[0], "clip"), self._number(bounds.items[1], "clip"))
            if clip[0] >= clip[1]:
                raise self._fault("definition-clip", f"clip [{clip[0]}, {clip[1]}] leaves one value", bounds, "write the smaller bound first")
        return Preprocessing(normalize, scale, clip)

    def _known(self, node: Mapping, keys) -> None:
        for key in node.entries:
            if key not in keys:
                near = difflib.get_close_matches(key.lower(), keys, 1, 0.5)
                raise Fault("definition-unknown-key", f"{key!r} is not a key here", f"{self._name} line {node.lines[key]}",
                            f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(keys)}")

    def _shape(self, node, key: str) -> tuple[int, ...]:
        sizes = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else []
        if not sizes or len(sizes) != len(node.items) or len(sizes) > 8 or not all(re.fullmatch("[1-9][0-9]{0,8}", size) for size in sizes):
            raise self._fault("definition-shape", f"{key} must list whole numbers from 1", node, f"write for example `{key}: [13]`, without the batch")
        return tuple(int(size) for size in sizes)

    def _text(self, node, key: str) -> str:
        if not isinstance(node, Scalar) or not node.text:
            raise self._fault("definition-value", f"{key} must be a name", node, "name one column")
        return node.text

    def _truth(self, node) -> bool:
        text = node.text.lower() if isinstance(node, Scalar) else ""
        if text not in ("true", "false"):
            raise self._fault("definition-value", "normalize must be true or false", node, "write true or false")
        return text == "true"

    def _number(self, node, key: str) -> float:
        if not isinstance(node, Scalar) or not _NUMBER.fullmatch(node.text) or not math.isfinite(float(node.text)):
            raise self._fault("definition-value", f"{key} must be a finite number", node, "write a decimal number")
        return float(node.text)

    def _fault(self, code: str, message: str, node, remedy: str) -> Fault:
        return Fault(code, message, f"{self._name} line {node.line}" if node is not None else self._name, remedy)
