"""Forged films: files that no program would write, made to find what readers miss.

Where the vandal is blind, the forger knows the formats.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import product

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    UID_dictionary,
)

from anatomy import Part, parts_of, segments_of
from darkroom import (
    TIMES_TABLE,
    as_bytes,
    codestream,
    compressed,
    dicom,
    picture,
    with_stream,
)
from forged_pictures import SLOPE, forged_pictures, with_byte
from vandal import Hurt

KINDS = (
    *("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "OB"),
    *("OD", "OF", "OL", "OV", "OW", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM"),
    *("UC", "UI", "UL", "UN", "UR", "US", "UT", "UV", "ZZ", "  ", "\0\0"),
)
_WIDE = {"OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UN", "UR", "UT", "SV", "UV"}

DIGITS = b"9" * 400
SPOKEN: dict[str, tuple[tuple[str, bytes], ...]] = {
    "NumberOfFrames": (
        *(("IS", b) for b in (b"0 ", b"-1", b"2 ", b"1\\1 ", b"1.5 ", b"nan ", b"x ")),
        *(("IS", b) for b in (b"1e400 ", b"99999999", DIGITS, b"9" * 5000)),
        ("UN", b"\1\0"),
        ("SQ", b""),
    ),
    "ImagerPixelSpacing": (
        *(("DS", b) for b in (b"0\\0 ", b"-1\\-1 ", b"nan\\nan ", b"inf\\inf ")),
        *(("DS", b) for b in (b"1e400\\1 ", b"0.2 ", b"0.2\\0.2\\0.2 ", b"a\\b ")),
        *(
            ("DS", b)
            for b in (DIGITS, b"0,2\\0,2 ", b"0.2\\ ", b"\\\\\\ ", b"\xff\xfe")
        ),
        ("FD", struct.pack("<dd", 1e308, 1e-308)),
        ("FD", struct.pack("<dd", float("nan"), 1.0)),
        ("FL", struct.pack("<f", float("inf"))),
        ("FD", bytes(7)),
    ),
    "PhotometricInterpretation": (
        *(("CS", b) for b in (b"", b"RGB ", b"PALETTE COLOR ", b"YBR_FULL")),
        *(("CS", b) for b in (b"\x1b[2J", b"MONOCHROME2\\RGB ", b"X" * 60000)),
        ("US", b"\1\0"),
        ("SQ", b""),
    ),
    "Modality": (
        *(("CS", b) for b in (b"", b"CT", b"\x1b[31m ", b"DX\\CR ", b"X" * 60000)),
        *(("CS", b) for b in (b"D\nX ", b"\xff\xff", b"\0\0")),
        ("SQ", b""),
        ("OB", bytes(100)),
    ),
    "PatientOrientation": (
        *(("CS", b) for b in (b"A\\F ", b"P\\F ", b"L\\H ", b"L ", b"X\\Y ", b"\\ ")),
        ("SQ", b""),
        ("FD", bytes(16)),
    ),
    "ViewPosition": (
        *(("CS", b) for b in (b"LL", b"RL", b"LATERAL ", b"LLD ")),
        ("SQ", b""),
        ("FD", bytes(7)),
    ),
    "DistanceSourceToDetector": (
        *(("DS", b) for b in (b"-1", b"0 ", b"nan ", b"inf ", b"1e400 ", b"far ")),
        *(("DS", b) for b in (DIGITS, b"2600\\2600 ")),
        ("FD", bytes(7)),
        ("SQ", b""),
    ),
    "RescaleSlope": (
        *(("DS", b) for b in (b"0 ", b"nan ", b"inf ", b"steep ", b"-1", DIGITS)),
        ("FD", bytes(7)),
    ),
}
"""Values of elements written as text, with the kind they are said to be of."""

NUMBERED: dict[str, tuple[int, ...]] = {
    "Rows": (0, 1, 63, 65, 128, 8000, 65535),
    "Columns": (0, 1, 63, 65, 128, 8000, 65535),
    "SamplesPerPixel": (0, 2, 3, 4, 65535),
    "BitsAllocated": (0, 1, 7, 8, 12, 24, 32, 64, 128, 65535),
    "BitsStored": (0, 1, 8, 16, 17, 65535),
    "HighBit": (0, 7, 15, 16, 65535),
    "PixelRepresentation": (1, 2, 65535),
    "PlanarConfiguration": (1, 2, 65535),
}
"""Values of elements written as two bytes."""


def forged() -> Iterator[Hurt]:
    """Every forged film."""
    yield from claimed()
    yield from of_another_kind()
    yield from nested()
    yield from of_another_syntax()
    yield from with_odd_meta()
    yield from with_odd_items()
    yield from odd_streams()
    yield from forged_pictures()


# Elements of a DICOM file.


def element(keyword: str, kind: str, value: bytes) -> bytes:
    """Write one element, explicit and little endian, whatever it says."""
    tag = tag_for_keyword(keyword) or 0
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + kind.encode()
    if kind in _WIDE:
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def with_element(data: bytes, keyword: str, kind: str, value: bytes) -> bytes:
    """Put an element into a film at its place, in the place of its namesake."""
    put = element(keyword, kind, value)
    parts = parts_of(data)
    for part in parts:
        if _sorted(part.name) >= _sorted(put[:4]):
            end = part.end if part.name == put[:4] else part.start
            return data[: part.start] + put + data[end:]
    return data + put


def blaming(keyword: str) -> str:
    """Return the pattern of a refusal that names this element, or the pixels."""
    tag = tag_for_keyword(keyword) or 0
    number = rf"\({tag >> 16:04x},\s?{tag & 0xFFFF:04x}\)"
    return rf"(?i)\b{keyword}\b|{number}|\bPixelData\b|\(7fe0,\s?0010\)"


def claimed() -> Iterator[Hurt]:
    """Films whose elements claim what cannot be."""
    whole, stream = as_bytes(dicom()), as_bytes(compressed(RLELossless))
    for keyword, numbers in NUMBERED.items():
        for number, (name, data) in product(
            numbers, (("plain", whole), ("rle", stream))
        ):
            hurt = with_element(data, keyword, "US", struct.pack("<H", number))
            yield Hurt(f"{name}-{keyword}-{number}", hurt, blaming(keyword))
    for keyword, values in SPOKEN.items():
        for turn, (kind, value) in enumerate(values):
            hurt = with_element(whole, keyword, kind, value)
            yield Hurt(f"plain-{keyword}-{kind}-{turn}", hurt, blaming(keyword))


def of_another_kind() -> Iterator[Hurt]:
    """Films in which an element is said to be of another kind than it is."""
    whole = as_bytes(dicom())
    parts = parts_of(whole)
    turns = list(product([p for p in parts if p.name[:2] != b"\2\0"], KINDS))
    for part, kind in turns[::3]:
        hurt = bytearray(whole)
        hurt[part.start + 4 : part.start + 6] = kind.encode()
        yield Hurt(f"plain-{part.name.hex()}-as-{kind.encode().hex()}", bytes(hurt))


def nested() -> Iterator[Hurt]:
    """Films with sequences in sequences, closed and open, and with endless lists."""
    whole = as_bytes(dicom())
    tag, item = b"\x08\0\x40\x11", b"\xfe\xff\0\xe0"
    opened = tag + b"SQ\0\0\xff\xff\xff\xff" + item + b"\xff\xff\xff\xff"
    closed = b"\xfe\xff\x0d\xe0" + bytes(4) + b"\xfe\xff\xdd\xe0" + bytes(4)
    for depth in (1, 10, 100, 400, 1000, 5000):
        yield _with_sequence(whole, f"{depth}-deep", opened * depth + closed * depth)
        yield _with_sequence(whole, f"{depth}-deep-open", opened * depth)
        yield _with_sequence(whole, f"{depth}-deep-stated", _stated(depth))
    for count in (10, 20_000):
        many = opened[:12] + (item + bytes(4)) * count
        yield _with_sequence(whole, f"{count}-items", many + closed[8:])
        yield _with_sequence(whole, f"{count}-items-open", many)
    inside = opened + whole[parts_of(whole)[-1].start :]
    yield _with_sequence(whole, "pixels-inside", inside + closed)


def _stated(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        item = b"\xfe\xff\0\xe0" + struct.pack("<I", len(inner)) + inner
        inner = b"\x08\0\x40\x11SQ\0\0" + struct.pack("<I", len(item)) + item
    return inner


def _with_sequence(whole: bytes, name: str, sequence: bytes) -> Hurt:
    at = next(p.start for p in parts_of(whole) if p.name == b"\x18\0\x64\x11")
    return Hurt(f"plain-sequence-{name}", whole[:at] + sequence + whole[at:])


def of_another_syntax() -> Iterator[Hurt]:
    """Films that are written in another way than they say."""
    wholes = {
        "plain": as_bytes(dicom()),
        "implicit": as_bytes(written_as(ImplicitVRLittleEndian)),
        "big": as_bytes(written_as(ExplicitVRBigEndian)),
        "j2k": as_bytes(compressed(JPEG2000Lossless)),
        "jls": as_bytes(compressed(JPEGLSLossless)),
    }
    said = [uid for uid, row in UID_dictionary.items() if row[1] == "Transfer Syntax"]
    odd = ["", "1.2.3", "x", "1.2.840.10008.1.2\\1.2.840.10008.1.2.1", "1" * 300]
    for name, data in wholes.items():
        for turn, uid in enumerate([*said[:: 1 if name == "plain" else 4], *odd]):
            value = uid.encode() + b"\0" * (len(uid) % 2)
            hurt = with_element(data, "TransferSyntaxUID", "UI", value)
            yield Hurt(f"{name}-syntax-{turn}", hurt)


def written_as(syntax: str) -> FileDataset:
    header = dicom()
    header.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        header.PixelData = TIMES_TABLE.astype(">u2").tobytes()
        header.set_original_encoding(is_implicit_vr=False, is_little_endian=False)
    return header


def with_odd_meta() -> Iterator[Hurt]:
    """Films whose meta group lies about itself, or is no group at all."""
    whole = as_bytes(dicom())
    meta = [part for part in parts_of(whole) if part.name[:2] == b"\2\0"]
    for size in (0, 1, 0xFFFF, 0xFFFFFFFF):
        stated = struct.pack("<I", size)
        yield Hurt(f"plain-meta-of-{size}", whole[:140] + stated + whole[144:])
    for part in meta:
        short = whole[: part.start] + whole[part.end :]
        yield Hurt(f"plain-meta-without-{part.name.hex()}", short)
        yield Hurt(f"plain-meta-ends-{part.name.hex()}", whole[: part.start])
    yield Hurt("plain-no-meta", whole[:132] + whole[meta[-1].end :])
    yield Hurt("plain-no-preamble", whole[128:])
    yield Hurt("plain-no-word", whole[:128] + b"DICN" + whole[132:])
    yield Hurt("plain-nothing-else", whole[: meta[-1].end])
    for charset in (b"ISO_IR 999", b"\\ISO 2022 IR 87 ", b"\xff\xff", b"X" * 5000):
        hurt = with_element(whole, "SpecificCharacterSet", "CS", charset)
        yield Hurt(f"plain-charset-{charset[:4].hex()}", hurt)


def with_odd_items() -> Iterator[Hurt]:
    """Films whose pixels are wrapped in a way that nobody would."""
    item, end = b"\xfe\xff\0\xe0", b"\xfe\xff\xdd\xe0" + bytes(4)
    for syntax in (RLELossless, JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1):
        data = as_bytes(compressed(syntax))
        pixels = [p for p in parts_of(data) if p.name == item]
        stream = data[pixels[1].body : pixels[1].end]
        front = data[: pixels[0].start]
        wholly = item + struct.pack("<I", len(stream)) + stream
        bits = [item + struct.pack("<I", 2) + stream[i : i + 2] for i in range(0, 99)]
        wrapped = {
            "nothing": b"",
            "no-items": end,
            "no-table": wholly + end,
            "no-end": item + bytes(4) + wholly,
            "bits": item + bytes(4) + b"".join(bits) + end,
            "twice": item + bytes(4) + wholly * 2 + end,
            "empty": item + bytes(4) + item + bytes(4) + end,
            "wild-table": item + struct.pack("<II", 4, 0xFFFFFF00) + wholly + end,
            "two-in-table": item + struct.pack("<III", 8, 0, 2) + wholly + end,
            "decoy": item + struct.pack("<I", 64) + _decoy(syntax) + wholly + end,
            "no-wrapping": stream,
        }
        for name, value in wrapped.items():
            yield Hurt(f"{syntax.split('.')[-1]}-items-{name}", front + value)


def _decoy(syntax: str) -> bytes:
    """Return a table that looks like the beginning of a picture of 64 × 64."""
    if syntax == JPEG2000Lossless:
        size = struct.pack(">IIII", 64, 64, 0, 0)
        return (b"\xff\x4f\xff\x51\0\x29\0\0" + size).ljust(64, b"\0")
    return b"\xff\xd8\xff\xc3\0\x0b\x0c\0\x40\0\x40\x01\x01\x11\0".ljust(64, b"\0")


def _sorted(tag: bytes) -> tuple[int, int]:
    group, number = struct.unpack("<HH", tag)
    return (group, number) if group != 0xFFFE else (0x10000, number)


# Streams inside DICOM.


def odd_streams() -> Iterator[Hurt]:
    """Compressed pictures whose own headers claim what cannot be."""
    for syntax, name, stream in _streams():
        for part in segments_of(stream):
            for at in range(part.body, min(part.end, part.body + 40)):
                yield from _odd_byte(syntax, f"{name}-{at}", stream, part, at)


def _streams() -> Iterator[tuple[str, str, bytes]]:
    header = compressed(JPEG2000Lossless)
    data = as_bytes(header)
    item = [p for p in parts_of(data) if p.name == b"\xfe\xff\0\xe0"][1]
    yield JPEG2000Lossless, "j2k", data[item.body : item.end]
    yield JPEGLSLossless, "jls", codestream(JPEGLSLossless)
    yield JPEGLosslessSV1, "ljpg", codestream(JPEGLosslessSV1)


def _odd_byte(
    syntax: str, name: str, stream: bytes, part: Part, at: int
) -> Iterator[Hurt]:
    value = (0xFF, 0x00, 0x7F, 0x01)[at % 4]
    if part.name == b"\xff\x51":
        value = 0xFF if at % 2 else 0x7F
    if stream[at] != value:
        hurt = as_bytes(with_stream(syntax, with_byte(stream, at, value)))
        yield Hurt(f"{name}-is-{value:02x}", hurt)


def baseline() -> bytes:
    """Make a film compressed as a plain JPEG of 8 bits."""
    stream = picture(SLOPE, "JPEG")
    header = dicom(SLOPE, bits=8)
    header.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    header.PixelData = encapsulate([stream])
    return as_bytes(header)
