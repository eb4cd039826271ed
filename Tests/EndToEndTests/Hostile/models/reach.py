"""Attempts to talk to somebody. It does nothing else, so it may run on the host: python3 reach.py TARGETS.json"""

import json
import socket
import sys

from attack import TARGETS, answers, attempt

FAMILIES = {"AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_PACKET": 17, "AF_ALG": 38, "AF_VSOCK": 40}
ELSEWHERE = ("192.0.2.1", 80)  # TEST-NET-1: nobody's


def _opens(family: int):
    return lambda: socket.socket(family, socket.SOCK_RAW if family in (16, 17) else socket.SOCK_STREAM).close()


def _connects(where):
    def connect() -> None:
        with socket.socket(socket.AF_UNIX) as one:
            one.settimeout(5)
            one.connect(where)

    return connect


@attempt("connect to a service on 127.0.0.1")
def loopback():
    socket.create_connection(("127.0.0.1", TARGETS["port"]), timeout=5).close()


@attempt("connect to a service on an abstract socket")
def abstract():
    _connects("\0" + TARGETS["abstract"])()


@attempt("connect to the supervisor's socket")
def supervisor():
    _connects(TARGETS["socket"])()


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        TARGETS.update(json.load(file))
    print(json.dumps(answers()))
    sys.exit()

for _name, _family in FAMILIES.items():
    attempt(f"a socket of {_name}")(_opens(_family))


@attempt("connect to the world")
def world():
    socket.create_connection(ELSEWHERE, timeout=5).close()


@attempt("ask for a host's address")
def resolve():
    socket.getaddrinfo("example.com", 80)


@attempt("a server of its own on a path in /tmp")
def own_server():
    """Allowed: nobody else sees that folder."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("/tmp/hostile-server")
