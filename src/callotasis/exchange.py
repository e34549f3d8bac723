"""How data enters the house, checked, and leaves it: plain JSON, rounded."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from callotasis.errors import Refusal

FINE_DIGITS = 6
CLINICAL_DIGITS = 2


def plain(value: object, name: str = "", *, fine: bool = False) -> object:
    """Turn a result into what JSON can say.

    Parameters
    ----------
    value : object
        Dataclasses, mappings, sequences, enums, dates and numbers.
    name : str
        Of the field; what ends in ``_mm`` or ``_deg`` is rounded to 0.01.
    fine : bool
        Round everything to a millionth instead: what is read back must close.

    Returns
    -------
    object
        Dicts, lists, text, numbers; never NaN.

    Raises
    ------
    ValueError
        If a number is not finite: it must never have come this far.

    References
    ----------
    .. [1] ``docs/conventions.md``, "Output".

    Examples
    --------
    >>> from callotasis.worlds import Interval
    >>> plain({"femur_length_mm": Interval(397.9373, 394.0, 401.8)})
    {'femur_length_mm': {'value': 397.94, 'low': 394.0, 'high': 401.8, 'level': 0.95}}
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _number(value, "" if fine else name)
    if isinstance(value, date):
        return value.isoformat()
    return _many(value, name, fine=fine)


def _many(value: object, name: str, *, fine: bool) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if _is_word(value):
            return str(value)
        pairs = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {k: plain(v, _unit(k, name), fine=fine) for k, v in pairs.items()}
    if isinstance(value, Mapping):
        return {
            str(k): plain(v, _unit(str(k), name), fine=fine) for k, v in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v, name, fine=fine) for v in value]
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _is_word(value: object) -> bool:
    """Tell whether a dataclass is written as one word, like a segment."""
    return type(value).__str__ is not object.__str__


def _unit(field: str, outer: str) -> str:
    """A name without a unit takes that of the quantity it belongs to."""
    return field if _has_unit(field) or not _has_unit(outer) else outer


def _has_unit(name: str) -> bool:
    return name.endswith(("_mm", "_deg", "_px", "_percent", "_days", "_day", "_cm"))


def _number(value: float, name: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{name or 'a number'} is not finite")
    # A pixel's size is no clinical length: 0.143 mm is not 0.14 mm.
    clinical = name.endswith(("_mm", "_deg")) and "pitch" not in name
    rounded = round(value, CLINICAL_DIGITS if clinical else FINE_DIGITS)
    return rounded + 0.0  # no minus zero


def as_json(value: object, *, fine: bool = False) -> str:
    """One JSON document.

    Parameters
    ----------
    value : object
        As :func:`plain` takes it.
    fine : bool
        As :func:`plain` takes it.

    Returns
    -------
    str
        Indented; never NaN.

    References
    ----------
    .. [1] RFC 8259.
    """
    return json.dumps(
        plain(value, fine=fine), indent=2, allow_nan=False, ensure_ascii=False
    )


T = TypeVar("T")


def checked(
    adapter: TypeAdapter[T], raw: object, what: str, refusal: type[Refusal]
) -> T:
    """Check data from outside; the refusal names the field."""
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        named = f"{what}, {where}" if where else what
        raise refusal(f"{named}: {first['msg']}") from None
