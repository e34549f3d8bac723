"""Films that come as PNG or JPEG: grey pixels, and nothing about their size."""

from __future__ import annotations

import warnings
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from callotasis.errors import FilmRefusal
from callotasis.radiograph.damage import JPEG, PNG, damage_in
from callotasis.radiograph.header import DAMAGED, first_line

MAX_PIXELS = 64_000_000
MIN_SIDE_PX = 64
GREY_TOLERANCE = 8.0
BAND_ROWS = 256


def grey_pixels(data: bytes, name: str) -> tuple[npt.NDArray[np.float32], str]:
    """Decode a PNG or JPEG that holds greys only.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        Of the file, for refusals.

    Returns
    -------
    tuple of array and str
        Shape (rows, columns), stored values; and ``PNG`` or ``JPEG``.

    Raises
    ------
    FilmRefusal
        If it is neither, damaged, too large, too small or in colour.

    References
    ----------
    .. [1] PNG: ISO/IEC 15948; JPEG: ITU-T T.81.
    """
    with warnings.catch_warnings():
        # Pillow warns of thumbnails, animation and veils; pixels are checked below.
        warnings.simplefilter("ignore")
        try:
            picture = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
        except UnidentifiedImageError:
            raise FilmRefusal(f"{name} {_unknown(data)}") from None
        except (
            *DAMAGED,
            SyntaxError,
            MemoryError,
            Image.DecompressionBombError,
        ) as error:
            raise FilmRefusal(_damaged(data, name, error)) from None
        check_shape(name, picture.height, picture.width, "chunk IHDR or marker SOF")
        kind = "PNG" if picture.format == "PNG" else "JPEG"
        try:
            return _grey(picture, name), kind
        except (*DAMAGED, SyntaxError, MemoryError) as error:
            raise FilmRefusal(_damaged(data, name, error)) from None


def check_shape(name: str, rows: int, columns: int, where: str) -> None:
    """Refuse a picture that no film is as large or as small as.

    Parameters
    ----------
    name : str
        Of the file.
    rows, columns : int
        Claimed size [px].
    where : str
        What claims it.

    Raises
    ------
    FilmRefusal
        With size, limit and what claims it.

    References
    ----------
    .. [1] A film of 430 by 1,300 mm at 0.1 mm has 56 million pixels.
    """
    if rows * columns > MAX_PIXELS:
        raise FilmRefusal(
            f"{name} has {rows:g} × {columns:g} pixels by {where}; "
            f"allowed are {MAX_PIXELS}"
        )
    if min(rows, columns) < MIN_SIDE_PX:
        raise FilmRefusal(
            f"{name} has {rows} × {columns} pixels by {where}; "
            f"a film has at least {MIN_SIDE_PX} each way"
        )


def _unknown(data: bytes) -> str:
    if data.startswith((PNG, JPEG)):
        return f"is damaged at {damage_in(data)}"
    return (
        "is neither DICOM nor PNG nor JPEG: no DICM at byte 128, no picture at byte 0"
    )


def _damaged(data: bytes, name: str, error: BaseException) -> str:
    return f"{name} is damaged at {damage_in(data)}: {first_line(error)}"


def _grey(picture: Image.Image, name: str) -> npt.NDArray[np.float32]:
    """Pixels of a grey picture; a picture stored in colour must hold greys only."""
    if picture.mode in {"1", "L", "I;16", "I;16B", "I", "F"}:
        return np.asarray(picture, dtype=np.float32)
    grey = np.empty((picture.height, picture.width), np.float32)
    spread = 0.0
    for top in range(0, picture.height, BAND_ROWS):  # whole, it would take gigabytes
        bottom = min(top + BAND_ROWS, picture.height)
        band = np.asarray(picture.crop((0, top, picture.width, bottom)).convert("RGB"))
        spread += float(np.ptp(band, axis=2).sum(dtype=np.float64))
        grey[top:bottom] = band.mean(axis=2, dtype=np.float32)
    spread /= grey.size
    if spread > GREY_TOLERANCE:
        raise FilmRefusal(
            f"{name} is a colour picture (channels differ by {spread:.0f} of 255 "
            f"on average; allowed is {GREY_TOLERANCE:.0f}); a radiograph is grey"
        )
    return grey
