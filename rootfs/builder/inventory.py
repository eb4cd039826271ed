"""Which components are in the image, with the digests of the very archives they came from."""

import email.parser
import pathlib
import re
import subprocess
import urllib.parse
import zipfile

from .recipe import Deb, Wheel
from .wheels import normalized

SCHEMA = "aibom-inventory/1"
_DEP5 = "format:"
_SPDX = {  # Debian's short names (copyright-format 1.0, section 7.1) whose SPDX spelling differs
    "Expat": "MIT", "BSD-3-clause": "BSD-3-Clause", "BSD-2-clause": "BSD-2-Clause", "GPL-1+": "GPL-1.0-or-later",
    "GPL-2": "GPL-2.0-only", "GPL-2+": "GPL-2.0-or-later", "GPL-3": "GPL-3.0-only", "GPL-3+": "GPL-3.0-or-later",
    "LGPL-2": "LGPL-2.0-only", "LGPL-2+": "LGPL-2.0-or-later", "LGPL-2.1": "LGPL-2.1-only", "LGPL-2.1+": "LGPL-2.1-or-later",
    "LGPL-3": "LGPL-3.0-only", "LGPL-3+": "LGPL-3.0-or-later",
}
_CLASSIFIERS = {"MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0"}


def inventory(debs, wheels, tree: pathlib.Path, codename: str) -> dict:
    """`debs` and `wheels` are (package, archive path) pairs. Reads the tree's copyright files: call before docs go."""
    components = [_debian(deb, path, _source_field(path), tree, codename) for deb, path in debs]
    components += [_python(wheel, path) for wheel, path in wheels]
    return {"schema": SCHEMA, "components": sorted(components, key=lambda c: (c["source"], c["name"], c["version"]))}


def _quote(text: str) -> str:
    return urllib.parse.quote(text, safe="-._~")  # the purl specification also quotes "+" and ":" in a version


def _debian(deb: Deb, path: pathlib.Path, source: str, tree: pathlib.Path, codename: str) -> dict:
    source_name, source_version = source_package(deb, source)
    return {
        "source": "debian", "name": deb.name, "version": deb.version,
        "source_name": source_name, "source_version": source_version,
        "purl": f"pkg:deb/debian/{_quote(deb.name)}@{_quote(deb.version)}?arch={deb.architecture}&distro={codename}",
        "licenses": debian_licenses(_copyright(deb.name, tree)), "sha256": deb.sha256, "filename": path.name,
    }


def _source_field(path: pathlib.Path) -> str:
    done = subprocess.run(["dpkg-deb", "--field", str(path), "Source"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def source_package(deb: Deb, field: str) -> tuple[str, str]:
    """Name and version of what a binary package was built from: security advisories are about that.

    The field (deb-control(5)) is missing where both are the binary package's own, and names a version only where that differs.
    """
    name, _, version = field.partition(" ")
    return name or deb.name, version.strip("()") or deb.version


def _copyright(package: str, tree: pathlib.Path) -> str:
    path = (tree / "usr/share/doc" / package / "copyright").resolve()
    if not path.is_relative_to(tree.resolve()) or not path.is_file():
        return ""
    return path.read_text(errors="replace")


def debian_licenses(copyright_text: str) -> list[str]:
    """The names a copyright file states by machine-readable field, or the common licences an older one points to.

    A Debian copyright file speaks for the whole source package, so this can name more than one binary holds.
    """
    if copyright_text.lower().startswith(_DEP5):
        names = {name.strip() for name in re.findall(r"^License:[ \t]*(\S.*)$", copyright_text, re.MULTILINE)}
    else:
        names = set(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])", copyright_text))
        if "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in copyright_text.upper():
            names.add("PSF-2.0")
    return sorted(_SPDX.get(name, name) for name in names)


def _python(wheel: Wheel, path: pathlib.Path) -> dict:
    return {
        "source": "pypi", "name": wheel.name, "version": wheel.version,
        "purl": f"pkg:pypi/{_quote(normalized(wheel.name))}@{_quote(wheel.version)}",
        "licenses": wheel_licenses(_metadata(path)), "sha256": wheel.sha256, "filename": path.name,
    }


def _metadata(path: pathlib.Path) -> str:
    with zipfile.ZipFile(path) as wheel:
        name = next(name for name in wheel.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA"))
        return wheel.read(name).decode()


def wheel_licenses(metadata: str) -> list[str]:
    """License-Expression, else a one-line License, else the classifiers (a long License field holds the whole text)."""
    fields = email.parser.HeaderParser().parsestr(metadata)
    if fields["License-Expression"]:
        return [fields["License-Expression"]]
    license_field = (fields["License"] or "").strip()
    if license_field and "\n" not in license_field and len(license_field) <= 64 and "opyright" not in license_field:
        return [license_field]
    classifiers = [value.rsplit(" :: ", 1)[-1] for value in fields.get_all("Classifier", []) if value.startswith("License ::")]
    return sorted({_CLASSIFIERS.get(value, value) for value in classifiers})
