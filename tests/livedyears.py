"""A short course with everything a follow-up report shows, and no film made."""

from __future__ import annotations

from pathlib import Path

from callotasis.record import CaseFolder
from dora import RIGHT_FEMUR, SURGEON
from followcases import at_day, entered, operated, signed_case, turned

KNEE = {-10: 140.0, 14: 90.0, 27: 52.0}
SHORT_BY_MM = 4.0


def lived(folder: Path) -> CaseFolder:
    """Follow one femur to day 30: four millimetres short, a stiff knee."""
    case = signed_case(folder, length_mm={str(RIGHT_FEMUR): 430.0})
    entered(case, "case", {"emergency": "112"}, at_day(-12), "", SURGEON)
    operated(case)
    turned(case, 100)
    for day, deg in KNEE.items():
        ranges = {"knee_flexion_deg": deg, "dorsiflexion_knee_straight_deg": 10.0}
        entered(case, "exam", {"ranges": ranges}, at_day(day), "R")
    for day in (0, 7, 14, 21, 28):
        grown = max(0.0, day - 6.5) - (SHORT_BY_MM if day == 28 else 0.0)
        body = {"of": "nail", "measured_mm": 30.0 + grown, "sd_mm": 0.4}
        entered(case, "measurement", body, at_day(day), by=SURGEON)
    return case


def healed(case: CaseFolder) -> None:
    """Go on to a solid bone that may be loaded, and the end of treatment."""
    turned_to_the_end(case)
    for day, closed, ratio in ((80, 1, 0.7), (108, 2, 0.82), (136, 3, 0.95)):
        body = {
            "of": "nail",
            "measured_mm": 66.0,
            "sd_mm": 0.4,
            "ratio": dict.fromkeys(
                ("medial", "lateral", "anterior", "posterior"), ratio
            ),
            "bridged_cortices": closed,
            "width_ratio": 0.9,
        }
        entered(case, "measurement", body, at_day(day), by=SURGEON)
    allowed = {"allows": "full weight bearing", "reason": "Three cortices closed."}
    entered(case, "decision", allowed, at_day(140), by=SURGEON)
    ended = {"ends_treatment": True, "reason": "Legs equal."}
    entered(case, "decision", ended, at_day(365), by=SURGEON)


def turned_to_the_end(case: CaseFolder) -> None:
    """Do the turns that are left, each in time."""
    from followcases import HOME, PLAN

    for turn in PLAN.turns[100:]:
        entered(case, "turn", {"turned_mm": turn.turn_mm}, turn.at.replace(tzinfo=HOME))
