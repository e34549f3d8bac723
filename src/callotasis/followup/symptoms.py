"""What a person feels: the body of a ``symptom`` entry, in words anybody knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field, TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.record import Entry

WORST_PAIN = 10


class Sign(StrEnum):
    """Something that is felt or seen and may need an answer."""

    NUMBNESS = "numbness"
    BURNING = "burning"
    FOOT_DROP = "foot_drop"
    CALF_PAIN = "calf_pain"
    CALF_SWELLING = "calf_swelling"
    CHEST_PAIN = "chest_pain"
    BREATHLESS = "breathless"
    CONFUSED = "confused"
    RED_SPOTS = "red_spots"
    FEVER = "fever"
    PAIN_OUT_OF_PROPORTION = "pain_out_of_proportion"
    PAIN_ON_TOE_STRETCH = "pain_on_toe_stretch"
    TENSE_LEG = "tense_leg"
    WOUND_LEAKS = "wound_leaks"
    PIN_WET = "pin_wet"
    PIN_RED = "pin_red"
    PIN_PAIN = "pin_pain"
    PIN_PUS = "pin_pus"
    PIN_LOOSE = "pin_loose"
    FALL = "fall"
    CRACK = "crack"
    LEG_CROOKED = "leg_crooked"
    LATE_PAIN = "late_pain"
    HIP_PAIN = "hip_pain"
    DEVICE_STUCK = "device_stuck"

    @property
    def words(self) -> str:
        """The sign as a patient would say it."""
        return _WORDS.get(self, self.value.replace("_", " "))


_WORDS = {
    Sign.NUMBNESS: "new numbness or tingling",
    Sign.BURNING: "burning pain or very tender skin on the foot",
    Sign.FOOT_DROP: "cannot lift the foot or the big toe",
    Sign.RED_SPOTS: "small red spots on the chest or in the eyes",
    Sign.PAIN_ON_TOE_STRETCH: "pain when the toes are stretched",
    Sign.TENSE_LEG: "a leg that is hard and tense",
    Sign.FALL: "a fall",
    Sign.CRACK: "a crack heard or felt in the leg",
    Sign.LEG_CROOKED: "a leg that looks crooked",
    Sign.LATE_PAIN: "new deep pain long after lengthening ended",
    Sign.DEVICE_STUCK: "a device that will not turn, or turns without resistance",
}


@dataclass(frozen=True)
class Felt:
    """The body of a ``symptom`` entry.

    Attributes
    ----------
    signs : tuple of Sign
        What is there now.
    gone : tuple of Sign
        What was there and is no more.
    pain : int or None
        From 0, none, to 10, the worst; None if nobody asked.
    words : str
        In the person's own words.
    """

    signs: tuple[Sign, ...] = ()
    gone: tuple[Sign, ...] = ()
    pain: Annotated[int, Field(strict=True)] | None = None
    words: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        both = sorted({*self.signs} & {*self.gone})
        if both:
            raise RecordRefusal(
                f"{', '.join(both)} is said to be there and gone; allowed is one"
            )
        if self.pain is not None and not 0 <= self.pain <= WORST_PAIN:
            raise RecordRefusal(
                f"pain is {self.pain}; allowed is 0, none, to {WORST_PAIN}, the worst"
            )
        if not (self.signs or self.gone or self.words.strip()) and self.pain is None:
            raise RecordRefusal(
                "a symptom entry says nothing; needed is signs, gone, pain or words"
            )


FELT = TypeAdapter(Felt)


def felt_of(entry: Entry) -> Felt:
    """Read the body of a ``symptom`` entry.

    Raises
    ------
    RecordRefusal
        If a sign is unknown, or the pain is not from 0 to 10.
    """
    return checked(FELT, entry.body, "symptom", RecordRefusal)
