"""The training itself. Importing this module loads Keras, which takes a second: everything cheap was checked before."""

import dataclasses
import math
import pathlib

import keras
import numpy

from . import model_config, split
from .definition import Definition
from .fault import Fault, printable
from .report import Report, epoch_stride


@dataclasses.dataclass(frozen=True)
class Rows:
    """Preprocessed rows, already divided. Nothing from here on sees the whole table."""

    training: tuple[numpy.ndarray, numpy.ndarray]
    validation: tuple[numpy.ndarray, numpy.ndarray] | None


@dataclasses.dataclass(frozen=True)
class Plan:
    parameters: dict
    steps: int
    validation_steps: int


class Batches(keras.utils.PyDataset):
    """Batches in a given order, always `steps` of them; more steps than rows go through the rows again in a new order.

    One worker in this thread: a pool would make the order of batches depend on timing.
    """

    def __init__(self, rows, size: int, steps: int, seed: int | None):
        super().__init__(workers=1, use_multiprocessing=False)
        self._features, self._labels = rows
        self._size, self._steps, self._seed = size, steps, seed
        self._lap_length = -(-len(self._labels) // size)
        self._orders: dict[int, numpy.ndarray] = {}
        self.epoch = 0

    def start(self, epoch: int) -> None:
        self.epoch = epoch
        self._orders.clear()

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int):
        lap, place = divmod(index, self._lap_length)
        rows = self._order(lap)[place * self._size: (place + 1) * self._size]
        return self._features[rows], self._labels[rows]

    def _order(self, lap: int) -> numpy.ndarray:
        if self._seed is None:
            return numpy.arange(len(self._labels))
        if lap not in self._orders:
            self._orders = {lap: split.epoch_order(len(self._labels), self._seed, self.epoch, lap)}
        return self._orders[lap]


class Recorder(keras.callbacks.Callback):
    """Every epoch for metrics.json and the log, a thinned series for the report."""

    def __init__(self, batches: Batches, plan: Plan, report: Report):
        super().__init__()
        self._batches, self._report = batches, report
        self._last = plan.parameters["epochs"]
        self._stride = epoch_stride(self._last - plan.parameters["initial_epoch"])
        self.epochs: list[int] = []
        self.history: list[dict[str, float]] = []

    def on_epoch_begin(self, epoch, logs=None):
        self._batches.start(epoch)

    def on_epoch_end(self, epoch, logs=None):
        number, values = epoch + 1, {str(name): float(value) for name, value in (logs or {}).items()}
        self.epochs.append(number)
        self.history.append(values)
        print(f"epoch {number}/{self._last} " + " ".join(f"{printable(name, 60)}={value:.6g}" for name, value in values.items()))
        if len(self.epochs) == 1 or number == self._last or number % self._stride == 0:
            few = {printable(name, 60): value for name, value in list(values.items())[:32]}
            self._report.send("epoch", epoch=number, epochs=self._last, metrics=few)


def load(path: pathlib.Path, found, seed: int) -> keras.Model:
    model_config.resolve(found, keras)
    keras.utils.set_random_seed(seed)
    try:
        model = keras.saving.load_model(path, compile=True, safe_mode=True)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # whatever Keras raises for a file it doesn't like
        raise Fault("model-not-loadable", f"Keras {keras.__version__} can't load it: {type(error).__name__}: {_first_line(error)}", path.name,
                    "load and save it with this version of Keras, then submit again") from None
    if not getattr(model, "compiled", False) or getattr(model, "optimizer", None) is None:
        raise Fault("model-not-compiled", "the model was saved without optimizer and loss", path.name,
                    "call model.compile(optimizer=…, loss=…, metrics=[…]) before model.save")
    return model


def check_shapes(model: keras.Model, definition: Definition, classes: int, name: str) -> None:
    for side, shapes, wanted in (("input", model.inputs, definition.input_shape), ("output", model.outputs, definition.output_shape)):
        if not shapes or len(shapes) != 1:
            raise Fault("shape-mismatch", f"the model has {len(shapes or ())} {side}s, a CSV feeds one", name, f"submit a model with one {side}")
        actual = tuple(shapes[0].shape[1:])
        if len(actual) != len(wanted) or any(size not in (None, want) for size, want in zip(actual, wanted)):
            raise Fault("shape-mismatch", f"the model's {side} shape is {list(actual)}, the definition's {side}_shape {list(wanted)}",
                        f"{definition.name}, {name}", "make the definition say what the model has")
    loss = _called(model.loss)
    if loss == "sparsecategoricalcrossentropy" and classes > definition.output_shape[-1]:
        raise Fault("shape-mismatch", f"the labels have {classes} classes, the model's output has {definition.output_shape[-1]}", name,
                    "give the last layer one unit for each class")
    if loss == "categoricalcrossentropy":
        raise Fault("loss-unsuitable", "categorical_crossentropy wants one-hot labels, a CSV has one label column", name,
                    "compile the model with sparse_categorical_crossentropy")


def _called(loss) -> str:
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return name.replace("_", "").lower()


def fit(model: keras.Model, rows: Rows, plan: Plan, report: Report) -> Recorder:
    parameters = plan.parameters
    keras.utils.set_random_seed(parameters["seed"])  # again: building the model drew from the generators
    batches = Batches(rows.training, parameters["batch_size"], plan.steps, parameters["seed"])
    held_back = Batches(rows.validation, parameters["batch_size"], plan.validation_steps, None) if rows.validation else None
    recorder = Recorder(batches, plan, report)
    try:
        model.fit(batches, validation_data=held_back, epochs=parameters["epochs"], initial_epoch=parameters["initial_epoch"],
                  validation_freq=parameters["validation_freq"], shuffle=False, verbose=0, callbacks=[recorder])
    except (ValueError, TypeError) as error:
        raise Fault("model-cannot-train", f"Keras refused to train it: {_first_line(error)}", "model and dataset together",
                    "check that the loss and metrics fit the output shape and the labels") from None
    return recorder


def _first_line(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def metrics(recorder: Recorder) -> dict:
    """One list a metric, all as long as `epoch`; null where a metric was not measured in that epoch."""
    names = list(dict.fromkeys(name for values in recorder.history for name in values))
    return {"epoch": recorder.epochs, **{name: [values.get(name) for values in recorder.history] for name in names}}


def diverged(recorder: Recorder) -> bool:
    return any(not math.isfinite(value) for value in recorder.history[-1].values())
