"""The size of a compressed picture, read before anything is decoded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, RLELossless

from callotasis.radiograph.codestream import codestream_shape
from darkroom import codestream, compressed, picture

SLOPE = np.add.outer(np.arange(80), np.arange(112)).astype(np.uint8)
"""A grey picture of 80 rows and 112 columns."""

REAL = {
    "JPEG": picture(SLOPE, "JPEG"),
    "progressive JPEG": picture(SLOPE, "JPEG", progressive=True),
    "JPEG 2000": picture(SLOPE, "JPEG2000", no_jp2=True),
    "JPEG 2000 in a box": picture(SLOPE, "JPEG2000"),
}
SIZES = st.integers(1, 65535)
MAGIC = (b"\xff\xd8\xff", b"\xff\xd8\xff\xc0", b"\xff\x4f\xff\x51", b"\xff\xd8\xff\xff")


def _jpeg(rows: int, columns: int, before: bytes = b"") -> bytes:
    """Write a JPEG up to its frame header, with other segments before it."""
    size = rows.to_bytes(2, "big") + columns.to_bytes(2, "big")
    frame = b"\xff\xc3\x00\x0b\x0c" + size + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + before + frame + bytes(8)


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


@pytest.mark.parametrize("kind", REAL)
def test_the_size_of_a_real_picture_is_read(kind: str) -> None:
    assert codestream_shape(REAL[kind]) == (80, 112)


@pytest.mark.parametrize(
    "syntax", [JPEGLosslessSV1, JPEGLSLossless], ids=lambda syntax: syntax.keyword
)
def test_the_size_of_a_lossless_picture_is_read(syntax: str) -> None:
    assert codestream_shape(codestream(syntax)) == (64, 64)


def test_the_size_is_read_through_the_wrapping_of_a_dicom_file() -> None:
    assert codestream_shape(compressed(JPEG2000Lossless).PixelData) == (64, 64)


def test_a_run_length_picture_says_no_size() -> None:
    assert codestream_shape(compressed(RLELossless).PixelData) is None


@given(rows=SIZES, columns=SIZES, wrapping=st.binary(max_size=30))
def test_rows_come_before_columns_whatever_stands_before(
    rows: int, columns: int, wrapping: bytes
) -> None:
    stream = wrapping.replace(b"\xff", b"\0") + _jpeg(rows, columns)
    assert codestream_shape(stream) == (rows, columns)


@given(
    left=st.integers(0, 1000),
    top=st.integers(0, 1000),
    rows=st.integers(1, 10**6),
    columns=st.integers(1, 10**6),
)
def test_the_size_of_a_jpeg_2000_picture_leaves_out_its_margin(
    left: int, top: int, rows: int, columns: int
) -> None:
    numbers = (left + columns, top + rows, left, top)
    size = b"".join(n.to_bytes(4, "big") for n in numbers)
    stream = b"\xff\x4f\xff\x51\x00\x29\x00\x00" + size
    assert codestream_shape(stream) == (rows, columns)


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_comments_and_tables_before_the_size_are_stepped_over(
    contents: list[bytes],
) -> None:
    before = b"".join(_segment(0xE0 + i, c) for i, c in enumerate(contents))
    assert codestream_shape(_jpeg(480, 640, before)) == (480, 640)


def test_a_thumbnail_does_not_pass_for_the_picture() -> None:
    thumbnail = _segment(0xE1, b"Exif\0\0" + _jpeg(8, 8))
    assert codestream_shape(_jpeg(480, 640, thumbnail)) == (480, 640)


def test_a_comment_does_not_pass_for_a_jpeg_2000_picture() -> None:
    decoy = _segment(0xFE, REAL["JPEG 2000"][:60])
    assert codestream_shape(_jpeg(480, 640, decoy)) == (480, 640)


@given(st.integers(1, 20))
def test_fill_bytes_before_a_marker_are_skipped(count: int) -> None:
    # ITU-T T.81 B.1.1.2: any marker may be preceded by any number of fill bytes FF.
    assert codestream_shape(_jpeg(480, 640, b"\xff" * count)) == (480, 640)


@given(data=st.data(), kind=st.sampled_from(sorted(REAL)))
def test_a_picture_that_breaks_off_gives_its_size_or_none(
    data: st.DataObject, kind: str
) -> None:
    whole = REAL[kind]
    cut = data.draw(st.integers(0, len(whole)))
    assert codestream_shape(whole[:cut]) in {None, (80, 112)}


@given(st.sampled_from((b"", *MAGIC)), st.binary(max_size=300))
def test_any_bytes_give_two_whole_numbers_or_none(magic: bytes, data: bytes) -> None:
    found = codestream_shape(magic + data)
    assert found is None or [type(n) for n in found] == [int, int]
