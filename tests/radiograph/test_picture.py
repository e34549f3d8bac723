"""Pictures: greys come out as they went in, whatever they are stored as."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.radiograph.picture import (
    BAND_ROWS,
    GREY_TOLERANCE,
    MAX_PIXELS,
    MIN_SIDE_PX,
    check_shape,
    grey_pixels,
)
from darkroom import TIMES_TABLE, Picture, picture, png_that_claims

GREY = (TIMES_TABLE >> 4).astype("u1")
SIDES = st.integers(MIN_SIDE_PX, 90)


def _noise(rows: int, columns: int, most: int, kind: Any = "u1") -> Picture:
    drawn = np.random.default_rng(rows * columns).integers(most, size=(rows, columns))
    return drawn.astype(kind)


@settings(max_examples=20)
@given(SIDES, SIDES, st.sampled_from(["u1", "u2"]))
def test_a_grey_png_comes_out_as_it_went_in(rows: int, columns: int, kind: str) -> None:
    grey = _noise(rows, columns, 256 if kind == "u1" else 65_536, kind)
    found, word = grey_pixels(picture(grey, "PNG"), "film")
    assert (word, found.dtype) == ("PNG", np.float32)
    np.testing.assert_array_equal(found, grey)


def test_a_grey_jpeg_comes_out_nearly_as_it_went_in() -> None:
    found, word = grey_pixels(picture(GREY, "JPEG", quality=95), "film")
    assert word == "JPEG"
    np.testing.assert_allclose(found, GREY, atol=6)


@pytest.mark.parametrize("rows", [BAND_ROWS - 1, BAND_ROWS, 2 * BAND_ROWS + 3])
def test_greys_stored_in_colour_are_read_band_by_band(rows: int) -> None:
    grey = _noise(rows, MIN_SIDE_PX, 256)
    found, _ = grey_pixels(picture(np.stack([grey] * 3, axis=2), "PNG"), "film")
    np.testing.assert_array_equal(found, grey)


@settings(max_examples=30)
@given(st.integers(0, 20))
def test_a_tint_is_allowed_and_colour_is_not(tint: int) -> None:
    """The middle channel lies above both others, by so much everywhere."""
    grey = np.clip(GREY, 0, 235)
    coloured = np.stack([grey, grey + tint, grey], axis=2).astype("u1")
    if tint > GREY_TOLERANCE:
        with pytest.raises(FilmRefusal, match=rf"channels differ by {tint} of 255"):
            grey_pixels(picture(coloured, "PNG"), "film")
    else:
        found, _ = grey_pixels(picture(coloured, "PNG"), "film")
        np.testing.assert_allclose(found, grey + tint / 3, atol=1e-4)


@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_only_what_is_as_large_as_a_film_is_read(rows: int, columns: int) -> None:
    allowed = rows * columns <= MAX_PIXELS and min(rows, columns) >= MIN_SIDE_PX
    if allowed:
        check_shape("film", rows, columns, "IHDR")
        return
    with pytest.raises(FilmRefusal, match=r"film has .* pixels by IHDR; "):
        check_shape("film", rows, columns, "IHDR")


def test_a_claimed_size_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(FilmRefusal, match=r"chunk IHDR or marker SOF"):
        grey_pixels(png_that_claims(9_000), "film")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_breaks_off_is_told_by_the_byte(kind: str) -> None:
    whole = picture(_noise(80, 80, 256), kind)
    with pytest.raises(FilmRefusal, match=r"^film is damaged at .*byte \d+"):
        grey_pixels(whole[: len(whole) // 2], "film")


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", picture(GREY, "JPEG2000")], ids=["empty", "GIF", "JP2"]
)
def test_any_other_picture_is_refused(data: bytes) -> None:
    with pytest.raises(FilmRefusal, match="is neither DICOM nor PNG nor JPEG"):
        grey_pixels(data, "film")
