"""Downloads kept by digest, so that a file is fetched once and a superseded one stays usable."""

import hashlib
import os
import pathlib
import tempfile

from .fault import BuildFault


def sha256_of(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Downloads:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def find(self, sha256: str) -> pathlib.Path | None:
        """The kept file with that digest, hashed again each time: a damaged cache must not reach an image."""
        for path in sorted((self.folder / sha256).glob("*")):
            if sha256_of(path) == sha256:
                return path
            path.unlink()
        return None

    def keep(self, path: pathlib.Path, sha256: str, source: str) -> pathlib.Path:
        actual = sha256_of(path)
        if actual != sha256:
            raise BuildFault("download", f"{source}: expected sha256 {sha256}, got {actual}",
                             "do not use it: either the mirror or the lock is wrong; compare with the signed index")
        home = self.folder / sha256
        home.mkdir(exist_ok=True)
        os.replace(path, home / path.name)
        return home / path.name

    def scratch(self) -> tempfile.TemporaryDirectory:
        """A folder on the same file system, so that `keep` is one rename."""
        return tempfile.TemporaryDirectory(dir=self.folder, prefix=".partial-")
