"""Features as the model sees them: normalize, then scale, then clip; statistics from the training rows only."""

import dataclasses
import hashlib
import json
import math

import numpy

from .definition import Preprocessing
from .fault import Fault

EPSILON = 1e-8


@dataclasses.dataclass(frozen=True)
class Statistics:
    mean: tuple[float, ...]
    deviation: tuple[float, ...]  # of the population
    rows: int

    def digest(self) -> str:
        """Over exact hexadecimal floats, so that no rounding in print can hide a difference."""
        exact = [[number.hex() for number in numbers] for numbers in (self.mean, self.deviation)]
        return hashlib.sha256(json.dumps([*exact, self.rows]).encode()).hexdigest()


def statistics(training: numpy.ndarray) -> Statistics:
    """Column by column with correctly rounded sums: the result does not depend on the processor's vector width."""
    means, deviations = [], []
    for column in training.T:
        values = column.astype(numpy.float64)
        mean = math.fsum(values) / len(values)
        means.append(mean)
        deviations.append(math.sqrt(math.fsum((values - mean) ** 2) / len(values)))
    return Statistics(tuple(means), tuple(deviations), len(training))


def apply(features: numpy.ndarray, steps: Preprocessing, known: Statistics | None) -> numpy.ndarray:
    """In double precision, rounded to float32 once at the end."""
    values = features.astype(numpy.float64)
    if known is not None:
        values = (values - numpy.array(known.mean)) / (numpy.array(known.deviation) + EPSILON)
    if steps.scale is not None:
        values *= steps.scale
    if steps.clip is not None:
        values = numpy.clip(values, *steps.clip)
    with numpy.errstate(over="ignore"):
        result = values.astype(numpy.float32)
    if not numpy.isfinite(result).all():
        raise Fault("preprocessing-overflow", "a feature is no finite 32-bit number after preprocessing", "preprocessing", "use a smaller scale")
    return result


def remap(labels: numpy.ndarray) -> tuple[numpy.ndarray, dict[int, int]]:
    """Labels as 0..k-1 and the map from the file's values. A renaming of classes, not a statistic: it uses all rows."""
    values, dense = numpy.unique(labels, return_inverse=True)
    return dense.astype(numpy.int64), {int(value): index for index, value in enumerate(values)}
