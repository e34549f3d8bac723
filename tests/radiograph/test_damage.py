"""Damage: the first part of a picture that cannot be right is named by its byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anatomy import parts_of
from callotasis.radiograph.damage import JPEG, PNG, damage_in
from darkroom import TIMES_TABLE, picture

GREY = (TIMES_TABLE >> 4).astype("u1")
WHOLE_PNG = picture(GREY, "PNG")
WHOLE_JPEG = picture(GREY, "JPEG")
PNG_PARTS = [part for part in parts_of(WHOLE_PNG) if part.end > part.body]
CHUNKS = [part for part in PNG_PARTS if part.name in {b"IHDR", b"IDAT"}]


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@given(st.data())
def test_a_bit_that_flipped_is_found_in_the_chunk_that_holds_it(
    data: st.DataObject,
) -> None:
    chunk = data.draw(st.sampled_from(CHUNKS))
    at = data.draw(st.integers(chunk.body, chunk.end - 1))
    word = f"chunk {chunk.name.decode()} at byte {chunk.start}"
    assert damage_in(_flipped(WHOLE_PNG, at)) == f"{word}, whose checksum is wrong"


@given(st.integers(len(PNG) + 8, len(WHOLE_PNG) - 13))
def test_a_png_that_breaks_off_is_told_where(size: int) -> None:
    said = damage_in(WHOLE_PNG[:size])
    chunk = next(p for p in reversed(parts_of(WHOLE_PNG)) if p.start <= size)
    if size - chunk.start >= 8:
        assert f"chunk {chunk.name.decode()} at byte {chunk.start}" in said
        assert said.endswith(f"beyond the last byte {size}")
    else:
        assert "byte" in said


def test_a_png_whose_parts_are_whole_blames_its_pixels() -> None:
    pixels = next(p for p in parts_of(WHOLE_PNG) if p.name == b"IDAT")
    assert damage_in(WHOLE_PNG) == f"chunk IDAT at byte {pixels.start}"


def test_a_jpeg_whose_segments_are_whole_blames_its_scan() -> None:
    scan = WHOLE_JPEG.index(b"\xff\xda")
    assert damage_in(WHOLE_JPEG) == f"the scan from byte {scan} on"


def test_a_segment_of_the_wrong_length_is_told_by_where_no_marker_stands() -> None:
    at = WHOLE_JPEG.index(b"\xff\xdb")
    length = int.from_bytes(WHOLE_JPEG[at + 2 : at + 4], "big") + 5
    hurt = WHOLE_JPEG[: at + 2] + length.to_bytes(2, "big") + WHOLE_JPEG[at + 4 :]
    assert damage_in(hurt) == f"byte {at + 2 + length}, where a marker must stand"


@given(st.integers(2, WHOLE_JPEG.index(b"\xff\xda")))
def test_a_jpeg_that_breaks_off_before_its_scan_ends_there(size: int) -> None:
    assert damage_in(WHOLE_JPEG[:size]) == f"byte {size}, where the file ends"


def test_fill_bytes_and_bare_markers_are_no_damage() -> None:
    filled = JPEG + b"\xff\xff\xff\xd0" + WHOLE_JPEG[2:]
    scan = filled.index(b"\xff\xda")
    assert damage_in(filled) == f"the scan from byte {scan} on"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x89PNG", b"\0" * 200])
def test_what_never_was_a_picture_is_wrong_from_its_first_byte(data: bytes) -> None:
    assert damage_in(data) == "byte 0"


@given(st.sampled_from([PNG, JPEG, b""]), st.binary(max_size=300))
def test_any_bytes_are_told_by_a_byte_and_in_one_line(head: bytes, rest: bytes) -> None:
    said = damage_in(head + rest)
    assert "byte" in said
    assert said.isprintable()
