"""Opening a zip, also where the name of a file in it is no text: one such name must not close the whole of it."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

from lrcore.errors import InputError

_END, _ENTRY, _FILE, _IS_UTF8 = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04", 0x800


def opened(path: Path) -> zipfile.ZipFile:
    """The zip, to be read.

    Raises
    ------
    InputError
        its contents cannot be listed.
    """
    try:
        try:
            return zipfile.ZipFile(path)
        except UnicodeDecodeError:
            return zipfile.ZipFile(BytesIO(_with_readable_names(path.read_bytes())))
    except (ValueError, zipfile.BadZipFile, NotImplementedError, struct.error) as error:
        raise InputError(
            f"The contents of {path} cannot be listed ({error}); unpack it and give the folder instead."
        ) from error


def _with_readable_names(data: bytes) -> bytes:
    """The same zip, where no name says of itself that it is UTF-8 and is not; it is read in the old way then."""
    mended = bytearray(data)
    (place,) = struct.unpack_from("<I", data, data.rindex(_END) + 16)
    while data[place : place + 4] == _ENTRY:
        (flags,) = struct.unpack_from("<H", data, place + 8)
        name, extra, comment = struct.unpack_from("<HHH", data, place + 28)
        try:
            data[place + 46 : place + 46 + name].decode()
        except UnicodeDecodeError:
            (there,) = struct.unpack_from("<I", data, place + 42)
            struct.pack_into("<H", mended, place + 8, flags & ~_IS_UTF8)
            if data[there : there + 4] == _FILE:
                struct.pack_into("<H", mended, there + 6, flags & ~_IS_UTF8)
        place += 46 + name + extra + comment
    return bytes(mended)
