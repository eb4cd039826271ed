"""One read-only image from the tree, the same bytes each time."""

import array
import errno
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess

from .fault import BuildFault, progress

# zstd at level 3, 128 KiB blocks. Measured on the keras tree (cold = first import after mount, page cache dropped):
#   zstd-3 184 MiB, cold 1.9 s, 2 s to seal | zstd-15 159 MiB, 2.2 s, 36 s | zstd-3 1 MiB blocks 166 MiB, 2.7 s
#   lz4 263 MiB, 2.0 s | gzip 181 MiB, 2.9 s | xz 146 MiB, 7.8 s
# Linux 6.1 of Debian 12 has CONFIG_SQUASHFS_ZSTD=y.
_COMPRESSION = ("-comp", "zstd", "-Xcompression-level", "3", "-b", "128K")

# linux/fsverity.h
_FS_IOC_ENABLE_VERITY = 0x40806685
_FS_IOC_MEASURE_VERITY = 0xC0046686
_SHA256, _DIGEST_BYTES = 1, 32
_NOT_HERE = {errno.ENOTTY, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EACCES}


def seal(tree: pathlib.Path, image: pathlib.Path, epoch: int) -> None:
    """Owners, times and order are fixed here; the modes were fixed in the tree."""
    if shutil.which("mksquashfs") is None:
        raise BuildFault("seal", "mksquashfs is not installed", "apt-get install squashfs-tools")
    progress("seal", "mksquashfs")
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}  # refused beside -mkfs-time
    done = subprocess.run(["mksquashfs", str(tree), str(image), "-noappend", "-all-root", "-no-xattrs", "-no-exports",
                           "-mkfs-time", str(epoch), "-all-time", str(epoch), "-reproducible", *_COMPRESSION,
                           "-no-progress", "-quiet"], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BuildFault("seal", f"mksquashfs exited with {done.returncode}: {done.stderr.strip()[-600:]}",
                         "free some space, or check squashfs-tools (4.5 or newer, with zstd)")
    os.chmod(image, 0o444)
    with open(image, "rb") as file:
        os.fsync(file.fileno())


def verity(image: pathlib.Path) -> str | None:
    """Turns on fs-verity and returns its measurement, or None where kernel or file system has none.

    With it the kernel refuses to read a changed block. It is a second lock: the SHA-256 of the image is what is attested.
    """
    with open(image, "rb") as file:
        request = struct.pack("<IIIIQIIQ88x", 1, _SHA256, 4096, 0, 0, 0, 0, 0)
        try:
            fcntl.ioctl(file, _FS_IOC_ENABLE_VERITY, request)
            answer = array.array("B", struct.pack("<HH", _SHA256, _DIGEST_BYTES) + bytes(_DIGEST_BYTES))
            fcntl.ioctl(file, _FS_IOC_MEASURE_VERITY, answer)
        except OSError as error:
            if error.errno in _NOT_HERE:
                progress("seal", f"no fs-verity here ({error.strerror}); rootfs.json says null")
                return None
            raise
    return bytes(answer[4:]).hex()
