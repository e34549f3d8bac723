"""A name that is none: made of the case's name and a key that stays at the clinic."""

from __future__ import annotations

import base64
import hashlib
import re

from callotasis.errors import RecordRefusal

LEAST_KEY_BYTES = 16
MOST_KEY_BYTES = 64
LETTERS = 14
PREFIX = "p2"  # always a digit; the rest has none of 0 and 1, so it holds no year
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{6,40}")
_DATE = re.compile(r"(19|20)\d{2}[-_]?\d{2}[-_]?\d{2}|\d{1,2}[-_]\d{1,2}[-_]\d{2,4}")


def pseudonym(case: str, key: bytes) -> str:
    """Make a pseudonym; the same case and key always give the same one.

    Parameters
    ----------
    case : str
        Name of the case.
    key : bytes
        A secret of the clinic, 16 to 64 bytes, kept apart from the registry.

    Returns
    -------
    str
        Sixteen letters and digits from which nobody without the key finds the case.

    Raises
    ------
    RecordRefusal
        If the key is too short or too long.

    References
    ----------
    .. [1] BLAKE2 with a key, RFC 7693.

    Examples
    --------
    >>> pseudonym("Dora (synthetic)", b"sixteen bytes or more")
    'p2havhvix2yn2f7a'
    """
    if not LEAST_KEY_BYTES <= len(key) <= MOST_KEY_BYTES:
        raise RecordRefusal(
            f"the key has {len(key)} bytes; allowed are {LEAST_KEY_BYTES} to "
            f"{MOST_KEY_BYTES}, kept apart from the registry"
        )
    digest = hashlib.blake2b(case.encode(), key=key, digest_size=10).digest()
    return PREFIX + base64.b32encode(digest).decode().lower()[:LETTERS]


def check_pseudonym(person: str) -> None:
    """Refuse what looks like a name or a date.

    Raises
    ------
    RecordRefusal
        If it has blanks, no digit, or a date in it.
    """
    if not _PSEUDONYM.fullmatch(person) or not re.search(r"\d", person):
        raise RecordRefusal(
            f"person is '{person:.40}'; a pseudonym has 6 to 40 letters, digits, - or "
            "_ and at least one digit: no name goes into the registry"
        )
    if _DATE.search(person):
        raise RecordRefusal(
            f"person is '{person}', which holds a date; no date goes into the registry"
        )
