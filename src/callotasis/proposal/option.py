"""What one device would do for one bone, so that several can stand side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from callotasis.distraction import Milestone
from callotasis.evidence import Evidence
from callotasis.fixation import Kind
from callotasis.worlds import Interval


@dataclass(frozen=True)
class Missed:
    """What a device alone may miss of the wanted leg.

    Attributes
    ----------
    axis_deg : Interval
        Hip-knee-ankle deviation beside the wanted one, valgus positive [deg].
    length_mm : Interval
        Length of the leg beside the wanted one, longer positive [mm].
    chance : float
        That either is missed by more than its limit [1].
    first : str
        What adds most to that; empty where nothing scatters.
    """

    axis_deg: Interval
    length_mm: Interval
    chance: float
    first: str


@dataclass(frozen=True)
class Option:
    """What one device would do for one bone.

    Attributes
    ----------
    device : str
        Its name in the catalogue.
    approach : str
        Of a nail.
    stroke_mm, extension_mm : float
        How far it could be drawn out, and how far it would be [mm].
    turns_per_day : int
        Sessions, turns or settings a day [1/day].
    minutes_per_day : float or None
        On the controller; None where nobody read it, or there is none [min].
    turning_days : int
        From the first turn to the last [day].
    acute_turn_deg : float
        Done at surgery [deg].
    missed : Missed
        How far the device alone may miss the wanted leg.
    axis_drift_mm : Interval
        Lateral shift of the mechanical axis by the lengthening itself; a nail's was
        cancelled beforehand at surgery [mm].
    hka_after_deg : Interval
        Deviation of the whole leg after it, valgus positive [deg].
    operations : Evidence
        How many, without complications.
    loading, full_weight : Milestone or None
        When the leg may be loaded; None where no source speaks of it.
    stops : tuple of str
        What would have to be decided on first.
    """

    device: str
    kind: Kind
    approach: str
    stroke_mm: float
    extension_mm: float
    turns_per_day: int
    minutes_per_day: float | None
    turning_days: int
    acute_turn_deg: float
    missed: Missed
    axis_drift_mm: Interval
    hka_after_deg: Interval
    operations: Evidence
    loading: Milestone | None
    full_weight: Milestone | None
    stops: tuple[str, ...]


@dataclass(frozen=True)
class NotPossible:
    """A device that cannot do it, and why, in the words of its refusal."""

    device: str
    kind: Kind
    why: str


@dataclass(frozen=True)
class SideBySide:
    """Every device for one bone, in the order of kinds and names."""

    options: tuple[Option, ...]
    not_possible: tuple[NotPossible, ...]

    def undated(self) -> SideBySide:
        """The same without dates, while a stop is open."""
        bare = (replace(o, loading=None, full_weight=None) for o in self.options)
        return replace(self, options=tuple(bare))
