"""The wrecks: every film that is read by the tests although it is no film any more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydicom.uid import (
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from darkroom import as_bytes, compressed, dicom, picture
from floods import meta_end, said_to_be_deflated
from forged_pictures import SLOPE, picture_as
from forgery import baseline, forged, written_as
from vandal import Hurt, Whole, cut_at_borders, vandalised

TIMES = 4
FEW_CUTS, ALL_CUTS = 12, 1000


def wrecked_films() -> Iterator[Hurt]:
    """Every film that was cut, vandalised or forged."""
    for whole in wholes():
        thorough = whole.name in {"plain", "png", "jpeg"}
        yield from cut_at_borders(whole, ALL_CUTS if thorough else FEW_CUTS)
        yield from vandalised(whole, TIMES)
    yield from forged()


def wholes() -> Iterator[Whole]:
    """A film of every way to write one."""
    yield Whole("plain", as_bytes(dicom()))
    yield Whole("bytes", as_bytes(dicom(SLOPE, bits=8)))
    yield Whole("implicit", as_bytes(written_as(ImplicitVRLittleEndian)), implicit=True)
    yield Whole("big", as_bytes(written_as(ExplicitVRBigEndian)), big=True)
    yield _deflated()
    yield Whole("rle", as_bytes(compressed(RLELossless)))
    yield Whole("j2k", as_bytes(compressed(JPEG2000Lossless)))
    yield Whole("jls", as_bytes(compressed(JPEGLSLossless)))
    yield Whole("ljpg", as_bytes(compressed(JPEGLosslessSV1)))
    yield Whole("baseline", baseline())
    yield Whole("png", picture(SLOPE, "PNG"))
    yield Whole("png16", picture((SLOPE * 200.0).astype(np.uint16), "PNG"))
    yield Whole("palette", picture_as("P", "PNG"))
    yield Whole("jpeg", picture(SLOPE, "JPEG"))
    yield Whole("progressive", picture(SLOPE, "JPEG", progressive=True))
    yield Whole("inks", picture_as("CMYK", "JPEG"))


def _deflated() -> Whole:
    """Say that a plain film is deflated; packing makes it true."""
    data = said_to_be_deflated()
    return Whole("deflated", data, deflated_from=meta_end(data))
