"""The darkroom: films, balls and legs that the tests write and know by heart."""

from __future__ import annotations

from dataclasses import replace
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
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
)
from scipy import ndimage

from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import Landmarks, landmarks_from

STREAMS = Path(__file__).parent / "radiograph" / "streams"
STREAM_OF = {
    JPEGLosslessSV1: "times-table.ljpg",  # libjpeg-turbo 3.1, predictor 1, 12 bits
    JPEGLSLossless: "times-table.jls",  # CharLS 2.4, 12 bits
}
TIMES_TABLE = np.outer(np.arange(64), np.arange(64)).astype(np.uint16)
"""A picture that anybody can write down: pixel = row × column."""


def dicom(
    pixels: npt.NDArray[Any] = TIMES_TABLE, bits: int = 12, **elements: Any
) -> FileDataset:
    """Make a small DX film; an element given as None is left out."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    allocated = 8 if bits <= 8 else 16
    stored = pixels.astype("<u1" if allocated == 8 else "<u2")
    standard: dict[str, Any] = {
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
        "PixelData": stored.tobytes(),
    }
    for keyword, value in (standard | elements).items():
        if value is not None:
            setattr(header, keyword, value)
    if "PixelData" in header:
        header["PixelData"].VR = "OB" if allocated == 8 else "OW"
    return header


def compressed(syntax: str, **elements: Any) -> FileDataset:
    """Make the times table as a film of this transfer syntax."""
    header = dicom(**elements)
    if syntax not in STREAM_OF:
        header.compress(syntax, generate_instance_uid=False)
        return header
    header.file_meta.TransferSyntaxUID = syntax
    header.PixelData = encapsulate([(STREAMS / STREAM_OF[syntax]).read_bytes()])
    header["PixelData"].VR = "OB"
    return header


def as_bytes(header: FileDataset) -> bytes:
    """Write a film as it would lie on disk."""
    file = BytesIO()
    header.save_as(file, enforce_file_format=True)
    return file.getvalue()
