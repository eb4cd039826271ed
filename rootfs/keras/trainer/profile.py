"""What the data are: rows, columns, classes, split. Computed before anything trains, in bounded time and memory."""

import hashlib

import numpy

from .definition import Definition
from .fault import printable
from .report import fitting
from .split import Split
from .table import Table

MOST_SORTED = 20_000_000  # values; beyond it nothing is sorted, and what needs sorting is not known


def profile(table: Table, definition: Definition, labels: numpy.ndarray, label_map: dict[int, int], parts: Split) -> dict:
    """Statistics are of the file as it was read, before preprocessing, over the rows of both parts."""
    columns = [_column(name, table.features[:, number], definition.label == name) for number, name in enumerate(definition.features)]
    columns.append(_column(definition.label, table.labels, True))
    balance = _balance(labels, label_map, parts)
    facts = {
        "rows": len(table.labels),
        "columns_in_file": len(definition.features) + 1 + len(table.ignored),
        "missing_cells": 0,  # table.read refuses a row with an empty cell in any column that is used
        "duplicate_rows": _duplicates(table),
        "split": {
            "training_rows": len(parts.training), "validation_rows": len(parts.validation),
            "training_sha256": row_digest(parts.training), "validation_sha256": row_digest(parts.validation),
        },
    }
    return fitting("dataset", facts, {"columns": columns, "class_balance": balance})


def row_digest(rows: numpy.ndarray) -> str:
    """SHA-256 over the row numbers of a part, from 0, in ascending order, eight bytes each, little-endian."""
    return hashlib.sha256(numpy.sort(rows).astype("<i8").tobytes()).hexdigest()


def _column(name: str, column: numpy.ndarray, is_label: bool) -> dict:
    values = column.astype(numpy.float64)
    mean, variance = float(values.mean()), float(values.var())
    skewness = float(((values - mean) ** 3).mean() / variance**1.5) if variance > 0 else None
    is_small = len(values) <= MOST_SORTED
    return {
        "name": printable(name, 60), "type": "int" if is_label else "float", "missing": 0,
        "distinct": int(len(numpy.unique(values))) if is_small else None,
        "mean": mean, "variance": variance, "minimum": float(values.min()), "maximum": float(values.max()),
        "median": float(numpy.median(values)) if is_small else None, "skewness": skewness,
    }


def _duplicates(table: Table) -> int | None:
    """Rows that are equal to an earlier one in every column that is used."""
    if table.features.size > MOST_SORTED:
        return None
    rows = numpy.ascontiguousarray(numpy.column_stack([table.features.astype(numpy.float64), table.labels.astype(numpy.float64)]))
    rows += 0.0  # -0.0 and 0.0 are the same number and two byte patterns
    keys = rows.view(numpy.dtype((numpy.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return int(len(keys) - len(numpy.unique(keys)))


def _balance(labels: numpy.ndarray, label_map: dict[int, int], parts: Split) -> list[dict]:
    training = numpy.bincount(labels[parts.training], minlength=len(label_map))
    validation = numpy.bincount(labels[parts.validation], minlength=len(label_map)) if len(parts.validation) else numpy.zeros(len(label_map), int)
    return [{"label": label, "index": index, "training": int(training[index]), "validation": int(validation[index])}
            for label, index in label_map.items()]
