"""Deep infection around an implant: what points to it, what was cultured, who decided.

No score and no cut-off is used: none for lengthening nails was read. A CRP is held
against the limit of the laboratory that measured it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from callotasis.findings import Finding, Level

Milligrams = Annotated[float, Field(strict=True, ge=0, le=1000, allow_inf_nan=False)]
BASE_RATE = "complications.deep_infection_nail"


class Culture(StrEnum):
    """What is known from tissue or aspirate."""

    NOT_TAKEN = "not taken"
    PENDING = "pending"
    NO_GROWTH = "no growth"
    GROWTH = "growth"


class Decision(StrEnum):
    """What the surgeon decided."""

    NONE = "none yet"
    WATCH = "watch"
    ANTIBIOTICS = "antibiotics"
    DEBRIDE = "debride and keep the implant"
    EXCHANGE = "exchange the implant"
    REMOVE = "remove the implant"


@dataclass(frozen=True)
class DeepInfection:
    """How a deep infection, or the suspicion of one, stands.

    Attributes
    ----------
    late_pain : bool or None
        New or growing pain in consolidation or later; null if nobody asked.
    discharge : bool or None
        A wound or sinus that drains; null if nobody looked.
    lysis : bool or None
        New lysis around the implant on a film; null without a film.
    crp_mg_per_l, crp_limit_mg_per_l : float or None
        C-reactive protein and the upper limit of that laboratory [mg/l].
    culture : Culture
        Tissue or aspirate.
    organism : str
        What grew.
    decision : Decision
        What was decided.
    decided_by : str
        By whom; needed with a decision.
    """

    late_pain: bool | None = None
    discharge: bool | None = None
    lysis: bool | None = None
    crp_mg_per_l: Milligrams | None = None
    crp_limit_mg_per_l: Milligrams | None = None
    culture: Culture = Culture.NOT_TAKEN
    organism: str = ""
    decision: Decision = Decision.NONE
    decided_by: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.crp_mg_per_l is not None and self.crp_limit_mg_per_l is None:
            raise ValueError(
                f"CRP is {self.crp_mg_per_l:g} mg/l without crp_limit_mg_per_l; give "
                "the upper limit of the laboratory that measured it"
            )
        if (self.culture is Culture.GROWTH) != bool(self.organism.strip()):
            raise ValueError(
                f"culture is '{self.culture}' and organism is '{self.organism}'; "
                "an organism is named exactly where something grew"
            )
        if (self.decision is Decision.NONE) == bool(self.decided_by.strip()):
            raise ValueError(
                f"decision is '{self.decision}' and decided_by is "
                f"'{self.decided_by}'; a decision has a name and no decision has none"
            )

    @property
    def crp_raised(self) -> bool | None:
        """Whether CRP is above its laboratory's limit; None if not measured."""
        if self.crp_mg_per_l is None or self.crp_limit_mg_per_l is None:
            return None
        return self.crp_mg_per_l > self.crp_limit_mg_per_l

    @property
    def signs(self) -> tuple[str, ...]:
        """What points to an infection, in words."""
        said = (
            (self.late_pain, "late pain"),
            (self.discharge, "discharge"),
            (self.lysis, "new lysis on a film"),
            (self.crp_raised, "raised CRP"),
            (self.culture is Culture.GROWTH, f"culture grew {self.organism}"),
        )
        return tuple(words for there, words in said if there)

    @property
    def unasked(self) -> tuple[str, ...]:
        """What nobody asked, looked at or measured, in words."""
        said = (
            (self.late_pain, "late pain"),
            (self.discharge, "wound"),
            (self.lysis, "film"),
            (self.crp_raised, "CRP"),
        )
        missing = [words for answer, words in said if answer is None]
        return (
            (*missing, "culture") if self.culture is Culture.NOT_TAKEN else (*missing,)
        )


def deep_infection_findings(
    deep: DeepInfection, segment: str = ""
) -> tuple[Finding, ...]:
    """Say what an assessment asks of whom.

    Parameters
    ----------
    deep : DeepInfection
        As it stands.
    segment : str
        Like ``R.femur``.

    Returns
    -------
    tuple of Finding
        Never two: a stop while something grew and nobody decided; a caution while
        signs wait for what is missing or for a decision; a note while a decision
        stands. None without a sign.
    """
    if not deep.signs:
        return ()
    seen = ", ".join(deep.signs)
    if deep.decision is not Decision.NONE:
        words = (
            f"Deep infection thought of ({seen}); {deep.decision}: {deep.decided_by}."
        )
        action = "Look again until it is resolved and the entry says so."
        return (
            _said(Level.NOTE, "complications.deep_decided", words, action, segment),
        )
    if deep.culture is Culture.GROWTH:
        words = f"A culture grew and nobody has decided: {seen}."
        action = "The surgeon decides today: antibiotics, debride, exchange or remove."
        return (_said(Level.STOP, "complications.deep_shown", words, action, segment),)
    missing = ", ".join(deep.unasked)
    action = f"Find out: {missing}." if missing else "The surgeon decides this week."
    words = f"A deep infection cannot be ruled out: {seen}."
    return (
        _said(Level.CAUTION, "complications.deep_suspected", words, action, segment),
    )


def _said(level: Level, name: str, sentence: str, action: str, about: str) -> Finding:
    return Finding(level, name, sentence, action, BASE_RATE, about)
