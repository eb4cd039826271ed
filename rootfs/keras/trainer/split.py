"""Which rows are trained on, which only measured, and in what order: functions of the seed and nothing else."""

import dataclasses

import numpy

from .fault import Fault

_SPLIT, _ORDER = 1, 2  # separate streams: the order of an epoch says nothing about the split


@dataclasses.dataclass(frozen=True)
class Split:
    training: numpy.ndarray  # row numbers
    validation: numpy.ndarray


def split(rows: int, share: float, seed: int) -> Split:
    """One seeded permutation of all rows, made once and before anything looks at a value; its tail is for validation.

    A permutation rather than the file's tail, because files are often sorted by class. Batches are drawn later from
    `training` alone, so no reshuffling can carry a validation row into training.
    """
    order = _generator(seed, _SPLIT).permutation(rows)
    held_back = int(rows * share)
    if share > 0 and held_back == 0:
        raise Fault("too-few-rows", f"{share} of {rows} rows is less than one row for validation", "parameter validation_split",
                    "add rows, raise validation_split, or set it to 0")
    if held_back >= rows:
        raise Fault("too-few-rows", f"{share} of {rows} rows leaves none to train on", "parameter validation_split", "lower it")
    return Split(numpy.sort(order[: rows - held_back]), numpy.sort(order[rows - held_back:]))


def epoch_order(rows: int, seed: int, epoch: int, lap: int = 0) -> numpy.ndarray:
    """The order of the training rows in one epoch. Depends on the epoch's number, not on how many ran before it, so that a
    run with `initial_epoch` goes through the same orders as an uninterrupted one."""
    return _generator(seed, _ORDER, epoch, lap).permutation(rows)


def _generator(*numbers: int) -> numpy.random.Generator:
    return numpy.random.Generator(numpy.random.PCG64(numpy.random.SeedSequence(numbers)))


def check_batches(training: int, validation: int, parameters: dict) -> tuple[int, int]:
    """The effective steps for training and validation."""
    size = parameters["batch_size"]
    if size > training:
        raise Fault("too-few-rows", f"a batch of {size} is more than the {training} training rows", "parameter batch_size",
                    f"lower batch_size to {training} or less")
    available = -(-validation // size)
    wanted = parameters["validation_steps"] or available
    if wanted > available:
        raise Fault("parameter-out-of-range", f"validation_steps {wanted}, but the validation rows make {available} batches",
                    "parameter validation_steps", f"give {available} or less, or null for all")
    return parameters["steps_per_epoch"] or -(-training // size), wanted
