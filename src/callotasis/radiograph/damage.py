"""Where a damaged picture is damaged: the first part that cannot be right."""

from __future__ import annotations

import zlib

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
_SCAN, _END = 0xDA, 0xD9
_BARE = {0x01, *range(0xD0, 0xD9)}


def damage_in(data: bytes) -> str:
    """Say at which byte a PNG or JPEG stops to be one.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    str
        Like ``chunk IDAT at byte 33``.

    References
    ----------
    .. [1] PNG (ISO/IEC 15948) 5.3, chunk layout; ITU-T T.81 B.1.1, marker segments.

    Examples
    --------
    >>> damage_in(b"%PDF-1.7")
    'byte 0'
    """
    if data.startswith(PNG):
        return _in_png(data)
    if data.startswith(JPEG):
        return _in_jpeg(data)
    return "byte 0"


def _in_png(data: bytes) -> str:
    at, pixels = len(PNG), 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + size
        word = f"chunk {ascii(kind)[2:-1]} at byte {at}"
        if end > len(data):
            return f"{word}, which goes on beyond the last byte {len(data)}"
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return f"{word}, whose checksum is wrong"
        if kind == b"IEND":
            break
        pixels = pixels or (at if kind == b"IDAT" else 0)
        at = end
    return f"chunk IDAT at byte {pixels}" if pixels else f"byte {at}"


def _in_jpeg(data: bytes) -> str:
    at = len(JPEG)
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004 - marker prefix
            return f"byte {at}, where a marker must stand"
        marker = data[at + 1]
        if marker in {_SCAN, _END}:
            return f"the scan from byte {at} on"
        at += _length(marker, data[at + 2 : at + 4])
    return f"byte {len(data)}, where the file ends"


def _length(marker: int, said: bytes) -> int:
    """Bytes from one marker to the next."""
    if marker == 0xFF:  # noqa: PLR2004 - a fill byte
        return 1
    return 2 if marker in _BARE else 2 + int.from_bytes(said, "big")
