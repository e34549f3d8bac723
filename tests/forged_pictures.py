"""Forged pictures: PNGs and JPEGs that no program would write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
from PIL import Image

from anatomy import PNG_SIGNATURE, parts_of
from darkroom import picture
from vandal import Hurt

SLOPE = np.add.outer(np.arange(120), np.arange(100)).astype(np.uint8)
"""A grey picture of 120 rows and 100 columns."""


def forged_pictures() -> Iterator[Hurt]:
    """Every forged PNG and JPEG."""
    yield from odd_pngs()
    yield from odd_chunks()
    yield from odd_jpegs()


def with_byte(data: bytes, at: int, value: int) -> bytes:
    """Change one byte."""
    return data[:at] + bytes([value]) + data[at + 1 :]


# Chunks of a PNG.


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write a chunk with its checksum."""
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def png(*chunks: bytes) -> bytes:
    """Put chunks together, as they are."""
    return PNG_SIGNATURE + b"".join(chunks)


def head(  # noqa: PLR0913, PLR0917 - the fields of a PNG's header
    columns: int = 100,
    rows: int = 120,
    depth: int = 8,
    colour: int = 0,
    packing: int = 0,
    filtering: int = 0,
    lacing: int = 0,
) -> bytes:
    """Write the header of a PNG."""
    fields = (columns, rows, depth, colour, packing, filtering, lacing)
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *fields))


def grey_rows(count: int = 120) -> bytes:
    """Write rows of grey pixels, packed."""
    row = b"\0" + SLOPE[0].tobytes()
    return zlib.compress(b"".join(row[:-1] + bytes([i % 256]) for i in range(count)))


def with_chunk(kind: bytes, body: bytes) -> bytes:
    """Put one chunk behind the header of a grey PNG."""
    return png(head(), chunk(kind, body), chunk(b"IDAT", grey_rows()), END)


END = chunk(b"IEND", b"")
BODIES = (
    b"",
    b"\0",
    b"x\0\0",
    b"k\0\0x\x9cjunk",
    bytes(13),
    b"\xff" * 40,
    b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 30,
)
TYPES = (
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sRGB"),
    *(b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"ABCD"),
    *(b"abCd", b"\xff\0ab"),
)


def odd_pngs() -> Iterator[Hurt]:
    """PNGs that claim what cannot be, unpack to a flood, or come in rare kinds."""
    rows = chunk(b"IDAT", grey_rows())
    fields: dict[str, tuple[int, ...]] = {
        "columns": (0, 1, 63, 99, 101, 8001, 2**31 - 1, 2**31, 2**32 - 1),
        "rows": (0, 1, 63, 119, 121, 640_001, 2**31 - 1, 2**31, 2**32 - 1),
        "depth": (0, 1, 2, 3, 4, 7, 16, 32, 255),
        "colour": (1, 2, 3, 4, 5, 6, 7, 255),
        "packing": (1, 255),
        "filtering": (1, 255),
        "lacing": (1, 2, 255),
    }
    for field, values in fields.items():
        for value in values:
            made = png(head(**{field: value}), rows, END)
            yield Hurt(f"png-{field}-{value}", made)
    for name, made in _rare_pngs().items():
        yield Hurt(f"png-{name}", made)


def _rare_pngs() -> dict[str, bytes]:
    flood = zlib.compress(bytes(20 * 2**20), 9)
    rows = grey_rows()
    split = b"".join(chunk(b"IDAT", rows[i : i + 1]) for i in range(len(rows)))
    return {
        "flood-of-rows": png(head(), chunk(b"IDAT", flood), END),
        "flood-of-text": with_chunk(b"zTXt", b"k\0\0" + flood),
        "flood-of-words": with_chunk(b"iTXt", b"k\0\1\0\0\0" + flood),
        "flood-of-colour": with_chunk(b"iCCP", b"k\0\0" + flood),
        "flood-of-chunks": png(head(), chunk(b"tEXt", b"k\0v") * 20_000, split, END),
        "huge-text": with_chunk(b"tEXt", b"k\0" + bytes(2**21)),
        "split": png(head(), split, END),
        "no-rows": png(head(), END),
        "no-end": png(head(), chunk(b"IDAT", rows)),
        "two-heads": png(head(), head(200, 200), chunk(b"IDAT", rows), END),
        "head-last": png(chunk(b"IDAT", rows), head(), END),
        "film-of-none": with_chunk(b"acTL", struct.pack(">II", 0, 0)),
        "film-of-two": with_chunk(b"acTL", struct.pack(">II", 2, 0)),
        "film-of-many": with_chunk(b"acTL", struct.pack(">II", 2**32 - 1, 0)),
        "film-twice": png(
            head(),
            *2 * [chunk(b"acTL", struct.pack(">II", 2, 0))],
            *(chunk(b"IDAT", rows), END),
        ),
        "moving": _moving(),
        "laced": picture(SLOPE, "PNG", interlace=1),
        "palette": picture_as("P", "PNG"),
        "palette-with-veil": picture_as("P", "PNG", transparency=bytes(range(200))),
        "grey-with-veil": picture_as("LA", "PNG"),
        "colour-with-veil": picture_as("RGBA", "PNG"),
        "black-or-white": picture_as("1", "PNG"),
        "wide-grey": picture((SLOPE * 200.0).astype(np.uint16), "PNG"),
    }


def picture_as(mode: str, kind: str, **options: Any) -> bytes:
    """Write the slope as a picture of another mode."""
    file = BytesIO()
    Image.fromarray(SLOPE).convert(mode).save(file, kind, **options)
    return file.getvalue()


def _moving() -> bytes:
    file = BytesIO()
    more = Image.fromarray(SLOPE[::-1])
    Image.fromarray(SLOPE).save(file, "PNG", save_all=True, append_images=[more])
    return file.getvalue()


def odd_chunks() -> Iterator[Hurt]:
    """PNGs with one more chunk, of every type and with bodies that do not fit."""
    for kind, (turn, body) in product(TYPES, enumerate(BODIES)):
        yield Hurt(f"png-chunk-{kind.hex()}-{turn}", with_chunk(kind, body))


# Segments of a JPEG.


def segment(marker: int, body: bytes) -> bytes:
    """Write a segment with its length."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def odd_jpegs() -> Iterator[Hurt]:
    """JPEGs of rare kinds, with odd segments and odd claims."""
    plain = picture(SLOPE, "JPEG")
    colour = picture_as("RGB", "JPEG")
    for name, body in _odd_segments().items():
        marker, inside = body
        made = plain[:2] + segment(marker, inside) + plain[2:]
        yield Hurt(f"jpeg-segment-{name}", made)
    for marker in range(0xC0, 0x100):
        made = plain[:2] + segment(marker, bytes(17)) + plain[2:]
        yield Hurt(f"jpeg-marker-{marker:02x}", made)
    for name, data in {"grey": plain, "colour": colour}.items():
        yield from _odd_frames(name, data)
    rare = {
        "progressive": picture(SLOPE, "JPEG", progressive=True),
        "colour": colour,
        "progressive-colour": picture_as("RGB", "JPEG", progressive=True),
        "four-inks": picture_as("CMYK", "JPEG"),
        "restarts": picture(SLOPE, "JPEG", restart_marker_blocks=2),
        "no-end": plain[:-2],
        "two": plain + plain,
        "filled": plain[:2] + b"\xff" * 500_000 + plain[2:],
    }
    for name, made in rare.items():
        yield Hurt(f"jpeg-{name}", made)


def _odd_segments() -> dict[str, tuple[int, bytes]]:
    tiff = b"II*\0\x08\0\0\0"
    exif = b"Exif\0\0" + tiff
    pair = struct.pack("<HHII", 0x11A, 5, 1, 38)
    unit = struct.pack("<HHIHH", 0x128, 3, 1, 2, 0)
    index = struct.pack("<HHI4s", 0xB000, 7, 4, b"0100")
    count = struct.pack("<HHII", 0xB001, 4, 1, 2)
    entry = struct.pack("<HHII", 0xB002, 7, 32, 50)
    return {
        "exif-cut": (0xE1, exif + b"\x05\0\x12\x01\x03\0\x01\0\0\0"),
        "exif-empty": (0xE1, exif + b"\xff\xff"),
        "exif-far": (
            0xE1,
            exif + b"\1\0" + struct.pack("<HHII", 0x11A, 5, 1, 2**32 - 9) + bytes(4),
        ),
        "exif-long": (
            0xE1,
            exif + b"\1\0" + struct.pack("<HHII", 0x10E, 2, 2**32 - 1, 20) + bytes(4),
        ),
        "exif-by-zero": (
            0xE1,
            exif + b"\2\0" + pair + unit + bytes(4) + struct.pack("<II", 1, 0),
        ),
        "many-empty": (0xE2, b"MPF\0"),
        "many-noise": (0xE2, b"MPF\0" + b"\xff" * 40),
        "many-none": (0xE2, b"MPF\0" + tiff + b"\2\0" + index + count + bytes(4)),
        "many": (
            0xE2,
            b"MPF\0" + tiff + b"\3\0" + index + count + entry + bytes(36),
        ),
        "adobe-short": (0xEE, b"Adobe"),
        "adobe-odd": (0xEE, b"Adobe\0\x64\0\0\0\0\xff"),
        "profile-empty": (0xE2, b"ICC_PROFILE\0"),
        "profile-cut": (0xE2, b"ICC_PROFILE\0\x01\x02abc"),
        "photoshop": (0xED, b"Photoshop 3.0\x008BIM\x03\xed\0\0\0\0\xff\xff"),
        "comment": (0xFE, b"\x1b[2J\n" * 100),
    }


def _odd_frames(name: str, data: bytes) -> Iterator[Hurt]:
    frame = next(p for p in parts_of(data) if p.name == b"\xff\xc0")
    fields = {
        "precision": (0, (0, 1, 12, 255)),
        "rows-high": (1, (255, 31)),
        "rows-low": (2, (0, 63, 255)),
        "columns-high": (3, (255, 31)),
        "columns-low": (4, (0, 63, 255)),
        "components": (5, (0, 2, 3, 4, 5, 255)),
        "component": (6, (0, 255)),
        "sampling": (7, (0, 0x44, 0xFF)),
        "table": (8, (3, 255)),
    }
    for field, (at, values) in fields.items():
        for value in values:
            made = with_byte(data, frame.body + at, value)
            yield Hurt(f"jpeg-{name}-{field}-{value}", made)
    for marker in (*range(0xC1, 0xD0), 0xF7):
        made = with_byte(data, frame.start + 1, marker)
        yield Hurt(f"jpeg-{name}-frame-{marker:02x}", made)
