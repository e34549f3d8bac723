"""The size that a compressed picture claims, read before anything is decoded."""

from __future__ import annotations

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
