"""Writes forms.json: bodies that real clients send, and odd ones with what three readers in Python make of them.

    pip install requests==2.34.2 urllib3==2.8.0 httpx==0.28.1 aiohttp==3.14.5 werkzeug==3.1.9 python-multipart==0.0.34
    python3 make_forms.py > forms.json        # curl on the PATH
"""

import asyncio
import base64
import email
import io
import json
import socket
import subprocess
import tempfile
import threading
import pathlib

import aiohttp
import httpx
import requests
import urllib3
import werkzeug.formparser
from python_multipart.multipart import FormParser, parse_options_header

CONTENT = bytes(range(256)) + b"\r\n--\r\n" + b"\r" * 3
PARTS = [("model", "wine.keras", CONTENT), ("dataset", 'größe "x".csv', b"a,b\r\n1,2\r\n"), ("dataset_definition", "d.yaml", b""),
         ("epochs", None, b"5"), ("model_name", None, "größe".encode())]


def clients():
    files = [(name, (file, content)) for name, file, content in PARTS if file]
    data = {name: content.decode() for name, file, content in PARTS if not file}
    request = requests.Request("POST", "http://x/", files=files, data=data).prepare()
    yield "requests", request.headers["Content-Type"], request.body
    fields = [(name, (file, content)) if file else (name, content) for name, file, content in PARTS]
    body, kind = urllib3.encode_multipart_formdata(fields)
    yield "urllib3", kind, body
    request = httpx.Request("POST", "http://x/", files=files, data=data)
    yield "httpx", request.headers["Content-Type"], request.read()
    yield "aiohttp quote_fields=False", *asyncio.run(with_aiohttp(False))
    yield "aiohttp", *asyncio.run(with_aiohttp(True))
    yield "curl", *with_curl()


async def with_aiohttp(quote):
    form = aiohttp.FormData(quote_fields=quote, default_to_multipart=True)
    for name, file, content in PARTS:
        form.add_field(name, io.BytesIO(content) if file else content.decode(), filename=file)
    payload = form()
    sink = []

    class Writer:
        async def write(self, data):
            sink.append(bytes(data))
    await payload.write(Writer())
    return payload.headers["Content-Type"], b"".join(sink)


def with_curl():
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["curl", "-s", "-H", "Expect:"]
        for number, (name, file, content) in enumerate(PARTS):
            path = pathlib.Path(folder, str(number))
            path.write_bytes(content)
            quoted = (file or "").replace("\\", "\\\\").replace('"', '\\"')
            arguments += ["-F", f'{name}=@{path};filename="{quoted}"' if file else f"{name}=<{path}"]
        server = socket.create_server(("127.0.0.1", 0))
        got = []

        def serve():
            connection, _ = server.accept()
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
            while len(body) < int(headers["Content-Length"]):
                body += connection.recv(65536)
            got.append((headers["Content-Type"], body))
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            connection.close()
        thread = threading.Thread(target=serve)
        thread.start()
        subprocess.run(arguments + [f"http://127.0.0.1:{server.getsockname()[1]}/"], check=True)
        thread.join()
        server.close()
        return got[0]


def part(disposition, content=b"x", more=b""):
    return b"--b\r\nContent-Disposition: " + disposition + b"\r\n" + more + b"\r\n" + content + b"\r\n"


A = b'form-data; name="a"'
ODD = {
    "plain": part(A) + b"--b--\r\n",
    "no end line": part(A) + b"--b--",
    "preamble and epilogue": b"hello\r\n" + part(A) + b"--b--\r\nbye\r\n",
    "padding": part(A).replace(b"--b\r\n", b"--b  \t\r\n") + b"--b--\r\n",
    "empty content": part(A, b"") + b"--b--\r\n",
    "content of line ends": part(A, b"\r\n\r\n") + b"--b--\r\n",
    "content like a boundary": part(A, b"--b in a line\r\n-b\r\n--\r\n--a") .replace(b"\r\n\r\n--b in", b"\r\n\r\n.--b in") + b"--b--\r\n",
    "boundary goes on": part(A, b"x\r\n--bc\r\ny") + b"--b--\r\n",
    "lf only": part(A).replace(b"\r\n", b"\n") + b"--b--\n",
    "lf behind boundary": part(A).replace(b"--b\r\n", b"--b\n") + b"--b--\r\n",
    "folded": part(b'form-data;\r\n name="a"') + b"--b--\r\n",
    "upper case": part(b'FORM-DATA; NAME="a"').replace(b"Content-Disposition", b"CONTENT-DISPOSITION") + b"--b--\r\n",
    "unquoted": part(b"form-data; name=a; filename=f.csv") + b"--b--\r\n",
    "semicolon in quotes": part(b'form-data; name="a"; filename="f;g.csv"') + b"--b--\r\n",
    "escaped quote": part(b'form-data; name="a"; filename="f\\"g.csv"') + b"--b--\r\n",
    "percent quote": part(b'form-data; name="a"; filename="f%22g.csv"') + b"--b--\r\n",
    "windows path": part(b'form-data; name="a"; filename="C:\\Users\\eva\\f.csv"') + b"--b--\r\n",
    "unix path": part(b'form-data; name="a"; filename="/etc/passwd"') + b"--b--\r\n",
    "traversal": part(b'form-data; name="a"; filename="../../f.csv"') + b"--b--\r\n",
    "star and plain": part(b"form-data; name=\"a\"; filename=\"f.csv\"; filename*=utf-8''g.csv") + b"--b--\r\n",
    "star only": part(b"form-data; name=\"a\"; filename*=utf-8''g.csv") + b"--b--\r\n",
    "no name": part(b"form-data") + b"--b--\r\n",
    "no disposition": b"--b\r\nX: y\r\n\r\nx\r\n--b--\r\n",
    "two names": part(b'form-data; name="a"; name="b"') + b"--b--\r\n",
    "same field twice": part(A, b"1") + part(A, b"2") + b"--b--\r\n",
    "base64": part(A, b"eA==", b"Content-Transfer-Encoding: base64\r\n") + b"--b--\r\n",
    "binary": part(A, b"x", b"Content-Transfer-Encoding: binary\r\n") + b"--b--\r\n",
    "cut in content": part(A)[:-3],
    "cut in headers": part(A)[:20],
    "no close": part(A),
    "empty form": b"--b--\r\n",
    "nul in name": part(b'form-data; name="a\0b"') + b"--b--\r\n",
    "latin-1 name": part(b'form-data; name="a"; filename="\xe9.csv"') + b"--b--\r\n",
    "colon less": b"--b\r\nContent-Disposition form-data; name=a\r\n\r\nx\r\n--b--\r\n",
    "nested quotes": part(b'form-data; name="a"; filename="f"g"') + b"--b--\r\n",
}


def as_werkzeug(body):
    form, files = werkzeug.formparser.MultiPartParser().parse(io.BytesIO(body), b"b", len(body))
    return sorted([[n, None, v.encode()] for n, v in form.items(multi=True)] + [[n, f.filename, f.read()] for n, f in files.items(multi=True)], key=str)


def as_python_multipart(body):
    found = []
    text = lambda value: None if value is None else value.decode()

    def on_file(file):
        file.file_object.seek(0)
        found.append([text(file.field_name), text(file.file_name), file.file_object.read()])
    ended = []
    parser = FormParser("multipart/form-data", lambda field: found.append([text(field.field_name), None, field.value or b""]), on_file,
                        on_end=lambda: ended.append(True), boundary=b"b")
    parser.write(body)
    parser.finalize()
    return sorted(found, key=str) if ended else fail()


def as_email(body):
    message = email.message_from_bytes(b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + body)
    if message.defects or not message.is_multipart():
        fail()
    return sorted([[p.get_param("name", header="content-disposition"), p.get_filename(), p.get_payload(decode=True)]
                   for p in message.get_payload()], key=str)


def fail():
    raise ValueError


def reading(reader, body):
    try:
        return [{"name": n, "file_name": f, "content": base64.b64encode(c).decode()} for n, f, c in reader(body)]
    except Exception:
        return None


def main():
    sent = [{"name": n, "file_name": f, "content": base64.b64encode(c).decode()} for n, f, c in PARTS]
    document = {
        "sent": sent,
        "clients": [{"name": n, "content_type": t, "body": base64.b64encode(b).decode()} for n, t, b in clients()],
        "odd": [{"name": n, "body": base64.b64encode(b).decode(), "werkzeug": reading(as_werkzeug, b),
                 "python-multipart": reading(as_python_multipart, b), "email": reading(as_email, b)} for n, b in ODD.items()],
    }
    print(json.dumps(document, indent=1, ensure_ascii=False))


main()
