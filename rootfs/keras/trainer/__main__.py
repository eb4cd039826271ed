"""python3 -m trainer: reads /in, writes /out, reports to the descriptor in AIBOM_REPORT_FD.

Exit codes: 0 done, 2 the submission can't be used (an error event says why), 1 anything else.
"""

import importlib.metadata
import pathlib
import platform
import sys
import traceback

from . import job, termination
from .fault import Fault
from .report import Report

INPUT, OUTPUT = pathlib.Path("/in"), pathlib.Path("/out")


def main(inputs: pathlib.Path = INPUT, outputs: pathlib.Path = OUTPUT) -> int:
    report = Report.from_environment()
    termination.watch(report)
    try:
        train(inputs, outputs, report)
        return 0
    except Fault as fault:
        print(f"error [{fault.code}] {fault.where}: {fault.message}\nremedy: {fault.remedy}", file=sys.stderr)
        report.send("error", code=fault.code, message=fault.message, where=fault.where, remedy=fault.remedy)
        return 2
    except MemoryError:
        report.send("error", code="out-of-memory", message="the job needs more memory than it may have", where="job",
                    remedy="lower batch_size, submit a smaller model or dataset, or choose a policy with more memory")
        traceback.print_exc()
        return 2
    except Exception:
        report.send("error", code="internal", message="the trainer failed in a way it does not know", where="trainer",
                    remedy="the log has the traceback; send it to the operator")
        traceback.print_exc()
        return 1


def train(inputs: pathlib.Path, outputs: pathlib.Path, report: Report) -> None:
    """The plan of a job. Cheap checks come first, so that a typing error is answered before Keras is even loaded."""
    versions = {name: importlib.metadata.version(name) for name in ("keras", "jax")}
    report.send("start", framework="keras", framework_version=versions["keras"], backend="jax", backend_version=versions["jax"],
                python_version=platform.python_version())
    print(f"keras {versions['keras']}, jax {versions['jax']}, python {platform.python_version()}")
    work = job.read(inputs)

    from . import archive, definition, model_config
    wanted = definition.read(work.definition)
    contents = archive.read(work.model)
    found = model_config.check(contents.config, work.model.name)

    from . import preprocess, split, table, weights
    weights.check(contents.weights, work.model.name)
    del contents
    data = table.read(work.dataset, wanted)
    parts = split.split(len(data.labels), work.parameters["validation_split"], work.parameters["seed"])
    steps, validation_steps = split.check_batches(len(parts.training), len(parts.validation), work.parameters)
    print(f"{len(parts.training)} rows to train on, {len(parts.validation)} to validate, {len(wanted.features)} features")

    labels, label_map = preprocess.remap(data.labels)
    known = preprocess.statistics(data.features[parts.training]) if wanted.preprocessing.normalize else None
    features = preprocess.apply(data.features, wanted.preprocessing, known).reshape(-1, *wanted.input_shape)
    if known is not None:
        for name, mean, deviation in zip(wanted.features, known.mean, known.deviation):
            print(f"normalize {name!r}: mean {mean!r}, standard deviation {deviation!r}")

    from . import facts, output, profile, training
    report.send("dataset", facts=profile.profile(data, wanted, labels, label_map, parts))
    rows = training.Rows(
        (features[parts.training], labels[parts.training]),
        (features[parts.validation], labels[parts.validation]) if len(parts.validation) else None)
    plan = training.Plan(work.parameters, steps, validation_steps)
    model = training.load(work.model, found, work.parameters["seed"])
    training.check_shapes(model, wanted, len(label_map), work.model.name)
    report.send("model", facts=facts.of_model(model))
    recorder = training.fit(model, rows, plan, report)
    if training.diverged(recorder):
        print("warning: the last epoch has metrics that are not finite; the model is saved as it is", file=sys.stderr)
    output.save_metrics(training.metrics(recorder), outputs)
    output.save_model(model, outputs)
    report.send("result", facts=facts.assemble(model, wanted, plan, data, label_map, known, rows, recorder))
    print("done")


if __name__ == "__main__":
    sys.exit(main())
