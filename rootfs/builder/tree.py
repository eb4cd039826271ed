"""The tree between unpacking and sealing: what is added, taken out, compiled and made uniform."""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess

from .fault import BuildFault, progress

MOUNT_POINTS = ("proc", "dev", "sys", "tmp", "in", "out", "mnt")
_JOB = "1000"


def add_identity(tree: pathlib.Path) -> None:
    """What libc looks up. No resolv.conf: a job has no network and must not seem to have one."""
    files = {
        "etc/passwd": f"root:x:0:0:root:/nonexistent:/nonexistent\njob:x:{_JOB}:{_JOB}:job:/tmp:/nonexistent\n",
        "etc/group": f"root:x:0:\njob:x:{_JOB}:\n",
        "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
        "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }
    for name, text in files.items():
        (tree / name).write_text(text)
    for name in MOUNT_POINTS:
        (tree / name).mkdir(exist_ok=True)


def add_trainer(recipe_folder: pathlib.Path, trainer: dict, tree: pathlib.Path) -> None:
    home = tree / trainer["to"].lstrip("/")
    home.mkdir(parents=True)
    for name in trainer["from"]:
        source = recipe_folder / name
        if source.is_dir():
            shutil.copytree(source, home / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, home / name)


def remove(patterns: list[str], tree: pathlib.Path) -> None:
    """Takes out what a job never uses. A pattern that matches nothing is a mistake in the recipe, and says so."""
    progress("tree", "removing what a job never uses")
    for pattern in patterns:
        found = sorted(tree.glob(pattern.lstrip("/")))
        if not found:
            raise BuildFault("tree", f"nothing matches the removal {pattern!r}", "correct or drop the line in recipe.json")
        for path in found:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def compile_python(interpreter: str, folders: list[str], tree: pathlib.Path) -> None:
    """Bytecode for every module, because the image is read-only and a job can't cache it (imports take 3 times as long).

    The image's own interpreter compiles, with `-I -S`: no site hooks, so that only Debian's standard library runs here.
    unchecked-hash: no time stamp in the file and no look at the source when it is loaded; inside the chroot the path
    that lands in each code object is the final one.
    """
    progress("tree", "compiling bytecode")
    parts = []
    for folder in folders:
        parts.append(["-l", folder])  # the files right here, then one part for each package
        parts += [[f"{folder}/{path.name}"] for path in sorted((tree / folder.lstrip("/")).iterdir())
                  if path.is_dir() and path.name != "__pycache__"]

    def compile_part(part: list[str]) -> None:
        in_chroot(tree, [interpreter, "-I", "-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", *part],
                  "compile", {"PYTHONHASHSEED": "0"})

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_part, parts))


def in_chroot(tree: pathlib.Path, argv: list[str], stage: str, environment: dict, user: str | None = None) -> None:
    identity = [f"--userspec={user}:{user}", "--groups="] if user else []
    done = subprocess.run(["/usr/sbin/chroot", *identity, str(tree), *argv],
                          env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise BuildFault(stage, f"{' '.join(argv)[:200]}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[-1500:]}",
                         "the image is not usable as it is; correct the recipe")


def smoke(argv: list[str], environment: dict, tree: pathlib.Path) -> None:
    """Runs what the recipe names inside the tree, as the job's uid: a missing library shows now, not in somebody's job."""
    progress("check", "importing what the trainer imports")
    in_chroot(tree, argv, "smoke", environment, user=_JOB)


def make_uniform(programs: list[str], tree: pathlib.Path) -> None:
    """One mode for folders, one for files, one for the few programs: nothing of the builder's umask or the archives'
    modes is left, and with it no setuid bit and no write permission."""
    executable = {_inside(tree, program) for program in programs}
    for path in tree.rglob("*"):
        if path.is_symlink():
            continue
        os.chmod(path, 0o755 if path.is_dir() or path in executable else 0o644)
    os.chmod(tree, 0o755)


def _inside(tree: pathlib.Path, name: str) -> pathlib.Path:
    """The file that a path means inside the tree, through relative links."""
    path = (tree / name.lstrip("/")).resolve()
    if not path.is_relative_to(tree.resolve()) or not path.is_file():
        raise BuildFault("tree", f"program {name} is not in the image", "correct `programs` in recipe.json")
    return tree / path.relative_to(tree.resolve())

