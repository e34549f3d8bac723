"""Bones to be framed: one bend, one cut, one gain, planned without any error."""

from __future__ import annotations

from dataclasses import dataclass

from callotasis.alignment import Limb, MeasuredFilm
from callotasis.fixation import every_device
from callotasis.goal import Goal
from callotasis.plan import Choices, Hinge, Target, plan_targets
from callotasis.pose import Bone, Segment
from callotasis.worlds import Worlds
from crooked import FEMUR_MM, TIBIA_MM, crooked, seen, still, straight, without

FEW = Worlds(count=60)
LENGTH_MM = {Bone.FEMUR: FEMUR_MM, Bone.TIBIA: TIBIA_MM}
RING, HEXAPOD = (every_device()[f"example-{kind}"] for kind in ("ring", "hexapod"))


@dataclass(frozen=True)
class Bent:
    """One bent bone, where it shall be cut, and how much it shall gain."""

    segment: Segment
    valgus_deg: float
    apex: float = 0.4
    cut: float | None = None
    gain_mm: float = 0.0
    hinge: Hinge = Hinge.CORA

    def film(self) -> MeasuredFilm:
        """Take the bent leg with a straight one beside it."""
        points = straight()
        if self.valgus_deg:
            points = crooked(self.segment.bone, self.valgus_deg, self.apex)
        points = without(points, "fem_shaft", "tib_shaft")
        return seen(
            still(points, self.segment.side),
            still(straight(), self.segment.side.other),
        )

    def planned(self) -> tuple[Target, Limb]:
        """Plan it; give the leg before surgery too."""
        film, segment = self.film(), self.segment
        goal = Goal(
            gain_mm={segment: self.gain_mm} if self.gain_mm else {},
            correct_axis=(segment,) if self.valgus_deg else (),
        )
        cut_mm = None if self.cut is None else self.cut * LENGTH_MM[segment.bone]
        choices = {segment: Choices(cut_mm, self.hinge)}
        target = plan_targets(film, goal, choices)[segment]
        return target, film.limbs[segment.side]
