"""Attempts to write where a job may not, and to change its inputs."""

import mmap
import os
import shutil

from attack import TARGETS, attempt, call

INPUT = "/in/model.keras"
CHMOD, FCHMOD, LINK, SYMLINK, MKNOD, CHOWN = 90, 91, 86, 88, 133, 92
S_IFIFO, S_IFCHR = 0o010000, 0o020000


def _writes(path: str):
    def write() -> None:
        with open(path, "w") as file:
            file.write("x")

    return write


for _name, _path in {
    "write to /": "/hostile", "write to /in": "/in/hostile", "write to the rootfs": "/usr/bin/hostile",
    "write to /dev": "/dev/hostile", "write to /run": "/run/hostile", "write to the trainer's folder": "/opt/aibom/hostile",
    "write to /sys": "/sys/hostile", "write to core_pattern": "/proc/sys/kernel/core_pattern",
}.items():
    attempt(_name)(_writes(_path))


@attempt("write to a file of the host")
def host_file():
    _writes(TARGETS["canary"])()


@attempt("write to a file of the host, by .. and /proc/self/root")
def host_file_around():
    _writes("/proc/self/root/.." + TARGETS["canary"])()


@attempt("change the interpreter")
def interpreter():
    with open("/usr/bin/python3.11", "r+b") as file:
        file.write(b"x")


@attempt("open an input for writing")
def open_input():
    os.close(os.open(INPUT, os.O_WRONLY))


@attempt("cut an input")
def cut_input():
    os.truncate(INPUT, 0)


@attempt("map an input for writing")
def map_input():
    with open(INPUT, "rb") as file:
        mmap.mmap(file.fileno(), 0, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)


@attempt("reopen an input for writing by its descriptor")
def reopen_input():
    with open(INPUT, "rb") as file:
        os.close(os.open(f"/proc/self/fd/{file.fileno()}", os.O_RDWR))


@attempt("change an input's mode")
def mode_of_input():
    os.chmod(INPUT, 0o777)


@attempt("change an input's owner")
def owner_of_input():
    call(CHOWN, INPUT, os.getuid(), os.getgid())


@attempt("change an input's times")
def times_of_input():
    os.utime(INPUT, (0, 0))


@attempt("rename an input")
def rename_input():
    os.rename(INPUT, "/in/other")


@attempt("move an input out")
def move_input():
    os.rename(INPUT, "/out/moved")


@attempt("remove an input")
def remove_input():
    os.unlink(INPUT)


@attempt("link an input into /out")
def link_input():
    call(LINK, INPUT, "/out/linked")


@attempt("leave a link to /etc/shadow in /out")
def leave_link():
    call(SYMLINK, "/etc/shadow", "/out/shadow")


@attempt("leave a FIFO in /out")
def leave_fifo():
    call(MKNOD, "/out/fifo", S_IFIFO | 0o666, 0)


@attempt("make a device")
def make_device():
    call(MKNOD, "/out/memory", S_IFCHR | 0o666, 1 << 8 | 1)


@attempt("leave a setuid copy of the interpreter in /out")
def leave_setuid():
    """Allowed: nosuid makes it no more than a file, and no copy of ours keeps the bit."""
    shutil.copy("/usr/bin/python3.11", "/out/setuid")
    call(CHMOD, "/out/setuid", 0o4755)


@attempt("write to /tmp and /out")
def allowed():
    _writes("/tmp/hostile")()
    _writes("/out/hostile")()
