"""The cache: a finished image appears by one rename or not at all."""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import tempfile

from .fault import progress

_UNFINISHED = ".building-"


def canonical(document: dict) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write(path: pathlib.Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def workplace(shelf: pathlib.Path):
    """A scratch folder on the cache's own file system, for one builder at a time.

    Removed on every way out that Python sees. What a killed builder left is removed by the next one: it holds the
    lock, so no such folder can belong to a living build.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    with open(shelf / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("cache", "waiting for another build of this rootfs")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in shelf.glob(_UNFINISHED + "*"):
            progress("cache", f"removing {stale.name}, left by a build that was killed")
            shutil.rmtree(stale)
        folder = pathlib.Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=shelf))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(finished: pathlib.Path, shelf: pathlib.Path, digest: str) -> pathlib.Path:
    """Content is synced before the rename and the rename before the link: no crash shows half an image."""
    os.chmod(finished, 0o755)
    _sync(finished)
    os.rename(finished, shelf / digest)
    _sync(shelf)
    point_current(shelf, digest)
    return shelf / digest


def point_current(shelf: pathlib.Path, digest: str) -> None:
    if os.path.islink(shelf / "current") and os.readlink(shelf / "current") == digest:
        return
    fresh = shelf / f".current-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(digest)
    os.replace(fresh, shelf / "current")
    _sync(shelf)


def _sync(folder: pathlib.Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
