"""Attempts on the kernel, on other processes, and to run another program."""

import ctypes
import fcntl
import mmap
import os
import resource
import shutil
import signal
import subprocess

from attack import TARGETS, attempt, call

LOADER, INTERPRETER = "/lib64/ld-linux-x86-64.so.2", "/usr/bin/python3.11"
NAMESPACES = {"user": 0x10000000, "mount": 0x20000, "network": 0x40000000, "pid": 0x20000000}
PTRACE, MOUNT, UNSHARE, SETNS, CLONE3, MEMFD_CREATE = 101, 165, 272, 308, 435, 319
CHROOT, PIVOT_ROOT, BPF, PERF, IO_URING, USERFAULTFD = 161, 155, 321, 298, 425, 323
SETUID, SETGID, CAPSET, PRLIMIT, PRCTL = 105, 106, 126, 302, 157
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, TIOCSTI = 1, 36, 0x5412

for _name, _number, _arguments in [
    ("ptrace", PTRACE, (16, 1, 0, 0)), ("mount", MOUNT, ("none", "/tmp", "tmpfs", 0, 0)), ("setns", SETNS, (0, 0)),
    ("clone3", CLONE3, (0, 0)), ("chroot", CHROOT, ("/tmp",)), ("pivot_root", PIVOT_ROOT, ("/tmp", "/tmp")),
    ("memfd_create", MEMFD_CREATE, ("hostile", 0)), ("bpf", BPF, (0, 0, 0)), ("perf_event_open", PERF, (0, 0, -1, -1, 0)),
    ("io_uring_setup", IO_URING, (1, 0)), ("userfaultfd", USERFAULTFD, (0,)), ("become root", SETUID, (0,)),
    ("become root's group", SETGID, (0,)), ("capset", CAPSET, (0, 0)),
    ("outlive the supervisor", PRCTL, (PR_SET_PDEATHSIG, 0, 0, 0, 0)),
    ("adopt processes", PRCTL, (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)),
]:
    attempt(_name)(lambda number=_number, arguments=_arguments: call(number, *arguments))
for _name, _flag in NAMESPACES.items():
    attempt(f"unshare {_name}")(lambda flag=_flag: call(UNSHARE, flag))


@attempt("signal the supervisor")
def signal_supervisor():
    os.kill(TARGETS["pid"], signal.SIGKILL)


@attempt("signal everybody")
def signal_all():
    os.kill(-1, 0)


@attempt("limit the supervisor")
def limit_supervisor():
    call(PRLIMIT, TARGETS["pid"], 7, 0, 0)


@attempt("raise a limit")
def raise_limit():
    """Asks the kernel: Python's own answer to EPERM is a ValueError."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limits = (ctypes.c_ulong * 2)(hard + 1, hard + 1)
    call(PRLIMIT, 0, resource.RLIMIT_NOFILE, ctypes.addressof(limits), 0)


@attempt("raise priority")
def raise_priority():
    os.setpriority(os.PRIO_PROCESS, 0, -10)


@attempt("type on the supervisor's terminal")
def terminal():
    fcntl.ioctl(0, TIOCSTI, b"x")


def _copied(source: str, target: str) -> str:
    shutil.copy(source, target)
    os.chmod(target, 0o755)
    return target


def _status(*command: str) -> str:
    """Raises as exec does; otherwise how the other program ended."""
    ended = subprocess.run(command, capture_output=True, text=True)
    return f"status {ended.returncode}: {ended.stderr.strip().rsplit(': ', 1)[-1]}"


@attempt("load a shared object from /tmp")
def load_object():
    """The loader says so in words only, without the number of the error."""
    try:
        ctypes.CDLL(_copied("/lib/x86_64-linux-gnu/libz.so.1", "/tmp/hostile.so"))
    except OSError as error:
        return str(error).rsplit(": ", 1)[-1]


@attempt("map code from /tmp")
def map_code():
    with open(_copied(INTERPRETER, "/tmp/hostile-code"), "rb") as file:
        mmap.mmap(file.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)


@attempt("run a shell")
def shell():
    return _status("/bin/sh", "-c", "id")


@attempt("run a program of /tmp")
def program_of_tmp():
    return _status(_copied(INTERPRETER, "/tmp/hostile-program"), "-c", "")


@attempt("run a program of /out")
def program_of_out():
    return _status(_copied(INTERPRETER, "/out/program"), "-c", "")


@attempt("run a program of /tmp by the loader")
def program_by_loader():
    return _status(LOADER, _copied(INTERPRETER, "/tmp/hostile-loaded"), "-c", "")


@attempt("run the interpreter again")
def interpreter_again():
    """Allowed: what it runs is as confined."""
    return _status(INTERPRETER, "-S", "-c", "raise SystemExit(3)")
