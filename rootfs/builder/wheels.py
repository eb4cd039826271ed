"""Wheels: fetched by pip against the lock, unpacked by us.

pip only downloads and checks. What it would install depends on its own version (RECORD, INSTALLER, scripts);
a wheel is a zip whose content is the installation, so unpacking gives the same tree on every host.
"""

import pathlib
import subprocess
import sys
import zipfile

from .downloads import Downloads
from .fault import BuildFault, progress
from .recipe import Wheel, format_wheel_lock


def pip_arguments(python: dict) -> list[str]:
    """The target's tags, not the host's: any host Python can fetch for the image."""
    arguments = ["--only-binary", ":all:", "--implementation", "cp", "--python-version", python["version"],
                 "--abi", python["abi"], "--abi", "abi3", "--abi", "none"]
    for platform in python["platforms"]:
        arguments += ["--platform", platform]
    return arguments


def pip(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], capture_output=True, text=True)
    if "No module named pip" in done.stderr:
        raise BuildFault("wheels", f"{sys.executable} has no pip", "install it: apt-get install python3-pip")
    if done.returncode:
        raise BuildFault("wheels", f"pip {arguments[0]} failed: {done.stderr.strip()[-1200:]}",
                         "if the index can't be reached, check pip's configuration; a wrong hash means: do not build")
    return done.stdout


def fetch(wheels: list[Wheel], python: dict, downloads: Downloads) -> list[pathlib.Path]:
    found = {wheel: downloads.find(wheel.sha256) for wheel in wheels}
    missing = [wheel for wheel in wheels if found[wheel] is None]
    progress("wheels", f"{len(wheels)} wheels, {len(missing)} to download")
    if missing:
        with downloads.scratch() as scratch:
            lock = pathlib.Path(scratch, "lock.txt")
            lock.write_bytes(format_wheel_lock(missing))
            pip("download", "-q", "--no-deps", "--require-hashes", *pip_arguments(python), "-d", scratch, "-r", str(lock))
            arrived = {_distribution(path.name): path for path in pathlib.Path(scratch).glob("*.whl")}
            for wheel in missing:
                found[wheel] = downloads.keep(arrived[normalized(wheel.name)], wheel.sha256, f"{wheel.name} {wheel.version}")
    return [found[wheel] for wheel in wheels]


def normalized(name: str) -> str:
    """PEP 503: the one spelling under which two names are the same project."""
    return "-".join(part for part in name.lower().replace("_", "-").replace(".", "-").split("-") if part)


def _distribution(filename: str) -> str:
    return normalized(filename.split("-", 1)[0])


def unpack(paths: list[pathlib.Path], site: pathlib.Path) -> None:
    progress("wheels", "unpacking")
    site.mkdir(parents=True, exist_ok=True)
    for path in paths:
        with zipfile.ZipFile(path) as wheel:
            for entry in wheel.infolist():
                place = destination(entry.filename)
                if place is None or entry.is_dir():
                    continue
                target = site / place
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    raise BuildFault("wheels", f"{path.name}: {place} is already there from another wheel",
                                     "two wheels of the lock own one file; take one of them out")
                with wheel.open(entry) as source, open(target, "wb") as sink:
                    while chunk := source.read(1 << 20):
                        sink.write(chunk)


def destination(name: str) -> pathlib.PurePosixPath | None:
    """Where an entry lands below site; None for what a job has no use for (console scripts, headers)."""
    path = pathlib.PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
        raise BuildFault("wheels", f"entry {name!r} would leave the tree", "do not use this wheel")
    if path.parts[0].endswith(".data"):
        if len(path.parts) > 2 and path.parts[1] in ("purelib", "platlib"):
            return pathlib.PurePosixPath(*path.parts[2:])
        return None
    if path.suffix == ".pth" and len(path.parts) == 1:
        raise BuildFault("wheels", f"{name} would run code at every start of Python", "do not use this wheel")
    return path
