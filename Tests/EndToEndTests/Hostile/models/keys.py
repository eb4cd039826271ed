"""Attempts to read a key, another's memory or environment, or anything that was left open."""

import os
import stat

from attack import TARGETS, attempt, call

ADD_KEY, REQUEST_KEY, KEYCTL, PROCESS_VM_READV, PIDFD_OPEN, OPEN_BY_HANDLE_AT = 248, 249, 250, 310, 434, 304
SESSION_KEYRING = -3


def _reads(path: str):
    def read() -> str:
        with open(path, "rb") as file:
            return f"read {len(file.read(4096))} bytes"

    return read


for _name, _path in {
    "read /etc/shadow": "/etc/shadow", "read the root of process 1": "/proc/1/root/etc/shadow",
    "read the kernel's keys": "/proc/keys", "read the disk": "/dev/vda", "read the machine's memory": "/dev/mem",
    "read /proc/kcore": "/proc/kcore", "read a control group": "/sys/fs/cgroup/cgroup.procs",
}.items():
    attempt(_name)(_reads(_path))


@attempt("read the supervisor's key")
def key():
    return _reads(TARGETS["key"])()


@attempt("read the supervisor's jobs")
def jobs():
    return _reads(TARGETS["jobs"])()


@attempt("read a file of the host")
def canary():
    return _reads(TARGETS["canary"])()


@attempt("read the supervisor's environment")
def environment():
    return _reads(f"/proc/{TARGETS['pid']}/environ")()


@attempt("read the supervisor's memory")
def memory():
    return _reads(f"/proc/{TARGETS['pid']}/mem")()


@attempt("read the supervisor's memory by process_vm_readv")
def vm_readv():
    call(PROCESS_VM_READV, TARGETS["pid"], 0, 0, 0, 0, 0)


@attempt("open the supervisor as a descriptor")
def pidfd():
    call(PIDFD_OPEN, TARGETS["pid"], 0)


@attempt("open a file by its handle")
def handle():
    call(OPEN_BY_HANDLE_AT, -100, 0, 0)


@attempt("keyctl")
def keyctl():
    call(KEYCTL, 0, SESSION_KEYRING, 0)


@attempt("add_key")
def add_key():
    call(ADD_KEY, "user", "hostile", "x", 1, SESSION_KEYRING)


@attempt("request_key")
def request_key():
    call(REQUEST_KEY, "user", "aibom", 0, SESSION_KEYRING)


@attempt("find a secret in the environment")
def variables():
    """Of all processes to be seen, one's own among them."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            with open(f"/proc/{name}/environ", "rb") as file:
                found |= {line.split(b"=")[0].decode() for line in file.read().split(b"\0") if line}
    words = ("KEY", "SECRET", "TOKEN", "CANARY", "PASS", "SUDO", "SSH")
    return ", ".join(sorted(name for name in found if any(word in name for word in words))) or "none"


@attempt("see another's process")
def processes():
    return ", ".join(name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()) or "none"


@attempt("find a descriptor that was left open")
def descriptors():
    """0 to 3 are the job's: an empty input, two pipes for what it prints and one for what it reports."""
    kinds = {stat.S_IFDIR: "folder", stat.S_IFSOCK: "socket", stat.S_IFBLK: "disk"}
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            kind = kinds.get(stat.S_IFMT(os.fstat(int(name)).st_mode))
        except OSError:
            continue  # the one that listed
        if kind:
            found.append(f"{name}: {kind}")
    return ", ".join(found) or "none"


@attempt("find a key or a setuid program in the rootfs")
def walk():
    found = []
    for place in ("/etc", "/opt", "/run", "/var", "/bin", "/lib", "/usr/bin", "/usr/lib", "/in", "/tmp"):
        for folder, _, names in os.walk(place):
            for name in names:
                path = f"{folder}/{name}"
                if name.endswith((".pem", ".key", ".sock")) or os.lstat(path).st_mode & 0o6000:
                    found.append(path)
    return ", ".join(sorted(found)) or "none"
