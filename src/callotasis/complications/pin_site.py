"""A pin site as it was looked at: the signs of Frank and others, and scales as numbers.

Frank's list tells infection that is confirmed from what suggests it. How many
suggestive signs make an infection is not in the text that was read, so they never make
one here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field


class PinSign(StrEnum):
    """Signs of Frank's definition: the first six confirm, the others suggest."""

    BONE_SEEN = "skin breakdown with visible bone"
    PUS = "painful purulent drainage"
    SEQUESTRUM_WET = "ring sequestrum on X-ray under a wet site"
    LYSIS_GROWS_WET = "progressive lysis around the pin under a wet site"
    ASPIRATE = "positive aspirate with a virulent organism"
    SEPTIC_JOINT = "septic arthritis of a nearby joint"
    PAIN = "local pain, especially new"
    WET = "wet site"
    ERYTHEMA = "spreading erythema"
    LOOSE = "pin loosening"
    FEVER = "fever without other cause"
    UNWELL = "systemic upset"
    EFFUSION = "new joint effusion"
    LYSIS = "lysis around pins"
    COLLECTION = "fluid collection"
    SEQUESTRUM_DRY = "sequestrum under a dry pin"
    BLOODS = "rising CRP or white cells without other cause"


CONFIRMING = frozenset(tuple(PinSign)[:6])
"""Any one of these confirms an infection."""


class PinCall(StrEnum):
    """What the signs of one site amount to."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    UNLIKELY = "unlikely"
    UNDECIDED = "not decided"


class Looks(StrEnum):
    """Good, Bad, Ugly: redness, pain and discharge in three steps (Clint 2010)."""

    GOOD = "good"
    BAD = "bad"
    UGLY = "ugly"


Gordon = Annotated[int, Field(strict=True, ge=1, le=5)]
CheckettsOtterburns = Annotated[int, Field(strict=True, ge=1, le=6)]
ModifiedGordon = Annotated[int, Field(strict=True, ge=0, le=6)]


@dataclass(frozen=True)
class PinSite:
    """One pin site on one day.

    Attributes
    ----------
    site : str
        Which pin, in words.
    signs : tuple of PinSign
        What was found.
    quiet : bool
        Looked at, and clean and dry, without pain and without erythema.
    looks : Looks or None
        Good, bad or ugly.
    gordon, checketts_otterburns, modified_gordon : int or None
        Numbers as the clinician gave them; the last two have no wording here, since
        nobody read their papers.
    """

    site: str = ""
    signs: tuple[PinSign, ...] = ()
    quiet: bool = False
    looks: Looks | None = None
    gordon: Gordon | None = None
    checketts_otterburns: CheckettsOtterburns | None = None
    modified_gordon: ModifiedGordon | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.quiet and self.signs:
            raise ValueError(
                f"quiet is true and signs name {', '.join(self.signs)}; allowed is one"
            )

    @property
    def call(self) -> PinCall:
        """What the signs amount to."""
        return pin_call(self.signs, quiet=self.quiet)


def pin_call(signs: Collection[PinSign], *, quiet: bool = False) -> PinCall:
    """Say what the signs of a pin site amount to.

    Parameters
    ----------
    signs : collection of PinSign
        What was found.
    quiet : bool
        Looked at, and clean and dry, without pain and without erythema.

    Returns
    -------
    PinCall
        Confirmed by any confirming sign; suggested by any other; unlikely only where
        somebody looked; else not decided.

    References
    ----------
    .. [1] Frank and others, definition of pin site infection, medicalalgorithms.com,
       read in full.

    Examples
    --------
    >>> pin_call([PinSign.PAIN, PinSign.PUS]).value
    'confirmed'
    >>> pin_call([]).value
    'not decided'
    """
    if CONFIRMING & {*signs}:
        return PinCall.CONFIRMED
    if signs:
        return PinCall.SUGGESTED
    return PinCall.UNLIKELY if quiet else PinCall.UNDECIDED
