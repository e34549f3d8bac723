"""The darkroom: films that the tests develop themselves and know by heart."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    JPEGLosslessSV1,
    JPEGLSLossless,
)
from scipy import ndimage

from callotasis.radiograph.film import Film

Picture = npt.NDArray[Any]

TIMES_TABLE = np.outer(np.arange(64), np.arange(64)).astype(np.uint16)
"""A picture of 12 bits that anybody can write down: pixel = row × column."""

_STREAMS = Path(__file__).parent / "radiograph" / "streams"
_MADE_ELSEWHERE = {
    JPEGLosslessSV1: "times-table.ljpg",  # libjpeg-turbo 3.1.3, predictor 1, 12 bits
    JPEGLSLossless: "times-table.jls",  # CharLS 2.4.2, 12 bits
}


def codestream(syntax: str) -> bytes:
    """Return the times table as an independent encoder compressed it."""
    return (_STREAMS / _MADE_ELSEWHERE[syntax]).read_bytes()


def dicom(
    pixels: Picture = TIMES_TABLE, bits: int = 12, **elements: Any
) -> FileDataset:
    """Make a small DX film; an element given as None is left out."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    allocated = 8 if bits <= 8 else 16
    usual = {
        "SOPClassUID": meta.MediaStorageSOPClassUID,
        "SOPInstanceUID": meta.MediaStorageSOPInstanceUID,
        "Modality": "DX",
        "ImagerPixelSpacing": [0.2, 0.2],
        "PatientOrientation": ["L", "F"],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": pixels.shape[0],
        "Columns": pixels.shape[1],
        "BitsAllocated": allocated,
        "BitsStored": bits,
        "HighBit": bits - 1,
        "PixelRepresentation": 0,
        "PixelIntensityRelationship": "LOG",
        "PixelData": pixels.astype("<u1" if allocated == 8 else "<u2").tobytes(),
    }
    for keyword, value in (usual | elements).items():
        if value is not None:
            setattr(header, keyword, value)
    if "PixelData" in header:
        header["PixelData"].VR = "OB" if allocated == 8 else "OW"
    return header


def with_stream(syntax: str, stream: bytes) -> FileDataset:
    """Put a compressed picture into a film whose header says 64 × 64 pixels."""
    header = dicom()
    header.file_meta.TransferSyntaxUID = syntax
    header.PixelData = encapsulate([stream])
    header["PixelData"].VR = "OB"
    return header


def compressed(syntax: str) -> FileDataset:
    """Make the times table as a film of this transfer syntax."""
    if syntax in _MADE_ELSEWHERE:
        return with_stream(syntax, codestream(syntax))
    header = dicom()
    header.compress(syntax, generate_instance_uid=False)
    return header


def as_bytes(header: FileDataset) -> bytes:
    """Write a film as it would lie on disk."""
    file = BytesIO()
    header.save_as(file, enforce_file_format=True)
    return file.getvalue()


def picture(pixels: Picture, kind: str, **options: Any) -> bytes:
    """Write a picture that is no DICOM: ``PNG``, ``JPEG`` or ``JPEG2000``."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def png_that_claims(side: int) -> bytes:
    """Write a PNG header that claims a square of grey pixels, with none behind it."""
    body = b"IHDR" + side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    crc = zlib.crc32(body).to_bytes(4, "big")
    empty = b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0d" + body + crc + empty


def film_of(
    pixels: Picture,
    *,
    spacing_mm: tuple[float, float] | None = (0.2, 0.2),
    source_mm: float | None = 2600.0,
    logarithmic: bool = False,
    columns_to_left: bool | None = True,
) -> Film:
    """Take pixels as a film, as if it had been read from a file."""
    return Film(
        pixels=pixels.astype(np.float32, copy=False),
        spacing_mm=spacing_mm,
        source_mm=source_mm,
        logarithmic=logarithmic,
        columns_to_left=columns_to_left,
        sha256="0" * 64,
        kind="test",
    )


def bare_film(rows: int, columns: int, **known: Any) -> Film:
    """Make a film of any size with nothing on it; it takes no memory."""
    nothing = np.broadcast_to(np.zeros((1, 1), np.float32), (rows, columns))
    return film_of(nothing, **known)


def disc(
    shape: tuple[int, int],
    centre: tuple[float, float],
    axes_px: tuple[float, float],
    turn_rad: float = 0.0,
) -> npt.NDArray[np.float32]:
    """Share of each pixel that an ellipse covers.

    ``centre`` is (column, row), the centre of the top-left pixel being (0.5, 0.5);
    ``axes_px`` are its full axes along and across ``turn_rad``.
    """
    fine = 4
    rows, columns = ((np.arange(n * fine) + 0.5) / fine for n in shape)
    x, y = columns[None, :] - centre[0], rows[:, None] - centre[1]
    along = x * np.cos(turn_rad) + y * np.sin(turn_rad)
    across = y * np.cos(turn_rad) - x * np.sin(turn_rad)
    inside = (2 * along / axes_px[0]) ** 2 + (2 * across / axes_px[1]) ** 2 <= 1
    blocks = inside.reshape(shape[0], fine, shape[1], fine)
    return blocks.mean(axis=(1, 3), dtype=np.float32)


def ball_film(
    *balls: tuple[float, float, float],
    shape: tuple[int, int] = (300, 400),
    metal: float = 0.9,
    **known: Any,
) -> Film:
    """Film with a blurred bright disc (column, row, diameter) [px] for each ball."""
    pixels = np.full(shape, 0.1, np.float32)
    for column, row, diameter in balls:
        half = int(diameter) // 2 + 8
        left, top = int(column) - half, int(row) - half
        patch = disc(
            (2 * half, 2 * half), (column - left, row - top), (diameter, diameter)
        )
        place = np.s_[top : top + 2 * half, left : left + 2 * half]
        pixels[place] += (metal - 0.1) * patch
    return film_of(ndimage.gaussian_filter(pixels, 1.0), **known)
