"""Of which rings and struts a frame is built, and whether they run free."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal, Refusal
from callotasis.exchange import checked
from callotasis.findings import Finding, Level
from callotasis.fixation.hexapod import Placement
from callotasis.fixation.hexapod.build import (
    built_from,
    limb_in_frame,
    room_findings,
    scale_offset,
)
from callotasis.fixation.hexapod.files import StrutSize
from callotasis.fixation.hexapod.hardware import joints_on_circle
from callotasis.fixation.hexapod.mounting import ring_on_bone
from callotasis.fixation.hexapod.orders import LimbRoom, ProgramOrder
from callotasis.fixation.hexapod.program import programmed
from callotasis.pose import Segment, Side
from callotasis.worlds import Worlds
from hexapods import DISTAL_DEG, PROXIMAL_DEG
from sawbones import program_file

FEW = Worlds(count=100)
RINGS = {"system": "example", "proximal": "full 160", "distal": "full 160"}
LIMB = {
    "proximal_radius_mm": 50.0,
    "distal_radius_mm": 45.0,
    "proximal_mm": 120.0,
    "distal_mm": 220.0,
}
BY_FIGURES = ("proximal_joints_mm", "distal_joints_mm", "strut_range_mm")


def order(**changed: object) -> ProgramOrder:
    """A program of the example system's rings."""
    raw: dict[str, Any] = {**program_file(), "rings": RINGS, **changed}
    raw = {k: v for k, v in raw.items() if k not in BY_FIGURES or k in changed}
    return checked(TypeAdapter(ProgramOrder), raw, "file", FrameRefusal)


def keys(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.key for finding in findings}


def test_a_frame_of_named_rings_has_their_joints_and_struts() -> None:
    built = built_from(order())
    assert np.array(built.proximal_mm) == pytest.approx(
        joints_on_circle(90.0, PROXIMAL_DEG)
    )
    assert np.array(built.distal_mm) == pytest.approx(
        joints_on_circle(90.0, DISTAL_DEG)
    )
    assert [size.name for size in built.sizes] == ["short", "medium", "long"]
    [finding] = built.findings(Segment.parse("L.tibia"))
    assert (finding.level, finding.key) == (Level.NOTE, "frame.example")


def test_a_frame_of_figures_has_no_system() -> None:
    file = program_file()
    built = built_from(order(**{n: file[n] for n in BY_FIGURES}, rings=None))
    assert built.system is None
    assert [size.name for size in built.sizes] == ["strut"]
    assert built.findings(Segment.parse("L.tibia")) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"rings": None},
        {"strut_range_mm": [90.0, 200.0]},
        {"proximal_joints_mm": program_file()["proximal_joints_mm"]},
    ],
)
def test_rings_are_given_by_name_or_by_figures(changed: dict[str, Any]) -> None:
    with pytest.raises(FrameRefusal, match="give rings, or proximal_joints_mm"):
        built_from(order(**changed))


@pytest.mark.parametrize("side", list(Side))
def test_the_limb_lies_where_the_bone_does(side: Side) -> None:
    """A ring 20 mm lateral and 70 mm above the cut: the bone is on its medial side."""
    upper = ring_on_bone(np.array([20.0, 0, 70, 0, 0, 0]))
    limb = limb_in_frame(LimbRoom(**LIMB), upper, upper, side)
    [proximal] = limb.proximal
    toward = -20.0 if side is Side.RIGHT else 20.0
    assert proximal.start_mm == pytest.approx([toward, 0, 70])
    assert proximal.end_mm == pytest.approx([toward, 0, -50])
    assert limb.distal[0].end_mm == pytest.approx([toward, 0, 70 + 220])
    assert (proximal.radius_mm, limb.distal[0].radius_mm) == (50.0, 45.0)


def test_a_slim_limb_in_wide_rings_runs_free() -> None:
    found = programmed(order(limb={**LIMB, "proximal_radius_mm": 30.0}), FEW).program
    assert not {"clearance.contact", "clearance.not_checked"} & keys(found.findings)


def test_a_limb_that_the_struts_would_touch_is_refused() -> None:
    with pytest.raises(FrameRefusal, match=r"touch .*day.* Choose another path"):
        programmed(order(limb={**LIMB, "proximal_radius_mm": 75.0}), FEW)


def test_what_was_not_checked_is_said() -> None:
    built = built_from(order())
    poses = Placement.at([[0.0, 0, 150]], [[0.0, 0, 0]])
    found = room_findings(built, poses, None, "L.tibia")
    assert "clearance.not_checked" in keys(tuple(found))
    file = program_file()
    bare = built_from(order(**{n: file[n] for n in BY_FIGURES}, rings=None))
    [finding] = room_findings(bare, poses, None, "L.tibia")
    assert "Rings were given by their joints alone" in finding.sentence


def test_a_recalled_system_is_refused() -> None:
    """Also with figures that somebody has read."""
    file = {
        "system": "gone",
        "maker": "Somebody",
        "document": "Instructions 2020-01",
        "read_by": "Ada",
        "market": "recalled",
        "rings": [
            {
                "system": "gone",
                "name": "ring",
                "inner_mm": 160.0,
                "outer_mm": 200.0,
                "thickness_mm": 8.0,
                "joint_radius_mm": 90.0,
                "joint_offset_mm": 14.0,
                "proximal": {"joints_deg": list(PROXIMAL_DEG)},
                "distal": {"joints_deg": list(DISTAL_DEG)},
            }
        ],
        "struts": [{"system": "gone", "name": "one", "min_mm": 90.0, "max_mm": 280.0}],
    }
    rings = {"system": "gone", "proximal": "ring", "distal": "ring", "read": file}
    with pytest.raises(Refusal, match=r"gone was recalled .* Choose another frame"):
        programmed(order(rings=rings), FEW)
    good = {**rings, "read": {**file, "market": "available"}}
    assert programmed(order(rings=good), FEW).program.schedule.days > 5


SIZES = (StrutSize("short", 90, 130), StrutSize("long", 120, 200))


@pytest.mark.parametrize(
    ("offsets", "wanted"),
    [({}, 0.0), ({"long": -30.5}, -30.5), ({"short": 1.5, "long": -3.5}, 1.5)],
)
def test_scales_that_differ_by_whole_marks_serve_one_schedule(
    offsets: dict[str, float], wanted: float
) -> None:
    assert scale_offset(offsets, SIZES, 0.5) == wanted


@pytest.mark.parametrize(
    ("offsets", "graduation", "why"),
    [
        ({"medium": 1.0}, 1.0, "'medium' is 1; allowed is .* for long, short"),
        ({"short": float("nan")}, 1.0, "'short' is nan"),
        ({"short": 6000.0}, 1.0, "'short' is 6000"),
        ({"short": 0.0, "long": 0.5}, 1.0, "no whole number of marks of 1 mm"),
        ({"short": 0.0, "long": 0.5}, 0.0, "graduation is 0 mm"),
    ],
)
def test_an_offset_that_no_scale_can_have_is_refused(
    offsets: dict[str, float], graduation: float, why: str
) -> None:
    with pytest.raises(FrameRefusal, match=why):
        scale_offset(offsets, SIZES, graduation)
