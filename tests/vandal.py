"""The vandal: damages any film's file in many ways, and the same way every time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from anatomy import PNG_SIGNATURE, Part, parts_of, resealed, segments_of

Rng = np.random.Generator

WILD_LENGTHS = (0, 1, 2, 3, 0x7F, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
HEAD = 600
"""Bytes in front that are likely to be the header of a small film."""


@dataclass(frozen=True)
class Hurt:
    """A damaged file.

    Attributes
    ----------
    name : str
        Says what was damaged and how.
    data : bytes
        What the file holds.
    blames : str
        A pattern of what a refusal has to name; empty where any place will do.
    """

    name: str
    data: bytes
    blames: str = ""


@dataclass(frozen=True)
class Whole:
    """A film's file before the vandal comes.

    Attributes
    ----------
    name : str
        Short, for the names of files.
    data : bytes
        As it can be taken apart: unpacked, if the file is deflated.
    implicit, big : bool
        How the elements of a DICOM file are written.
    deflated_from : int
        From which byte on the file is deflated; 0 for not at all.
    """

    name: str
    data: bytes
    implicit: bool = False
    big: bool = False
    deflated_from: int = 0

    @cached_property
    def parts(self) -> list[Part]:
        """Everything the file is made of, a compressed picture's segments too."""
        parts = parts_of(self.data, implicit=self.implicit, big=self.big)
        items = [part for part in parts if part.name == b"\xfe\xff\x00\xe0"]
        inside = segments_of(self.data, items[1].body) if len(items) > 1 else []
        return parts + inside

    def packed(self, data: bytes) -> bytes:
        """Write changed data as this kind of file is written."""
        if not self.deflated_from:
            return data
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        head, rest = data[: self.deflated_from], data[self.deflated_from :]
        return head + packer.compress(rest) + packer.flush()


def rng_of(name: str) -> Rng:
    """Draw the same for the same name."""
    return np.random.default_rng(zlib.crc32(name.encode()))


# What the vandal does, by name.


def flips_bits_in_front(whole: Whole, rng: Rng) -> bytes:
    """Flip up to eight bits of the header."""
    out = bytearray(whole.data)
    for at in rng.integers(min(HEAD, len(out)), size=rng.integers(1, 9)):
        out[at] ^= 1 << int(rng.integers(8))
    return bytes(out)


def flips_bits_anywhere(whole: Whole, rng: Rng) -> bytes:
    """Flip up to thirty bits of the file."""
    out = bytearray(whole.data)
    for at in rng.integers(len(out), size=rng.integers(1, 31)):
        out[at] ^= 1 << int(rng.integers(8))
    return bytes(out)


def overwrites_the_head_of_a_part(whole: Whole, rng: Rng) -> bytes:
    """Write noise over what marks a part, its kind or its length."""
    part = _any(whole.parts, rng)
    out = bytearray(whole.data)
    for at in rng.integers(part.start, part.body, size=2):
        out[at] = int(rng.integers(256))
    return bytes(out)


def overwrites_the_value_of_a_part(whole: Whole, rng: Rng) -> bytes:
    """Write noise over up to forty bytes of a value."""
    part = _any([p for p in whole.parts if p.end > p.body], rng)
    span = min(part.end - part.body, int(rng.integers(1, 40)))
    at = int(rng.integers(part.body, part.end - span + 1))
    return whole.data[:at] + rng.bytes(span) + whole.data[at + span :]


def overwrites_the_picture(whole: Whole, rng: Rng) -> bytes:
    """Write noise over the last half of the file, where the pixels lie."""
    at = int(rng.integers(len(whole.data) // 2, len(whole.data) - 1))
    span = int(rng.integers(1, 200))
    return whole.data[:at] + rng.bytes(span) + whole.data[at + span :]


def inserts_bytes(whole: Whole, rng: Rng) -> bytes:
    """Shift everything behind some place."""
    at = int(rng.integers(len(whole.data)))
    more = rng.bytes(int(rng.integers(1, 40)))
    return whole.data[:at] + more + whole.data[at:]


def changes_a_length(whole: Whole, rng: Rng) -> bytes:
    """State a length that is wild, or a little off."""
    part = _any([p for p in whole.parts if p.length.stop > p.length.start], rng)
    size = part.length.stop - part.length.start
    stated = int.from_bytes(whole.data[part.length], part.order)
    near = [stated + step for step in (-2, -1, 1, 2, 1000) if stated + step >= 0]
    choice = int(rng.choice([*near, *WILD_LENGTHS])) & ((1 << 8 * size) - 1)
    return _with(whole.data, part.length, choice.to_bytes(size, part.order))


def swaps_two_names(whole: Whole, rng: Rng) -> bytes:
    """Exchange the tags, chunk types or markers of two parts."""
    one, other = (_any(whole.parts, rng) for _ in range(2))
    named = _with(whole.data, _name_of(whole, one), other.name)
    return _with(named, _name_of(whole, other), one.name)


def swaps_two_parts(whole: Whole, rng: Rng) -> bytes:
    """Write two parts in the other order."""
    one, other = sorted(
        (_any(whole.parts, rng) for _ in range(2)), key=lambda part: part.start
    )
    if other.start < one.end:
        return whole.data[: one.start] + whole.data[one.end :]
    data = whole.data
    return b"".join(
        (
            data[: one.start],
            data[other.start : other.end],
            data[one.end : other.start],
            data[one.start : one.end],
            data[other.end :],
        )
    )


def drops_a_part(whole: Whole, rng: Rng) -> bytes:
    """Leave one part out."""
    part = _any(whole.parts, rng)
    return whole.data[: part.start] + whole.data[part.end :]


def doubles_a_part(whole: Whole, rng: Rng) -> bytes:
    """Write one part two to two hundred times."""
    part = _any(whole.parts, rng)
    times = int(rng.choice([2, 3, 200]))
    once = whole.data[part.start : part.end]
    return whole.data[: part.start] + times * once + whole.data[part.end :]


def fills_a_value(whole: Whole, rng: Rng) -> bytes:
    """Set every byte of a value to the same."""
    part = _any([p for p in whole.parts if p.end > p.body], rng)
    byte = bytes([int(rng.choice([0, 1, 0x20, 0x5C, 0x7F, 0x80, 0xFF]))])
    value = byte * (part.end - part.body)
    return whole.data[: part.body] + value + whole.data[part.end :]


ACTS: tuple[Callable[[Whole, Rng], bytes], ...] = (
    flips_bits_in_front,
    flips_bits_anywhere,
    overwrites_the_head_of_a_part,
    overwrites_the_value_of_a_part,
    overwrites_the_picture,
    inserts_bytes,
    changes_a_length,
    swaps_two_names,
    swaps_two_parts,
    drops_a_part,
    doubles_a_part,
    fills_a_value,
)


def vandalised(whole: Whole, times: int) -> Iterator[Hurt]:
    """Damage a film in each way so many times.

    Every second PNG gets fitting checksums, or the damage would never be read.
    """
    for act in ACTS:
        for turn in range(times):
            name = f"{whole.name}-{act.__name__}-{turn}"
            data = act(whole, rng_of(name))
            if turn % 2 and data.startswith(PNG_SIGNATURE):
                data = resealed(data)
            yield Hurt(name, whole.packed(data))


def cut_at_borders(whole: Whole, at_most: int) -> Iterator[Hurt]:
    """Break the file off at borders of its parts: at all of them, or at so many."""
    borders = sorted({at for part in whole.parts for at in part.borders})
    if len(borders) > at_most:
        rng = rng_of(f"{whole.name}-borders")
        borders = sorted(rng.choice(borders, at_most, replace=False).tolist())
    for at in borders:
        yield Hurt(f"{whole.name}-cut-at-{at}", whole.packed(whole.data[:at]))


def _any(parts: list[Part], rng: Rng) -> Part:
    return parts[int(rng.integers(len(parts)))]


def _with(data: bytes, place: slice, put: bytes) -> bytes:
    return data[: place.start] + put + data[place.start + len(put) :]


def _name_of(whole: Whole, part: Part) -> slice:
    at = part.start + (4 if whole.data.startswith(PNG_SIGNATURE) else 0)
    return slice(at, at + len(part.name))
