"""How a case stands on a day: the types that say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from callotasis.distraction import Phase
from callotasis.followup.due import Due
from callotasis.followup.findings import Observed
from callotasis.followup.forecasts import Forecast
from callotasis.followup.gates import Gate
from callotasis.followup.lengths import Lengths
from callotasis.followup.practice import Walked
from callotasis.followup.proposals import ProposedChange
from callotasis.pose import Segment
from callotasis.rehabilitation import Loading, Week
from callotasis.softtissue import NerveStretch
from callotasis.worlds import Interval


@dataclass(frozen=True)
class Effect:
    """What a proposed change would do.

    Attributes
    ----------
    end_day : tuple of int
        Last day of turning as it stands, and with the change [day].
    consolidation_day : Interval or None
        With the change; None where none is said [day].
    residual_stretch_mm : dict of str to Interval
        Four weeks on, or at the end of turning if that is sooner, with the change; a
        model estimate that nobody has validated [mm].
    """

    end_day: tuple[int, int]
    consolidation_day: Interval | None
    residual_stretch_mm: Mapping[str, Interval]


@dataclass(frozen=True)
class Followed:
    """One bone on one day.

    Attributes
    ----------
    phase : Phase
        By what was done, not by the calendar alone.
    day : int
        Since its own osteotomy [day].
    prescribed_mm : float
        What was to be turned until then [mm].
    turned_mm : Interval
        What was turned; the interval holds turns that may be entered twice [mm].
    lengths : Lengths
        What films say of it, beside both.
    forecast : Forecast or None
        None before surgery, and where no healing index speaks of so small a gain.
    residual_stretch_mm : dict of str to Interval
        Of each muscle group that was examined and spans the cut; a model estimate
        that nobody has validated [mm].
    proposal : ProposedChange or None
        A changed prescription that waits for a surgeon.
    effect : Effect or None
        What it would do.
    loading : Loading or None
        How much the leg may bear, as a proposal; None before surgery.
    gates : tuple of Gate
        Steps after distraction, each with what it waits for.
    nerve : NerveStretch or None
        By how much the leg's nerve is drawn out, in name only [%].
    practised : tuple of Week
        Exercises in the diary beside the programme, last week and this one.
    """

    phase: Phase
    day: int
    prescribed_mm: float
    turned_mm: Interval
    lengths: Lengths
    forecast: Forecast | None
    residual_stretch_mm: Mapping[str, Interval]
    proposal: ProposedChange | None
    effect: Effect | None
    loading: Loading | None
    gates: tuple[Gate, ...]
    nerve: NerveStretch | None
    practised: tuple[Week, ...]

    @property
    def measured_mm(self) -> Interval | None:
        """Gain on the newest film that measured it; None without one [mm]."""
        return self.lengths.gained[-1].gained_mm if self.lengths.gained else None


@dataclass(frozen=True)
class Silenced:
    """A finding that a named person answered.

    Attributes
    ----------
    observed : Observed
        What would be said.
    by : str
        Who answered it.
    reason : str
        Why it is not said again.
    day : int
        When it was answered [day].
    """

    observed: Observed
    by: str
    reason: str
    day: int


@dataclass(frozen=True)
class Standing:
    """The whole case on one day.

    Attributes
    ----------
    day : int
        Since the first osteotomy; negative before it [day].
    on : date
        The same as a date.
    segments : dict of Segment to Followed
        Every bone that a signed plan holds.
    findings : tuple of Observed
        Most urgent first; one for each cause.
    silenced : tuple of Silenced
        What was answered and would stand otherwise.
    due : tuple of Due
        What should be looked at or asked again.
    walks : tuple of Walked
        How evenly the person walked, from before surgery on.
    """

    day: int
    on: date
    segments: Mapping[Segment, Followed]
    findings: tuple[Observed, ...]
    silenced: tuple[Silenced, ...]
    due: tuple[Due, ...]
    walks: tuple[Walked, ...] = ()
