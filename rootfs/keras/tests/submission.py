"""A job folder to damage: a valid submission that each test changes in one place."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest
import zipfile

from trainer.fault import Fault

COLUMNS = ("a", "b", "c")
DEFINITION = "columns:\n  a: float\n  b: float\n  c: float\n  y: int\nlabel: y\ninput_shape: [3]\noutput_shape: [2]\n"


def csv_rows(rows: int = 40) -> str:
    lines = [f"{i % 7},{i * 0.5},{(i * 13) % 11},{i % 2}" for i in range(rows)]
    return "\n".join(["a,b,c,y", *lines]) + "\n"


class Case(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def file(self, name: str, content: str | bytes) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @contextlib.contextmanager
    def refused(self, code: str, where: str = "", saying: str = ""):
        """The refusal that was meant, at the place that was meant, with a remedy; any other is a failure."""
        with self.assertRaises(Fault) as caught:
            yield
        fault = caught.exception
        self.assertEqual(fault.code, code, str(fault))
        self.assertIn(where, fault.where)
        self.assertIn(saying, fault.message)
        self.assertTrue(fault.remedy)


def archive(entries: dict[str, bytes] | list[tuple[str, bytes]], compression=zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            target.writestr(name, content)
    return buffer.getvalue()


def entries_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def reconfigured(content: bytes, change) -> bytes:
    """The archive with its config.json passed through `change`."""
    entries = entries_of(content)
    config = json.loads(entries["config.json"])
    change(config)
    return archive({**entries, "config.json": json.dumps(config).encode()})
