"""What a model's configuration asks Keras to build, judged before Keras sees it.

Keras turns names in this file into classes and functions of its own package and, in past versions, of any package. These
checks refuse what is known to run code or to read files and everything that is not Keras's own. They are the polite door,
not the wall: Keras is a large parser of hostile input, and when a check fails to see something, the sandbox (no network,
no shell, read-only inputs, nothing worth reading, an unprivileged uid) is what protects everyone else.
"""

import sys

from .archive import CONFIG
from .fault import Fault

MOST_DEPTH = 60
MOST_NODES = 500_000

# Classes of Keras itself that carry code or read files.
_CODE = {"Lambda", "__lambda__"}
_FILES_OR_CODE = {"TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "StringLookup", "IntegerLookup", "TextVectorization",
                  "HashedCrossing", "FeatureSpace", "__typespec__"}
_PLAIN = {"__tuple__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__", "__keras_tensor__"}
_FUNCTION_MODULES = {"activations", "constraints", "initializers", "losses", "metrics", "regularizers"}
_PATH_KEYS = {"vocabulary", "filepath", "file_path", "filename", "url", "origin", "cache_dir"}


def check(config: dict, name: str) -> list[tuple[str, str, str]]:
    """Refuses by what can be read off the file. Returns (place, module, name) of everything that `resolve` must judge."""
    found: list[tuple[str, str, str]] = []
    pending, nodes = [(config, "$", 1)], 0
    while pending:
        value, place, depth = pending.pop()
        nodes += 1
        if depth > MOST_DEPTH or nodes > MOST_NODES:
            raise Fault("model-config-too-deep", f"the configuration is nested deeper than {MOST_DEPTH} or has more than {MOST_NODES} values",
                        f"{name} {CONFIG} {place[:120]}", "simplify the model")
        if isinstance(value, dict):
            if "class_name" in value:
                found += _object(value, f"{name} {CONFIG} {place}")
            _paths(value, f"{name} {CONFIG} {place}")
            pending += [(item, f"{place}.{key}"[:200], depth + 1) for key, item in value.items()]
        elif isinstance(value, list):
            pending += [(item, f"{place}[{index}]"[:200], depth + 1) for index, item in enumerate(value)]
    return found


def _object(value: dict, where: str) -> list[tuple[str, str, str]]:
    kind, module, registered = value["class_name"], value.get("module"), value.get("registered_name")
    if not isinstance(kind, str) or not isinstance(module, str | None) or not isinstance(registered, str | None):
        raise Fault("model-custom-object", "class_name, module and registered_name must be names", where, "save the model again")
    if kind in _CODE:
        raise Fault("model-lambda-layer", f"{kind} carries Python code inside the model", where,
                    "replace it by built-in layers (keras.ops, Rescaling, Activation, Reshape)")
    if kind in _FILES_OR_CODE:
        raise Fault("model-layer-refused", f"{kind} reads files or wraps other code", where, "do that step before submitting, on the dataset")
    if kind in _PLAIN:
        return []
    if module is not None and module not in ("builtins", "keras") and not module.startswith("keras."):
        raise Fault("model-custom-object", f"{kind} comes from {module!r}, not from Keras", where, "use Keras's own layers, losses and metrics")
    called = value.get("config") if kind == "function" else kind
    if not isinstance(called, str):
        raise Fault("model-function-refused", "a function must be given by name", where, "use a built-in activation, loss or metric")
    if registered and registered not in (kind, called):
        raise Fault("model-custom-object", f"{kind} is registered as {registered!r}: a custom object", where, "use Keras's own layers, losses and metrics")
    if kind == "function":
        parts = (module or "builtins").split(".")
        if module not in (None, "builtins") and not (len(parts) == 2 and parts[1] in _FUNCTION_MODULES):
            raise Fault("model-function-refused", f"{called!r} of {module!r} is no activation, loss or metric", where, "use a built-in one by its name")
        return [(where, "builtins" if len(parts) == 1 else module, called)]
    if module == "builtins":
        raise Fault("model-custom-object", f"{kind} comes from 'builtins'", where, "use Keras's own layers, losses and metrics")
    return [(where, module or "", kind)]


def _paths(value: dict, where: str) -> None:
    for key in _PATH_KEYS & value.keys():
        if isinstance(value[key], str):
            raise Fault("model-path-refused", f"{key!r} names a file", where, "a model may not read files; put the values into the model")


def resolve(found: list[tuple[str, str, str]], keras) -> None:
    """The second look, with Keras loaded: each name must be one of its own modeling classes or functions."""
    bases = (keras.Operation, keras.optimizers.Optimizer, keras.losses.Loss, keras.metrics.Metric, keras.initializers.Initializer,
             keras.regularizers.Regularizer, keras.constraints.Constraint, keras.optimizers.schedules.LearningRateSchedule,
             keras.dtype_policies.DTypePolicy, keras.random.SeedGenerator, keras.quantizers.Quantizer)
    for where, module, name in found:
        if module == "builtins" or module.removeprefix("keras.") in _FUNCTION_MODULES and not _is_class(keras, module, name):
            if not any(callable(_public(keras, f"keras.{place}", name)) for place in _FUNCTION_MODULES):
                raise Fault("model-function-refused", f"Keras has no activation, loss or metric {name!r}", where, "use a built-in one by its name")
            continue
        if module:
            candidate = _public(keras, module, name)
            if not (isinstance(candidate, type) and issubclass(candidate, bases) and candidate.__module__.startswith("keras.src.")):
                raise Fault("model-custom-object", f"{module}.{name} is no layer, loss, metric or optimizer of Keras {keras.__version__}", where,
                            "use Keras's own, and save with a Keras that is not newer")


def _is_class(keras, module: str, name: str) -> bool:
    return isinstance(_public(keras, module, name), type)


def _public(keras, module: str, name: str):
    """An attribute of a Keras module that is already loaded. Never imports: the file must not choose what is imported."""
    place = sys.modules.get(module)
    if place is None:
        place = keras
        for part in module.split(".")[1:]:
            place = getattr(place, part, None)
    return vars(place).get(name) if place is not None and hasattr(place, "__dict__") else None
