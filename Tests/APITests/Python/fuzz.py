"""Runs schemathesis, all checks on, against a service on a Unix socket, or against a gateway by its URL.

    python fuzz.py OPENAPI SOCKET UID TOKEN EXAMPLES [OPTION...]
    python fuzz.py OPENAPI URL - TOKEN EXAMPLES [OPTION...]

The service is asked as user UID: as the gateway's, TOKEN is looked at. What the gateway alone answers is left out on the socket.
Exit status of schemathesis.
"""

import asyncio
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

HOOKS = '''
import datetime
import uuid
import schemathesis
from hypothesis import strategies as st

# What a schema can't say of a file's name: bytes, not characters, and no character that is not seen.
hidden = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
letters = st.characters(exclude_categories=hidden, exclude_characters="/", max_codepoint=0x2FFF)
names = st.text(letters, min_size=1, max_size=80).filter(lambda name: name not in (".", ".."))
schemathesis.openapi.format("file-name", names)
schemathesis.openapi.format("idempotency-key", st.builds(lambda: f'"{uuid.uuid4()}"'))

schemathesis.openapi.format("time-to-come", st.dates(datetime.date(2100, 1, 1)).map(lambda day: f"{day}T12:00:00Z"))
'''


# A condition that does not hold, a range behind the end, a key that came with another request before, and files that are not
# what their part is for are answers to requests that are well formed.
CONFIGURATION = """
[[operations]]
include-name = "GET /v1/jobs/{id}/artifacts/{name}"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 416, 429, "5xx"]

[[operations]]
include-name = "POST /v1/jobs"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 422, 429, "5xx"]

[[operations]]
include-tag = "seed"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 422, 429, "5xx"]

[[operations]]
include-name = "POST /v1/verify"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 422, 429, "5xx"]
"""


class Forwarder:
    """TCP on loopback to the Unix socket, byte for byte, in a process of its own that is somebody else."""

    def __init__(self, path: str, uid: int):
        self.path = path
        reader, writer = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.close(reader)
            self.said = writer
            if uid != os.geteuid():
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            try:
                asyncio.run(self.serve())
            finally:
                os._exit(1)
        os.close(writer)
        with os.fdopen(reader) as said:
            self.port = int(said.readline())

    def end(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    async def serve(self):
        server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        os.write(self.said, f"{server.sockets[0].getsockname()[1]}\n".encode())
        os.close(self.said)
        async with server:
            await server.serve_forever()

    async def connect(self, reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_unix_connection(self.path)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.pump(reader, inner_writer), self.pump(inner_reader, writer))

    @staticmethod
    async def pump(reader, writer):
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


def supervisors_part(document: dict) -> dict:
    methods = ("get", "put", "post", "delete")
    for path in list(document["paths"]):
        item = document["paths"][path]
        for method in methods:
            if method in item and item[method].get("x-aibom-door") == "gateway":
                del item[method]
        if not any(method in item for method in methods):
            del document["paths"][path]
    return document


def run(document: dict, url: str, token: str, examples: str, options: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="aibom-fuzz-") as folder:
        schema = pathlib.Path(folder, "openapi.json")
        schema.write_text(json.dumps(document), encoding="utf-8")
        pathlib.Path(folder, "hooks.py").write_text(HOOKS, encoding="utf-8")
        pathlib.Path(folder, "schemathesis.toml").write_text(CONFIGURATION, encoding="utf-8")
        environment = dict(os.environ, PYTHONPATH=folder, SCHEMATHESIS_HOOKS="hooks", PYTHONDONTWRITEBYTECODE="1")
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", str(schema),
            "--url", url, "--checks", "all", "--max-examples", examples,
            "--generation-database", "none", "--continue-on-failure", "--workers", "1", "--seed", "1", "--no-color",
        ]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        return subprocess.run(command + options, env=environment, cwd=folder, check=False).returncode


def main() -> int:
    openapi, door, uid, token, examples = sys.argv[1:6]
    document = json.loads(pathlib.Path(openapi).read_text(encoding="utf-8"))
    if door.startswith("http"):
        return run(document, door, token, examples, sys.argv[6:])
    forwarder = Forwarder(door, int(uid))
    try:
        url = f"http://127.0.0.1:{forwarder.port}"
        return run(supervisors_part(document), url, token, examples, sys.argv[6:])
    finally:
        forwarder.end()


if __name__ == "__main__":
    sys.exit(main())
