"""Debian packages: looked up in the host's signed index, fetched by digest, unpacked without their scripts."""

import os
import pathlib
import pwd
import subprocess

from .downloads import Downloads
from .fault import BuildFault, progress
from .recipe import Deb

_C = {**os.environ, "LC_ALL": "C"}
_UPDATE = "run `apt-get update` and try again"


def _run(*argv, cwd=None) -> str:
    try:
        done = subprocess.run(argv, cwd=cwd, env=_C, capture_output=True, text=True)
    except FileNotFoundError:
        raise BuildFault("debian", f"{argv[0]} is not installed", "build on Debian 12, which has it") from None
    if done.returncode:
        raise BuildFault("debian", f"`{' '.join(argv[:2])}` exited with {done.returncode}: {done.stderr.strip()[-600:]}", _UPDATE)
    return done.stdout


def _stanzas(text: str):
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(" "))
        if fields:
            yield fields


def index(names: list[str]) -> dict[str, dict[str, Deb]]:
    """What apt's signed lists offer: name -> version -> package. One query for all names.

    A stanza without `Filename` describes what happens to be installed on the host, not what can be fetched.
    """
    offered: dict[str, dict[str, Deb]] = {name: {} for name in names}
    done = subprocess.run(["apt-cache", "show", *names], env=_C, capture_output=True, text=True)
    for fields in _stanzas(done.stdout):
        if "Filename" in fields and "SHA256" in fields and fields["Package"] in offered:
            deb = Deb(fields["Package"], fields["Version"], fields["Architecture"], fields["SHA256"])
            offered[deb.name][deb.version] = deb
    return offered


def candidates(names: list[str]) -> dict[str, str]:
    """The version apt would install, which follows the host's pins and prefers the security suite."""
    chosen, name = {}, None
    for line in _run("apt-cache", "policy", *names).splitlines():
        if not line.startswith(" "):
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:"):
            chosen[name] = line.split()[-1]
    return chosen


def resolve(names: list[str], codename: str) -> list[Deb]:
    """The newest package of each name in the host's index. Only a host of the recipe's release can answer."""
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    host = release.get("VERSION_CODENAME", "unknown").strip('"')
    if host != codename:
        raise BuildFault("debian", f"the recipe is for Debian {codename}, this host's apt is for {host}",
                         f"resolve on a Debian {codename} host, then commit the lock it writes")
    offered, chosen = index(names), candidates(names)
    resolved = []
    for name in names:
        deb = offered[name].get(chosen.get(name, ""))
        if deb is None:
            raise BuildFault("debian", f"apt's lists offer no {name}", _UPDATE)
        resolved.append(deb)
    return resolved


def fetch(debs: list[Deb], downloads: Downloads) -> list[pathlib.Path]:
    found = {deb: downloads.find(deb.sha256) for deb in debs}
    missing = [deb for deb in debs if found[deb] is None]
    progress("debian", f"{len(debs)} packages, {len(missing)} to download")
    if missing:
        refuse_superseded(missing, index([deb.name for deb in missing]))
        found |= _download(missing, downloads)
    return [found[deb] for deb in debs]


def refuse_superseded(missing: list[Deb], offered: dict[str, dict[str, Deb]]) -> None:
    """The archive keeps only current versions; all stale lock lines are named in one answer."""
    stale = [deb for deb in missing if deb.version not in offered[deb.name]]
    if stale:
        lines = [f"  {deb.name}: locked {deb.version}, available {', '.join(offered[deb.name]) or 'none in the lists'}" for deb in stale]
        raise BuildFault("debian", "the archive no longer has these locked packages:\n" + "\n".join(lines),
                         "run again with --re-resolve to take the current ones from the signed index (the new lock "
                         "lands beside the image); if none is listed as available, run `apt-get update` first")
    for deb in missing:
        signed = offered[deb.name][deb.version]
        if signed.sha256 != deb.sha256:
            raise BuildFault("debian", f"{deb.name} {deb.version}: the lock says sha256 {deb.sha256}, the signed index {signed.sha256}",
                             "do not build: find out who changed the lock")


def _download(debs: list[Deb], downloads: Downloads) -> dict[Deb, pathlib.Path]:
    with downloads.scratch() as scratch:
        if os.geteuid() == 0:  # apt fetches as its own user; without this it would fetch as root and warn
            try:
                os.chown(scratch, pwd.getpwnam("_apt").pw_uid, -1)
            except KeyError:
                pass
        _run("apt-get", "download", "-q", *(f"{deb.name}={deb.version}" for deb in debs), cwd=scratch)
        arrived = {_field(path, "Package"): path for path in pathlib.Path(scratch).glob("*.deb")}
        return {deb: downloads.keep(arrived[deb.name], deb.sha256, f"{deb.name} {deb.version}") for deb in debs}


def _field(deb: pathlib.Path, name: str) -> str:
    return _run("dpkg-deb", "-f", str(deb), name).strip()


def unpack(debs: list[Deb], paths: list[pathlib.Path], tree: pathlib.Path) -> None:
    """Files only: no maintainer script runs, so the result depends on nothing but the archives.

    The control record goes where scanners of shell-less images look for it.
    """
    progress("debian", "unpacking")
    records = tree / "var/lib/dpkg/status.d"
    for deb, path in zip(debs, paths, strict=True):
        _run("dpkg-deb", "-x", str(path), str(tree))
        records.mkdir(parents=True, exist_ok=True)
        (records / deb.name).write_text(_run("dpkg-deb", "-f", str(path)))
