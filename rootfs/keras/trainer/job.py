"""What is to be done: /in/job.json, and the parameters checked against the schema that the rootfs publishes."""

import dataclasses
import json
import math
import pathlib

from .fault import Fault

SCHEMA = "aibom-job/1"
_PARAMETERS = pathlib.Path(__file__).parent.parent / "parameters.json"
_INPUTS = ("model", "dataset", "definition")


@dataclasses.dataclass(frozen=True)
class Job:
    model: pathlib.Path
    dataset: pathlib.Path
    definition: pathlib.Path
    parameters: dict


def read(folder: pathlib.Path) -> Job:
    place = "job.json"
    try:
        document = json.loads((folder / place).read_bytes())
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema is {document['schema']!r}, this trainer reads {SCHEMA!r}")
        inputs = {name: folder / _plain(document["inputs"][name]) for name in _INPUTS}
        given = dict(document["parameters"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Fault("job-invalid", f"job.json can't be used: {error!r}", place, "submit through the supervisor, which writes it") from None
    for name, path in inputs.items():
        if not path.is_file():
            raise Fault("input-missing", f"there is no {name} file {path.name}", place, f"submit a {name}")
    return Job(**inputs, parameters=parameters(given, json.loads(_PARAMETERS.read_bytes())))


def _plain(name: str) -> str:
    if name != pathlib.PurePosixPath(name).name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} is no plain file name")
    return name


def parameters(given: dict, schema: dict) -> dict:
    """All parameters with their effective values, in the schema's order. 0 steps means the same as none were named."""
    unknown = sorted(set(given) - set(schema))
    if unknown:
        raise Fault("parameter-unknown", f"no parameter is named {unknown[0]!r}", "parameters", f"use: {', '.join(schema)}")
    values = {name: _value(name, given.get(name, rule["default"]), rule) for name, rule in schema.items()}
    if values["initial_epoch"] >= values["epochs"]:
        raise Fault("parameter-out-of-range", f"initial_epoch {values['initial_epoch']} leaves no epoch before {values['epochs']}",
                    "parameter initial_epoch", "make epochs greater than initial_epoch: it is the number of the last epoch, not of further ones")
    return values


def _value(name: str, value, rule: dict):
    where = f"parameter {name}"
    if value is None and rule["default"] is None:
        return None
    allowed = (int,) if rule["type"] == "integer" else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed) or not math.isfinite(value):
        raise Fault("parameter-type", f"{name} is {value!r}", where, f"give {'a whole number' if rule['type'] == 'integer' else 'a number'}")
    low, high, below = rule.get("minimum"), rule.get("maximum"), rule.get("exclusive_maximum")
    if (low is not None and value < low) or (high is not None and value > high) or (below is not None and value >= below):
        span = f"from {low} " + (f"to {high}" if below is None else f"to less than {below}")
        raise Fault("parameter-out-of-range", f"{name} is {value}", where, f"give a value {span}")
    return value
