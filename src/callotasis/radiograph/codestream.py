"""The size that a compressed picture claims, read before anything is decoded."""

from __future__ import annotations

import warnings
import zlib
from io import BytesIO

from pydicom.filereader import read_dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from callotasis.errors import FilmRefusal
from callotasis.radiograph.header import DAMAGED, first_line

META_GROUP = 2
_SIZ = b"\xff\x4f\xff\x51"  # JPEG 2000: start of codestream, then the size segment
_FRAMES = {
    0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF,
    0xF7,  # JPEG-LS
}  # fmt: skip
_STANDALONE = {0x01, *range(0xD0, 0xD8)}


def codestream_shape(data: bytes) -> tuple[int, int] | None:
    """Rows and columns of the first JPEG, JPEG-LS or JPEG 2000 picture in ``data``.

    Parameters
    ----------
    data : bytes
        The beginning of a DICOM PixelData value.

    Returns
    -------
    tuple of int or None
        (rows, columns) [px]; None where no picture header is found.

    References
    ----------
    .. [1] ITU-T T.81 B.2.2, T.87 C.2.2 (frame header), T.800 A.5.1 (SIZ).

    Examples
    --------
    >>> codestream_shape(bytes(16)) is None
    True
    """
    start, jpeg = data.find(_SIZ), data.find(b"\xff\xd8\xff")
    if start >= 0 and (jpeg < 0 or start < jpeg) and len(data) >= start + 24:
        width, height, left, top = (
            int.from_bytes(data[start + i : start + i + 4], "big")
            for i in (8, 12, 16, 20)
        )
        return height - top, width - left
    return _jpeg_shape(data, jpeg + 2) if jpeg >= 0 else None


def _jpeg_shape(data: bytes, at: int) -> tuple[int, int] | None:
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - marker prefix
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill bytes, T.81 B.1.1.2
            at += 1
            continue
        if marker in _FRAMES:
            return (
                int.from_bytes(data[at + 5 : at + 7], "big"),
                int.from_bytes(data[at + 7 : at + 9], "big"),
            )
        step = (
            2
            if marker in _STANDALONE
            else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        )
        at += step
    return None


def check_inflated(data: bytes, name: str, most: int) -> None:
    """Refuse a deflated file that would unpack to more than a film may have.

    Parameters
    ----------
    data : bytes
        The whole DICOM file.
    name : str
        Of the file, for refusals.
    most : int
        Bytes that are allowed.

    Raises
    ------
    FilmRefusal
        If it unpacks to more, or is damaged in what is deflated.

    References
    ----------
    .. [1] DICOM PS3.5 A.5.
    """
    stream = BytesIO(data)
    stream.seek(132)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Its length is not believed: what follows the group is what counts.
            meta = read_dataset(
                stream,
                is_implicit_VR=False,
                is_little_endian=True,
                stop_when=lambda tag, *_: tag >> 16 != META_GROUP,
            )
            deflated = meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian
        except DAMAGED:
            return  # reading the file itself will say what is wrong
    if not deflated:
        return
    start = stream.tell()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacker.decompress(data[start:], most)
    except zlib.error as error:
        raise FilmRefusal(
            f"{name} is damaged in what is deflated from byte {start} on: "
            f"{first_line(error)}"
        ) from None
    if unpacker.unconsumed_tail:
        raise FilmRefusal(
            f"{name} unpacks from byte {start} on to more than {most} bytes"
        )
