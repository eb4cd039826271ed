"""The build program where it must refuse, without a network: python3 -m unittest discover rootfs/tests"""

import contextlib
import hashlib
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

ROOTFS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOTFS))

from builder import check, debian, inventory, publish, recipe, tree, wheels  # noqa: E402
from builder.downloads import Downloads  # noqa: E402
from builder.fault import BuildFault  # noqa: E402

DEB = recipe.Deb("libx", "1:2.0+b1", "amd64", "a" * 64)


class Case(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        quiet = contextlib.redirect_stderr(io.StringIO())
        quiet.__enter__()
        self.addCleanup(quiet.__exit__, None, None, None)

    @contextlib.contextmanager
    def refused(self, *words):
        with self.assertRaises(BuildFault) as caught:
            yield
        for word in words:
            self.assertIn(word, f"{caught.exception}\n{caught.exception.remedy}")


class LockTests(Case):
    def test_locks_survive_a_round_trip(self):
        for path in sorted(ROOTFS.glob("*/debian.lock")):
            self.assertEqual(recipe.format_debian_lock(recipe.parse_debian_lock(path.read_bytes())), path.read_bytes())
        for path in sorted(ROOTFS.glob("*/requirements.lock")):
            self.assertEqual(recipe.format_wheel_lock(recipe.parse_wheel_lock(path.read_bytes())), path.read_bytes())

    def test_a_damaged_line_is_named(self):
        with self.refused("debian.lock line 2", "rootfs/lock"):
            recipe.parse_debian_lock(b"# x\nlibx 1.0 amd64 abc\n")
        with self.refused("requirements.lock line 1"):
            recipe.parse_wheel_lock(b"keras>=3\n")

    def test_a_superseded_package_names_both_versions_and_the_remedy(self):
        newer = recipe.Deb("libx", "1:2.0+b2", "amd64", "b" * 64)
        with self.refused("libx: locked 1:2.0+b1, available 1:2.0+b2", "--re-resolve"):
            debian.refuse_superseded([DEB], {"libx": {newer.version: newer}})
        with self.refused("none in the lists", "apt-get update"):
            debian.refuse_superseded([DEB], {"libx": {}})

    def test_a_lock_that_disagrees_with_the_signed_index(self):
        with self.refused("the signed index " + "c" * 64, "do not build"):
            debian.refuse_superseded([DEB], {"libx": {DEB.version: recipe.Deb("libx", DEB.version, "amd64", "c" * 64)}})

    def test_only_the_recipes_release_may_resolve(self):
        with self.refused("Debian nosuch", "commit the lock"):
            debian.resolve(["libc6"], "nosuch")


class RecipeTests(Case):
    def setUp(self):
        super().setUp()
        self.program = self.folder / "rootfs"
        shutil.copytree(ROOTFS, self.program, ignore=shutil.ignore_patterns("__pycache__"))

    def digest(self):
        return recipe.load(self.program / "keras").digest(self.program)

    def test_an_unknown_name_lists_the_known_ones(self):
        for name in ("nosuch", "../keras", "builder"):
            with self.refused("no rootfs is named", "keras"):
                recipe.load(self.program / name)

    def test_every_byte_and_the_executable_bit_count(self):
        seen = {self.digest()}
        for path in ("keras/recipe.json", "keras/trainer/split.py", "keras/requirements.lock", "build", "builder/seal.py"):
            with open(self.program / path, "a") as file:
                file.write("\n")
            seen.add(self.digest())
        (self.program / "keras/trainer/split.py").chmod(0o755)
        seen.add(self.digest())
        (self.program / "keras/trainer/new.py").touch()
        seen.add(self.digest())
        self.assertEqual(len(seen), 8)

    def test_a_umask_and_a_bytecode_cache_do_not_count(self):
        before = self.digest()
        for path in self.program.rglob("*"):
            path.chmod(path.stat().st_mode & ~0o077)
        (self.program / "keras/trainer/__pycache__").mkdir()
        (self.program / "keras/trainer/__pycache__/x.pyc").touch()
        self.assertEqual(self.digest(), before)

    def test_a_resolved_lock_has_the_digest_it_will_have_when_committed(self):
        fresh = recipe.load(self.program / "keras").with_debs([DEB])
        uncommitted = fresh.digest(self.program)
        self.assertNotEqual(uncommitted, self.digest())
        (self.program / "keras/debian.lock").write_bytes(recipe.format_debian_lock([DEB]))
        self.assertEqual(self.digest(), uncommitted)

    def test_a_link_in_a_recipe(self):
        (self.program / "keras/trainer/link.py").symlink_to("/etc/passwd")
        with self.refused("link.py", "regular files only"):
            self.digest()


class DownloadTests(Case):
    def test_wrong_bytes_are_not_kept(self):
        downloads = Downloads(self.folder / "kept")
        file = self.folder / "x.deb"
        file.write_bytes(b"tampered")
        with self.refused("expected sha256", "do not use it"):
            downloads.keep(file, hashlib.sha256(b"right").hexdigest(), "libx")
        self.assertIsNone(downloads.find(hashlib.sha256(b"right").hexdigest()))

    def test_a_kept_file_that_rots_is_fetched_again(self):
        downloads, right = Downloads(self.folder / "kept"), hashlib.sha256(b"right").hexdigest()
        (self.folder / "x.deb").write_bytes(b"right")
        kept = downloads.keep(self.folder / "x.deb", right, "libx")
        self.assertEqual(downloads.find(right), kept)
        kept.write_bytes(b"wrong")
        self.assertIsNone(downloads.find(right))


class WheelTests(Case):
    def test_where_entries_land(self):
        self.assertEqual(str(wheels.destination("x-1.data/purelib/x/a.py")), "x/a.py")
        self.assertIsNone(wheels.destination("x-1.data/scripts/run"))
        for name in ("../x", "/etc/x", "a/../../x", "a\\b", "x.pth"):
            with self.subTest(name=name), self.refused("do not use this wheel"):
                wheels.destination(name)

    def test_two_wheels_may_not_own_one_file(self):
        paths = []
        for name in ("one.whl", "two.whl"):
            with zipfile.ZipFile(self.folder / name, "w") as wheel:
                wheel.writestr("shared.py", "")
            paths.append(self.folder / name)
        with self.refused("two.whl", "shared.py"):
            wheels.unpack(paths, self.folder / "site")

    def test_a_host_without_pip_is_told_the_package(self):
        python = self.folder / "python"
        python.write_text("#!/bin/sh\necho \"$0: No module named pip\" >&2\nexit 1\n")
        python.chmod(0o755)
        original, sys.executable = sys.executable, str(python)
        self.addCleanup(setattr, sys, "executable", original)
        with self.refused("has no pip", "python3-pip"):
            wheels.pip("download")


class CheckTests(Case):
    """Each thing that must not be in an image, put there."""

    def setUp(self):
        super().setUp()
        self.tree = self.folder / "tree"
        (self.tree / "usr/bin").mkdir(parents=True)
        (self.tree / "etc").mkdir()
        self.put("usr/bin/python", b"x", 0o755)

    def put(self, name, content=b"", mode=0o644):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)

    def check(self):
        check.check(self.tree, ["/usr/bin/python"])

    def test_a_clean_tree_passes(self):
        self.check()

    def test_refusals(self):
        real_program = pathlib.Path("/bin/true").read_bytes()
        for word, put in [
            ("setuid", lambda: self.put("usr/bin/python", b"x", 0o4755)),
            ("setuid or setgid", lambda: os.chmod(self.tree / "etc", 0o2755)),
            ("shell", lambda: self.put("usr/bin/dash")),
            ("shell", lambda: (self.tree / "usr/bin/sh").symlink_to("python")),
            ("package manager", lambda: self.put("opt/x/pip3")),
            ("build tool", lambda: self.put("usr/bin/gcc")),
            ("installs or builds", lambda: self.put("usr/lib/setuptools/__init__.py")),
            ("only a compiler", lambda: self.put("usr/lib/libx.a")),
            ("executable, but", lambda: self.put("opt/tool", b"#!/usr/bin/python", 0o755)),
            ("a program, but", lambda: self.put("opt/data.bin", real_program)),
            ("writable", lambda: self.put("etc/x", b"", 0o666)),
            ("neither file", lambda: os.mkfifo(self.tree / "etc/pipe", 0o644)),
            ("link that leaves", lambda: (self.tree / "etc/out").symlink_to("../../../etc/passwd")),
            ("link that leaves", lambda: (self.tree / "etc/nowhere").symlink_to("/missing")),
            ("network", lambda: self.put("etc/resolv.conf")),
        ]:
            with self.subTest(word=word):
                shutil.rmtree(self.tree)
                (self.tree / "usr/bin").mkdir(parents=True)
                (self.tree / "etc").mkdir()
                self.put("usr/bin/python", b"x", 0o755)
                put()
                with self.refused(word, "recipe.json"):
                    self.check()

    def test_a_library_that_is_not_there(self):
        self.put("usr/bin/python", pathlib.Path("/bin/true").read_bytes(), 0o755)
        with self.refused("needs libc.so.6"):
            self.check()

    def test_a_removal_that_matches_nothing(self):
        with self.refused("usr/games", "recipe.json"):
            tree.remove(["/usr/games"], self.tree)


class InventoryTests(Case):
    def test_licences(self):
        self.assertEqual(inventory.debian_licenses("Format: x\nFiles: *\nLicense: Expat\n\nLicense: GPL-2+\n text\n"), ["GPL-2.0-or-later", "MIT"])
        self.assertEqual(inventory.debian_licenses("see /usr/share/common-licenses/LGPL-2.1.\n"), ["LGPL-2.1-only"])
        self.assertEqual(inventory.debian_licenses(""), [])
        self.assertEqual(inventory.wheel_licenses("License-Expression: MIT\nLicense: x\n"), ["MIT"])
        self.assertEqual(inventory.wheel_licenses("License: Apache-2.0\n"), ["Apache-2.0"])
        self.assertEqual(inventory.wheel_licenses("License: Copyright (c) me\nClassifier: License :: OSI Approved :: MIT License\n"), ["MIT"])
        self.assertEqual(inventory.wheel_licenses("Name: x\n"), [])

    def test_package_urls(self):
        described = inventory._debian(recipe.Deb("libstdc++6", "1:2.0+b1~x", "amd64", "0"), pathlib.Path("f.deb"), "", self.folder, "bookworm")
        self.assertEqual(described["purl"], "pkg:deb/debian/libstdc%2B%2B6@1%3A2.0%2Bb1~x?arch=amd64&distro=bookworm")

    def test_source_packages(self):
        deb = recipe.Deb("libc6", "2.36-9", "amd64", "0")
        for field, source in [("", ("libc6", "2.36-9")), ("glibc", ("glibc", "2.36-9")), ("gcc-12 (12.2.0-14)", ("gcc-12", "12.2.0-14"))]:
            with self.subTest(field):
                self.assertEqual(inventory.source_package(deb, field), source)


class PublishTests(Case):
    def test_current_moves_in_one_step(self):
        publish.point_current(self.folder, "one")
        publish.point_current(self.folder, "two")
        self.assertEqual([os.readlink(self.folder / "current"), len(list(self.folder.iterdir()))], ["two", 1])

    def test_what_a_failed_build_left_is_gone(self):
        with self.assertRaises(OSError), publish.workplace(self.folder / "shelf") as place:
            (place / "half").touch()
            raise OSError("disk full")
        self.assertEqual([path.name for path in (self.folder / "shelf").iterdir()], [".lock"])

    def test_what_a_killed_build_left_is_removed_by_the_next(self):
        shelf = self.folder / "shelf"
        script = f"import sys, time; sys.path.insert(0, {str(ROOTFS)!r}); from builder import publish; import pathlib\n" \
                 f"with publish.workplace(pathlib.Path({str(shelf)!r})) as place: print(place, flush=True); time.sleep(60)"
        process = subprocess.Popen([sys.executable, "-B", "-c", script], stdout=subprocess.PIPE, text=True)
        left = pathlib.Path(process.stdout.readline().strip())
        self.assertTrue(left.is_dir())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertTrue(left.is_dir())
        with publish.workplace(shelf) as place:
            self.assertFalse(left.exists())
            self.assertTrue(place.is_dir())


class CommandTests(Case):
    def run_build(self, *arguments, **environment):
        return subprocess.run([sys.executable, ROOTFS / "build", *arguments], capture_output=True, text=True, env=os.environ | environment)

    def test_an_unknown_rootfs(self):
        done = self.run_build("nosuch", "--out", str(self.folder))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("remedy: choose one of: keras", done.stderr)

    def test_usage(self):
        self.assertEqual(self.run_build().returncode, 2)

    def test_a_finished_image_is_not_built_again(self):
        wanted = recipe.load(ROOTFS / "keras").digest(ROOTFS)
        (self.folder / "keras" / wanted).mkdir(parents=True)
        (self.folder / "keras" / wanted / "rootfs.json").write_text(json.dumps({}))
        begin = time.monotonic()
        done = self.run_build("keras", AIBOM_ROOTFS_CACHE=str(self.folder))
        self.assertEqual((done.returncode, done.stdout.strip()), (0, str(self.folder / "keras" / wanted)))
        self.assertEqual(os.readlink(self.folder / "keras/current"), wanted)
        self.assertLess(time.monotonic() - begin, 5)


if __name__ == "__main__":
    unittest.main()
