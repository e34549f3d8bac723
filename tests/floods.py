"""Floods: small files that become large, or files of the largest size allowed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO

import numpy as np
from PIL import Image
from pydicom.uid import DeflatedExplicitVRLittleEndian

from anatomy import parts_of
from darkroom import as_bytes, dicom
from forged_pictures import END, chunk, head, png
from forgery import with_element

SIDE_PX = 8000
"""Of the largest square film that is read."""

MEGABYTE = bytes(2**20)


def with_said_size(data: bytes, size: int) -> bytes:
    """State another size of the meta group."""
    return data[:140] + struct.pack("<I", size) + data[144:]


def deflated(more: Iterable[bytes]) -> bytes:
    """Make a deflated film with more elements in front of its orientation."""
    data = said_to_be_deflated()
    start, at = meta_end(data), data.index(b"\x20\0\x20\0CS")
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = [packer.compress(data[start:at])]
    packed += [packer.compress(piece) for piece in more]
    packed += [packer.compress(data[at:]), packer.flush()]
    return data[:start] + b"".join(packed)


def bomb(size: int | None = None) -> bytes:
    """Make a deflated film of 1.5 MB that unpacks to 1.5 GB.

    ``size`` is what it says of its meta group, if that is to be a lie.
    """
    data = said_to_be_deflated()
    start = meta_end(data)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    front = packer.compress(data[start:])
    front += packer.compress(b"\xfc\xff\xfc\xffOB\0\0\xfe\xff\xff\x5f")
    front += packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush, equal input gives equal bytes: 1.5 GB are written at once.
    megabyte = packer.compress(MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = 1536 * megabyte + packer.flush()
    meta = data[:start] if size is None else with_said_size(data[:start], size)
    return meta + front + rest


def many_elements(count: int) -> bytes:
    """Write so many empty private elements, in order."""
    kind = [("group", "<u2"), ("number", "<u2"), ("kind", "S2"), ("length", "<u2")]
    found = np.zeros(count, dtype=kind)
    found["group"] = 0x0019 + 2 * (np.arange(count) // 65536)
    found["number"] = np.arange(count) % 65536
    found["kind"] = b"LO"
    return found.tobytes()


def wide_film(bits: int) -> bytes:
    """Make a deflated film of the largest size, with so many bits a pixel."""
    data = said_to_be_deflated()
    claims = {"Rows": SIDE_PX, "Columns": SIDE_PX, "HighBit": bits - 1}
    claims |= dict.fromkeys(("BitsAllocated", "BitsStored"), bits)
    for keyword, value in claims.items():
        data = with_element(data, keyword, "US", struct.pack("<H", value))
    start, at = meta_end(data), data.index(b"\xe0\x7f\x10\0")
    row = SIDE_PX * bits // 8
    kind = {16: b"OW", 32: b"OL", 64: b"OV"}[bits]
    pixels = b"\xe0\x7f\x10\0" + kind + struct.pack("<HI", 0, SIDE_PX * row)
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = [packer.compress(data[start:at] + pixels + b"\1".ljust(row, b"\0"))]
    packed += [packer.compress(bytes(row)) for _ in range(SIDE_PX - 1)]
    return data[:start] + b"".join(packed) + packer.flush()


def wide_png(depth: int, colour: int, channels: int) -> bytes:
    """Make a PNG of the largest size in which one corner is white."""
    row = SIDE_PX * channels * depth // 8
    packer = zlib.compressobj(1)
    packed = [packer.compress(b"\0" + b"\xff" * 800 + bytes(row - 800))]
    packed += [packer.compress(bytes(row + 1)) for _ in range(SIDE_PX - 1)]
    rows = chunk(b"IDAT", b"".join(packed) + packer.flush())
    return png(head(SIDE_PX, SIDE_PX, depth, colour), rows, END)


def wide_jpeg() -> bytes:
    """Make a progressive JPEG in colour of the largest size, one part of it white."""
    picture, file = Image.new("RGB", (SIDE_PX, SIDE_PX)), BytesIO()
    picture.paste((255, 255, 255), (0, 0, SIDE_PX // 2, 100))
    picture.save(file, "JPEG", progressive=True)
    return file.getvalue()


def said_to_be_deflated() -> bytes:
    """Make a plain film that says it is deflated."""
    said = DeflatedExplicitVRLittleEndian.encode()
    data = with_element(as_bytes(dicom()), "TransferSyntaxUID", "UI", said)
    return with_said_size(data, meta_end(data) - 144)


def meta_end(data: bytes) -> int:
    """Byte at which the meta group of a film is over."""
    return next(part.start for part in parts_of(data) if part.name[:2] != b"\2\0")
