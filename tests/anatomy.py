"""The anatomy of a film's file: the parts it is made of, and where each begins.

A part is what the format itself counts as one: an element of a DICOM file, an item of
a compressed picture, a chunk of a PNG, a segment of a JPEG or of a JPEG 2000 stream.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import takewhile

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
META_AT = 132
"""Where the meta group of a DICOM file begins, behind preamble and ``DICM``."""

_LONG_KINDS = {b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UN", b"UR"}
_LONG_KINDS |= {b"UT", b"SV", b"UV"}
_ITEM, _END_OF_ITEMS = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_ENDLESS = 0xFFFFFFFF
_NO_LENGTH = {0x01, 0x4F, 0x93, *range(0xD0, 0xDA)}
_SCAN, _DATA = 0xDA, 0x93


@dataclass(frozen=True)
class Part:
    """One part of a file, by byte.

    Attributes
    ----------
    name : bytes
        What marks it: tag, chunk type or marker.
    start, body, end : int
        Where it begins, where its value begins, and where it is over.
    length : slice
        Where its length is written; empty where it has none.
    order : str
        ``little`` or ``big``.
    """

    name: bytes
    start: int
    body: int
    end: int
    length: slice
    order: str = "little"

    @property
    def borders(self) -> tuple[int, ...]:
        """Every place where the part, its length or its value begins or ends."""
        inner = (self.body + self.end) // 2
        return (self.start, self.length.start, self.body, inner, max(self.end - 1, 0))

    def kind_of(self, data: bytes) -> bytes:
        """Return the value representation of an explicit DICOM element."""
        return data[self.start + 4 : self.start + 6]


def parts_of(data: bytes, *, implicit: bool = False, big: bool = False) -> list[Part]:
    """Take any film apart that is not damaged."""
    if data.startswith(PNG_SIGNATURE):
        return _chunks(data)
    if data.startswith(b"\xff\xd8"):
        return segments_of(data)
    return _elements(data, implicit=implicit, big=big)


def segments_of(data: bytes, start: int = 0) -> list[Part]:
    """Take a JPEG, JPEG-LS or JPEG 2000 stream apart, up to its entropy-coded data."""
    found, at = [], start
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        bare = marker in _NO_LENGTH
        size = 0 if bare else int.from_bytes(data[at + 2 : at + 4], "big")
        head = 2 if bare else 4
        length = slice(at + 2, at + head)
        end = at + 2 + size
        found.append(Part(data[at : at + 2], at, at + head, end, length, "big"))
        at = end
        if marker in {_SCAN, _DATA}:
            break
    return found


def resealed(data: bytes) -> bytes:
    """Give every chunk of a PNG the checksum that fits what it holds now."""
    out, at = bytearray(data), len(PNG_SIGNATURE)
    while at + 12 <= len(out):
        end = at + 8 + int.from_bytes(out[at : at + 4], "big")
        if end + 4 > len(out):
            break
        out[end : end + 4] = zlib.crc32(out[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return bytes(out)


def _chunks(data: bytes) -> list[Part]:
    found, at = [], len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        body = at + 8
        end = body + int.from_bytes(data[at : at + 4], "big") + 4
        name, length = data[at + 4 : body], slice(at, at + 4)
        found.append(Part(name, at, body, end, length, "big"))
        at = end
    return found


def _elements(data: bytes, *, implicit: bool, big: bool) -> list[Part]:
    meta = [*takewhile(_is_meta, _walk(data, META_AT, implicit=False, order="little"))]
    order = "big" if big else "little"
    return meta + _walk(data, meta[-1].end, implicit=implicit, order=order)


def _is_meta(part: Part) -> bool:
    return part.name.startswith(b"\x02\x00")


def _walk(data: bytes, at: int, *, implicit: bool, order: str) -> list[Part]:
    found: list[Part] = []
    while at + 8 <= len(data):
        part = _element(data, at, implicit=implicit, order=order)
        found.append(part)
        at = part.end
    return found


def _element(data: bytes, at: int, *, implicit: bool, order: str) -> Part:
    name, kind = data[at : at + 4], data[at + 4 : at + 6]
    if implicit or name in {_ITEM, _END_OF_ITEMS}:
        length = slice(at + 4, at + 8)
    elif kind in _LONG_KINDS:
        length = slice(at + 8, at + 12)
    else:
        length = slice(at + 6, at + 8)
    size = int.from_bytes(data[length], "big" if order == "big" else "little")
    body = length.stop
    # What has no stated end is a list of items, and they follow as parts.
    end = body if size == _ENDLESS else min(body + size, len(data))
    return Part(name, at, body, end, length, order)
