"""Says whether files are valid CycloneDX of their edition, 1.6 or 1.7, by the strict schema, and by the rules that stand only in its prose.

    python validate_cyclonedx.py FILE...

Needs cyclonedx-python-lib[json-validation]. Exit status 1 when a file is not valid.
"""

import json
import pathlib
import sys

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator


def faults(text: str) -> list[str]:
    edition = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}.get(json.loads(text).get("specVersion"))
    if edition is None:
        return ["specVersion is neither 1.6 nor 1.7"]
    error = make_schemabased_validator(OutputFormat.JSON, edition).validate_str(text)
    if error is not None:
        return [f"schema: {error!r}"[:2000]]
    bom = json.loads(text)
    return reference_faults(bom) + placement_faults(bom)


def objects(value):
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from objects(member)
    elif isinstance(value, list):
        for element in value:
            yield from objects(element)


def reference_faults(bom: dict) -> list[str]:
    """Every bom-ref once; every reference to one that exists."""
    defined = [o["bom-ref"] for o in objects(bom) if "bom-ref" in o]
    used = [o["ref"] for o in objects(bom) if "ref" in o]
    used += [one[role] for one in bom.get("citations", []) for role in ("attributedTo", "process") if role in one]
    used += [other for dependency in bom.get("dependencies", []) for other in dependency.get("dependsOn", [])]
    found = [f"bom-ref {name} defined twice" for name in sorted(set(defined)) if defined.count(name) > 1]
    return found + [f"reference {name} to nothing" for name in sorted(set(used) - set(defined))]


def placement_faults(bom: dict) -> list[str]:
    """modelCard only on models, data only on data."""
    found = []
    for component in (o for o in objects(bom) if "type" in o and "name" in o):
        for member, kind in (("modelCard", "machine-learning-model"), ("data", "data")):
            if member in component and component["type"] != kind:
                found.append(f"{member} on {component['name']}, which is a {component['type']}")
    return found


def main() -> int:
    status = 0
    for name in sys.argv[1:]:
        for fault in faults(pathlib.Path(name).read_text(encoding="utf-8")):
            print(f"{name}: {fault}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
