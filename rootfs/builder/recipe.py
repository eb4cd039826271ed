"""A recipe folder, its locks, and the digest that names what is built from it."""

import dataclasses
import hashlib
import json
import pathlib
import re

from .fault import BuildFault

SCHEMA = "aibom-recipe/1"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_WHEEL = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})")


@dataclasses.dataclass(frozen=True)
class Deb:
    name: str
    version: str
    architecture: str
    sha256: str


@dataclasses.dataclass(frozen=True)
class Wheel:
    name: str
    version: str
    sha256: str


@dataclasses.dataclass(frozen=True)
class Recipe:
    folder: pathlib.Path
    data: dict
    parameters: dict
    debian_lock: bytes
    wheel_lock: bytes

    @property
    def name(self) -> str:
        return self.data["name"]

    @property
    def debs(self) -> list[Deb]:
        return parse_debian_lock(self.debian_lock)

    @property
    def wheels(self) -> list[Wheel]:
        return parse_wheel_lock(self.wheel_lock)

    def with_debs(self, debs: list[Deb]) -> "Recipe":
        return dataclasses.replace(self, debian_lock=format_debian_lock(debs))

    def digest(self, program: pathlib.Path) -> str:
        """SHA-256 over path, mode and content of the recipe and of the program that builds it.

        The lock that is *used* counts, not the one in the checkout: an image with newer packages has the digest
        that the recipe will have once somebody commits that lock, and can never stand in for the committed one.
        Tests are left out: nothing of them is in an image.
        """
        entries = [(b"recipe/" + path, mode, content) for path, mode, content in _listing(self.folder)
                   if path != b"debian.lock" and not path.startswith(b"tests/")]
        entries.append((b"recipe/debian.lock", "100644", self.debian_lock))
        entries.append((b"program/build", "100755", (program / "build").read_bytes()))
        entries += [(b"program/builder/" + path, mode, content) for path, mode, content in _listing(program / "builder")]
        whole = hashlib.sha256()
        for path, mode, content in sorted(entries):
            whole.update(b"%s %s %s\n" % (mode.encode(), hashlib.sha256(content).hexdigest().encode(), path))
        return whole.hexdigest()


def _listing(folder: pathlib.Path):
    """Files below `folder` with the two modes git knows, so that a umask can't change a digest."""
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if "__pycache__" in relative.parts or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or not path.is_file():
            raise BuildFault("recipe", f"{path} is no regular file", "a recipe holds regular files only; remove it")
        mode = "100755" if path.stat().st_mode & 0o100 else "100644"
        yield str(relative).encode(), mode, path.read_bytes()


def load(folder: pathlib.Path) -> Recipe:
    if not _NAME.fullmatch(folder.name) or not (folder / "recipe.json").is_file():
        known = sorted(path.parent.name for path in folder.parent.glob("*/recipe.json"))
        raise BuildFault("recipe", f"no rootfs is named {folder.name!r}",
                         f"choose one of: {', '.join(known) or '(none)'}")
    data = _json(folder / "recipe.json")
    if data.get("schema") != SCHEMA or data.get("name") != folder.name:
        raise BuildFault("recipe", f"{folder / 'recipe.json'}: schema must be {SCHEMA!r} and name {folder.name!r}",
                         "correct the two fields")
    return Recipe(folder, data, _json(folder / "parameters.json"),
                  (folder / "debian.lock").read_bytes(), (folder / "requirements.lock").read_bytes())


def _json(path: pathlib.Path) -> dict:
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise BuildFault("recipe", f"{path}: {error}", "correct the JSON") from None


def _lines(lock: bytes):
    for number, line in enumerate(lock.decode().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def parse_debian_lock(lock: bytes) -> list[Deb]:
    debs = []
    for number, line in _lines(lock):
        fields = line.split()
        if len(fields) != 4 or not re.fullmatch("[0-9a-f]{64}", fields[3]):
            raise BuildFault("recipe", f"debian.lock line {number}: expected NAME VERSION ARCHITECTURE SHA256",
                             "write the lock again with rootfs/lock")
        debs.append(Deb(*fields))
    return debs


def format_debian_lock(debs: list[Deb]) -> bytes:
    lines = ["# name version architecture sha256-of-the-.deb"]
    lines += [f"{deb.name} {deb.version} {deb.architecture} {deb.sha256}" for deb in sorted(debs, key=lambda deb: deb.name)]
    return ("\n".join(lines) + "\n").encode()


def parse_wheel_lock(lock: bytes) -> list[Wheel]:
    wheels = []
    for number, line in _lines(lock):
        match = _WHEEL.fullmatch(line.strip())
        if not match:
            raise BuildFault("recipe", f"requirements.lock line {number}: expected NAME==VERSION --hash=sha256:HEX",
                             "write the lock again with rootfs/lock")
        wheels.append(Wheel(**match.groupdict()))
    return wheels


def format_wheel_lock(wheels: list[Wheel]) -> bytes:
    ordered = sorted(wheels, key=lambda wheel: wheel.name.lower())
    return "".join(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n" for wheel in ordered).encode()
