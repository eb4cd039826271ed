"""Just enough ELF to tell a program from a library and to see what a library needs."""

import dataclasses
import mmap
import pathlib
import struct

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB, _DT_FLAGS_1 = 1, 5, 0x6FFFFFFB
_DF_1_PIE = 0x08000000
_ET_EXEC = 2


@dataclasses.dataclass(frozen=True)
class Elf:
    is_program: bool
    needed: tuple[str, ...]


def read(path: pathlib.Path) -> Elf | None:
    """None for what is no 64-bit little-endian ELF file.

    A program is what can be executed even without its mode bit (`ld.so FILE`): ET_EXEC, an interpreter, or PIE.
    """
    with open(path, "rb") as file:
        if file.read(6) != b"\x7fELF\x02\x01":
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as image:
            return _parse(image)


def _parse(image) -> Elf:
    kind = struct.unpack_from("<H", image, 16)[0]
    table, size, count = struct.unpack_from("<Q", image, 32)[0], *struct.unpack_from("<HH", image, 54)
    segments = [struct.unpack_from("<IIQQQQ", image, table + size * i) for i in range(count)]
    loads = [(address, offset, length) for type_, _, offset, address, _, length in segments if type_ == _PT_LOAD]
    tags = []
    for type_, _, offset, _, _, length in segments:
        if type_ == _PT_DYNAMIC:
            tags = [struct.unpack_from("<QQ", image, at) for at in range(offset, offset + length, 16)]
    strings = next((_file_offset(value, loads) for tag, value in tags if tag == _DT_STRTAB), 0)
    needed = tuple(_string(image, strings + value) for tag, value in tags if tag == _DT_NEEDED)
    pie = any(tag == _DT_FLAGS_1 and value & _DF_1_PIE for tag, value in tags)
    interpreted = any(segment[0] == _PT_INTERP for segment in segments)
    return Elf(kind == _ET_EXEC or interpreted or pie, needed)


def _file_offset(address: int, loads) -> int:
    return next(address - start + offset for start, offset, length in loads if start <= address < start + length)


def _string(image, at: int) -> str:
    return image[at:image.find(b"\0", at)].decode()
