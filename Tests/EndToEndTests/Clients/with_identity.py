"""An identity provider and a service manager of the test's own: the gateway gets its listening socket from the one, and the keys
by which it knows users from the other, by URL.

    python with_identity.py GATEWAY SOCKET USER
"""

import base64
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import requests

gateway, supervisor, user = sys.argv[1:]


def url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """Signs with RS256 and shows its keys at a URL."""

    def __init__(self, folder: str):
        self.folder = folder
        self.fetched = threading.Event()
        self.rotate("first")
        provider = self

        class Keys(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"keys": [provider.jwk]}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                provider.fetched.set()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/keys"

    def rotate(self, name: str):
        self.name, self.key = name, f"{self.folder}/{name}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        said = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True, capture_output=True)
        modulus = bytes.fromhex(re.sub(r"^Modulus=", "", said.stdout.decode().strip()))
        self.jwk = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": name, "n": url_safe(modulus), "e": "AQAB"}

    def token(self, **claims) -> str:
        now = int(time.time())
        header = {"alg": "RS256", "typ": "JWT", "kid": self.name}
        body = {"iss": "https://login.example.org", "aud": "aibom", "sub": "ann", "iat": now, "exp": now + 600} | claims
        text = ".".join(url_safe(json.dumps(part).encode()) for part in (header, body))
        signed = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), check=True, capture_output=True)
        return f"{text}.{url_safe(signed.stdout)}"


def start(listening: socket.socket, provider: Provider, log) -> subprocess.Popen:
    """As systemd does: the socket is descriptor 3, and the process is named whom it is for."""
    command = [
        gateway, "--socket", supervisor, "--set", f"gateway.user={user}", "--set", "oidc.issuer=https://login.example.org",
        "--set", "oidc.audience=aibom", "--set", f"oidc.keys={provider.url}", "--set", "oidc.skew_seconds=0",
        "--listen", "127.0.0.1:1",  # the socket that was passed goes before it
    ]
    return subprocess.Popen(
        ["sh", "-c", 'exec 3<&"$1"; export LISTEN_PID=$$ LISTEN_FDS=1; shift; exec "$@"', "sh", str(listening.fileno())]
        + command,
        pass_fds=[listening.fileno()], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
    )


def eventually(condition, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


with tempfile.TemporaryDirectory(prefix="aibom-identity-") as folder:
    provider = Provider(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    log_path = pathlib.Path(folder, "log")
    with log_path.open("wb") as log:
        process = start(listening, provider, log)
    try:
        def ask(token: str, path: str = "/v1/jobs", **more) -> requests.Response:
            return requests.get(base + path, headers={"Authorization": f"Bearer {token}"}, timeout=30, **more)

        assert provider.fetched.wait(20), log_path.read_text()
        assert eventually(lambda: ask(provider.token()).status_code == 200), (ask(provider.token()).text, log_path.read_text())
        now = int(time.time())
        for claims in (
            {"aud": "another"}, {"iss": "https://login.example.com"}, {"exp": now - 1}, {"nbf": now + 600}, {"sub": ""},
        ):
            answer = ask(provider.token(**claims))
            assert answer.status_code == 401, (claims, answer.status_code, answer.text)
        good = provider.token()
        head, body, signature = good.split(".")
        forged = url_safe(json.dumps({"iss": "https://login.example.org", "aud": "aibom", "sub": "eve", "exp": now + 600}).encode())
        none = url_safe(b'{"alg":"none","kid":"first"}')
        for token in (f"{head}.{forged}.{signature}", f"{none}.{body}.", f"{head}.{body}.{signature[:-8]}AAAAAAAA"):
            assert ask(token).status_code == 401, token
        # The role that users of a provider get submits; operators' routes are not theirs.
        assert ask(good, "/v1/tokens").status_code == 403
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(30)
        provider.server.shutdown()
    assert status == 0, (status, log_path.read_text())
    # The fetcher of keys went with its gateway.
    assert eventually(lambda: subprocess.run(["pgrep", "-f", provider.url], capture_output=True).returncode == 1)
