"""What must not be in an image. Looks at the tree as it will be sealed, whatever the recipe promised."""

import os
import pathlib
import stat

from . import elf
from .fault import BuildFault, progress

SHELLS = {"sh", "ash", "bash", "rbash", "dash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "busybox", "toybox"}
PACKAGE_MANAGERS = {"apt", "apt-get", "apt-cache", "dpkg", "dpkg-deb", "rpm", "dnf", "yum", "apk", "pip", "pip3", "uv", "conda"}
BUILD_TOOLS = {"cc", "gcc", "g++", "c++", "cpp", "clang", "clang++", "tcc", "rustc", "go", "nvcc", "ptxas", "as", "ld", "ld.gold",
               "ld.lld", "ar", "make", "gmake", "cmake", "ninja", "meson", "f2py", "cython", "perl", "gdb", "strace"}
MODULES = {"pip", "ensurepip", "setuptools", "pkg_resources", "_distutils_hack", "distutils", "wheel"}
BUILD_FILES = {".a", ".h", ".hpp", ".o", ".la", ".pc"}


def check(tree: pathlib.Path, programs: list[str]) -> None:
    progress("check", "no setuid file, shell, package manager, build tool; no missing library")
    found = sorted(set(_problems(tree, {os.path.realpath(tree / program.lstrip("/")) for program in programs})))
    if found:
        shown = "\n".join(f"  {line}" for line in found[:40]) + (f"\n  … and {len(found) - 40} more" if len(found) > 40 else "")
        raise BuildFault("check", f"the image holds what no job may have:\n{shown}", "add it to `remove` in recipe.json")


def _problems(tree: pathlib.Path, programs: set[str]):
    present, wanted = set(), {}
    if (tree / "etc/resolv.conf").is_symlink() or (tree / "etc/resolv.conf").exists():
        yield "/etc/resolv.conf: a job has no network"
    for folder, folders, files in os.walk(tree):
        for name in sorted(folders + files):
            path = pathlib.Path(folder, name)
            shown = "/" + str(path.relative_to(tree))
            mode = os.lstat(path).st_mode
            yield from _forbidden(shown, name, mode)
            if name in MODULES and stat.S_ISDIR(mode):
                yield f"{shown}: installs or builds software"
            if stat.S_ISLNK(mode):
                present.add(name)
                if not _leads_inside(tree, path):
                    yield f"{shown}: link that leaves the image or leads nowhere"
            elif stat.S_ISREG(mode):
                present.add(name)
                if mode & 0o111 and str(path.resolve()) not in programs:
                    yield f"{shown}: executable, but not among the recipe's programs"
                facts = elf.read(path)
                if facts and facts.is_program and str(path.resolve()) not in programs:
                    yield f"{shown}: a program, but not among the recipe's programs"
                for library in facts.needed if facts else ():
                    wanted.setdefault(library, shown)
    for library, user in wanted.items():
        if library not in present:
            yield f"{user}: needs {library}, which is not in the image"


def _leads_inside(tree: pathlib.Path, link: pathlib.Path) -> bool:
    """Follows a link as the job will see it, where "/" is the tree."""
    for _ in range(8):
        target = os.readlink(link)
        link = tree / target.lstrip("/") if target.startswith("/") else pathlib.Path(os.path.normpath(link.parent / target))
        if not link.is_relative_to(tree):
            return False
        if not link.is_symlink():
            return link.exists()
    return False


def _forbidden(shown: str, name: str, mode: int):
    if mode & (stat.S_ISUID | stat.S_ISGID):
        yield f"{shown}: setuid or setgid"
    if mode & 0o022 and not stat.S_ISLNK(mode):
        yield f"{shown}: writable by others than its owner"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
        yield f"{shown}: neither file, folder nor link"
    if stat.S_ISDIR(mode):
        return
    for kind, names in (("shell", SHELLS), ("package manager", PACKAGE_MANAGERS), ("build tool", BUILD_TOOLS)):
        if name in names:
            yield f"{shown}: {kind}"
    if pathlib.PurePath(name).suffix in BUILD_FILES:
        yield f"{shown}: only a compiler reads it"
