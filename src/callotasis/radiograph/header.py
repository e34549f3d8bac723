"""Reading single elements of a DICOM header that may be damaged."""

from __future__ import annotations

import math
import struct
import zlib
from typing import Any

import pydicom
from pydicom.errors import BytesLengthException, InvalidDicomError

from callotasis.errors import FilmRefusal

# What pydicom, its decoders and struct raise on damaged bytes; each was met while
# fuzzing. Anything else is a fault of this library and must show.
DAMAGED = (
    InvalidDicomError,
    BytesLengthException,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
)


def first_line(error: BaseException) -> str:
    """First line of an error's message, for a refusal of one line."""
    text = str(error).strip() or type(error).__name__
    return shown(text.splitlines()[0], 160)[1:-1]


def shown(value: object, most: int = 40) -> str:
    """Value as it may be printed: escaped, and not too long."""
    text = repr(value)
    return text if len(text) <= most + 2 else f"{text[:most]}…{text[0]}"


def cause_of(error: BaseException) -> str:
    """What the last of several decoders said, or the only line there is."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith(":"):
        return first_line(ValueError(lines[-1]))
    return first_line(error)


def element_of(header: pydicom.Dataset, keyword: str) -> Any:
    """Return the value of one element, or None where it is absent or unreadable."""
    try:
        return header.get(keyword)
    except DAMAGED:
        return None


def text_of(header: pydicom.Dataset, keyword: str) -> str:
    """Return an element as text; empty where it is absent."""
    value = element_of(header, keyword)
    return "" if value is None else str(value).strip()


def numbers_of(header: pydicom.Dataset, keyword: str, name: str) -> list[float]:
    """Return the numbers of an element; an empty list where it is absent."""
    value = element_of(header, keyword)
    if value is None or str(value) == "":
        return []
    try:
        many = list(value) if hasattr(value, "__iter__") else [value]
        numbers = [float(v) for v in many]
    except (TypeError, ValueError):
        raise FilmRefusal(
            f"{name}: {keyword} is {shown(str(value))}; a number is needed"
        ) from None
    if not all(math.isfinite(n) for n in numbers):
        raise FilmRefusal(f"{name}: {keyword} is {shown(numbers)}; must be finite")
    return numbers


def positive_of(header: pydicom.Dataset, keyword: str, name: str) -> float | None:
    """Return the first number of an element if it is positive, else None."""
    numbers = numbers_of(header, keyword, name)
    return numbers[0] if numbers and numbers[0] > 0 else None
