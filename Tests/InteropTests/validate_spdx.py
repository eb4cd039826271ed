"""Says whether files are valid SPDX 3.0.1 by the project's own model bindings, and conform by ntia-conformance-checker.

    python validate_spdx.py FILE...

Needs spdx-python-model and ntia-conformance-checker. Nothing is loaded from the network. Exit status 1 when a file is not valid.
"""

import io
import pathlib
import sys

import ntia_conformance_checker
from spdx_python_model import v3_0_1 as spdx


def faults(path: pathlib.Path) -> list[str]:
    objects = spdx.SHACLObjectSet()
    try:
        with path.open("rb") as file:
            spdx.JSONLDDeserializer().read(file, objects)
        # Reading checks types and words; writing checks that all is there that must be.
        spdx.JSONLDSerializer().write(objects, io.BytesIO())
    except Exception as error:  # whatever the bindings raise
        return [f"model: {error!r}"[:2000]]
    objects.link()
    found = [f"reference {name} to nothing" for name in sorted(objects.missing_ids)]
    checker = ntia_conformance_checker.SbomChecker(str(path), compliance="ntia", sbom_spec="spdx3")
    if checker.parsing_errors:
        found += [f"ntia: {error}" for error in checker.parsing_errors]
    elif not (checker.doc_version and checker.doc_author and checker.doc_timestamp and checker.dependency_relationships):
        found.append("ntia: version, author, timestamp or relationships of the document are missing")
    return found


def main() -> int:
    status = 0
    for name in sys.argv[1:]:
        for fault in faults(pathlib.Path(name)):
            print(f"{name}: {fault}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
