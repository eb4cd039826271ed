"""What the job reports about its run. Long lists are cut to fit the line, and each cut says how much it took."""

import importlib.metadata
import math
import platform

from .definition import Definition
from .fault import printable
from .preprocess import EPSILON, Statistics
from .report import LINE_LIMIT, encode, fitting

_CAPS = (64, 32, 16, 8, 4, 2)
_ROOM = LINE_LIMIT - 1024
_PACKAGES = ("keras", "jax", "jaxlib", "numpy", "h5py", "PyYAML")


def assemble(model, definition: Definition, plan, table, labels: dict[int, int], known: Statistics | None, rows, recorder) -> dict:
    for cap in _CAPS:
        facts = _facts(cap, model, definition, plan, table, labels, known, rows, recorder)
        if len(encode(facts)) <= _ROOM:
            break
    return facts


def _facts(cap, model, definition, plan, table, labels, known, rows, recorder) -> dict:
    parameters = plan.parameters
    return {
        "seed": parameters["seed"],
        "parameters": parameters,
        "epochs_run": len(recorder.epochs),
        "last_epoch": recorder.epochs[-1],
        "batch_size": parameters["batch_size"],
        "steps_per_epoch": plan.steps,
        "validation_steps": plan.validation_steps,
        "training_rows": len(rows.training[1]),
        "validation_rows": len(rows.validation[1]) if rows.validation else 0,
        **_list("features", [printable(name, 60) for name in definition.features], cap),
        **_list("ignored_columns", [printable(name, 60) for name in table.ignored], cap),
        "label": printable(definition.label, 60),
        "classes": len(labels),
        **_mapping("label_map", {str(value): index for value, index in labels.items()}, cap),
        "input_shape": list(definition.input_shape),
        "output_shape": list(definition.output_shape),
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": _learning_rate(model.optimizer),
        "loss": printable(model.loss if isinstance(model.loss, str) else getattr(model.loss, "name", type(model.loss).__name__), 60),
        "preprocessing": _preprocessing(definition, known, cap),
        "metrics": {printable(name, 60): value for name, value in list(recorder.history[-1].items())[:cap]},
    }


def of_model(model) -> dict:
    """What was trained, and by which versions of what."""
    facts = {
        "class": type(model).__name__,
        "parameter_count": int(model.count_params()),
        "trainable_parameters": int(sum(math.prod(weight.shape) for weight in model.trainable_weights)),
        "versions": {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in _PACKAGES}},
    }
    return fitting("model", facts, {"layers": [_layer(layer) for layer in model.layers]})


def _preprocessing(definition: Definition, known: Statistics | None, cap: int) -> dict:
    steps, done = definition.preprocessing, {"normalize": definition.preprocessing.normalize}
    if known is not None:
        done |= {"epsilon": EPSILON, "statistics_from": "training rows", "statistics_rows": known.rows, "statistics_sha256": known.digest()}
        done |= _list("mean", list(known.mean), cap) | _list("standard_deviation", list(known.deviation), cap)
    if steps.scale is not None:
        done["scale"] = steps.scale
    if steps.clip is not None:
        done["clip"] = list(steps.clip)
    return done


def _layer(layer) -> dict:
    try:
        shape = [size if isinstance(size, int) else None for size in layer.output.shape]
    except (AttributeError, ValueError, TypeError):
        shape = None  # a layer used more than once, or with several outputs, has no single shape
    return {"name": printable(layer.name, 60), "class": type(layer).__name__, "output_shape": shape, "parameters": int(layer.count_params())}


def _learning_rate(optimizer) -> float | None:
    try:
        return float(optimizer.learning_rate)
    except (AttributeError, TypeError, ValueError):
        return None


def _list(name: str, items: list, cap: int) -> dict:
    return {name: items[:cap]} | ({f"{name}_cut": len(items) - cap} if len(items) > cap else {})


def _mapping(name: str, items: dict, cap: int) -> dict:
    return {name: dict(list(items.items())[:cap])} | ({f"{name}_cut": len(items) - cap} if len(items) > cap else {})
