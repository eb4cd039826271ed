"""What a hostile model does once its code runs: every attempt on the list, and a report of what each was told.

Only the standard library. `make.py` packs this file and the four with the attempts into each model, so a model needs
nothing but itself. Never run it outside a sandbox; `reach.py` alone is harmless, and the tests' control.
"""

import ctypes
import errno
import json
import os
import socket
import sys
import time

# Where the supervisor's things lie: an attacker who knows his host. `make.py` writes them into the model.
TARGETS: dict = {}
_ATTEMPTS: dict = {}
_LIBC = ctypes.CDLL(None, use_errno=True)


def attempt(name: str):
    """Puts a function on the list. What it returns is the answer; None stands for: done."""

    def enlist(function):
        _ATTEMPTS[name] = function
        return function

    return enlist


def call(number: int, *arguments):
    """One system call of x86_64, whatever the library thinks of it. A str is passed as its bytes."""
    words = [ctypes.c_char_p(a.encode()) if isinstance(a, str) else ctypes.c_long(a) for a in arguments]
    ctypes.set_errno(0)
    if _LIBC.syscall(ctypes.c_long(number), *words) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def told(function) -> str:
    """The answer to one attempt: an error by its name, or what the function has to say."""
    try:
        answer = function()
    except socket.gaierror as error:
        names = {value: name for name, value in vars(socket).items() if name.startswith("EAI_")}
        return names.get(error.errno, str(error))
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, f"{type(error).__name__}: {error}")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "done" if answer is None else str(answer)


def answers() -> dict:
    return {name: told(function) for name, function in _ATTEMPTS.items()}


def survive() -> None:
    """Leaves a daemon that writes to /out for as long as it is let."""
    if os.fork() != 0:
        return
    os.setsid()
    while True:
        with open("/out/survivor", "a") as file:
            file.write("alive\n")
        time.sleep(0.01)


def run(model: str) -> None:
    """Attacks once in a process, then leaves what a trainer is expected to leave: the answers for metrics."""
    if os.path.exists("/out/answers.json"):
        return
    found = answers()
    survive()
    time.sleep(1)
    found["a daemon that writes to /out"] = "lives" if os.path.getsize("/out/survivor") > 0 else "is dead"
    report = json.dumps({"model": model, "marker": TARGETS.get("marker"), "answers": found}, indent=1)
    for name in ("answers.json", "metrics.json", "trained_model.keras"):
        with open(f"/out/{name}", "w") as file:
            file.write(report)
    print(f"{model}: {TARGETS.get('marker')} ran", file=sys.stderr)
