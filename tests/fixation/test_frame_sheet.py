"""What every frame says of itself, whatever it is built of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.alignment import Limb
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import Framed
from callotasis.fixation.frame_sheet import (
    ABOVE_AND_BELOW,
    joint_findings,
    shaft_findings,
)
from callotasis.fixation.hexapod.planned import planned_hexapod
from callotasis.fixation.hinged.planned import planned_ring
from callotasis.pose import Segment, Side
from framing import FEW, HEXAPOD, RING, Bent

VARUS = Bent(Segment.parse("L.tibia"), -10.0, gain_mm=20.0)
KEY = "hexapod.ring_from_cut"


@pytest.fixture(scope="module", params=["ring", "hexapod"])
def framed(request: pytest.FixtureRequest) -> Framed:
    """The same bone in either frame."""
    target, limb = VARUS.planned()
    if request.param == "ring":
        return planned_ring(RING, target, limb, 1.0, 55.0, FEW)
    return planned_hexapod(HEXAPOD, target, limb, 1.0, 55.0, FEW)


def test_every_part_has_a_name_and_a_length_on_every_day(framed: Framed) -> None:
    parts = len(framed.sheet.parts)
    assert len(framed.sheet.start_mm) == parts
    assert {len(day.lengths_mm) for day in framed.days} == {parts}
    assert len({*framed.sheet.parts}) == parts
    assert len(framed.sheet.sizes) in {0, 6}


def test_lengths_change_by_little_from_day_to_day(framed: Framed) -> None:
    rows = np.array([framed.sheet.start_mm, *(day.lengths_mm for day in framed.days)])
    assert np.abs(np.diff(rows, axis=0)).max() <= 5.0


def test_what_is_set_is_written_in_whole_steps(framed: Framed) -> None:
    step = framed.settings.step_mm
    rows = np.array([day.lengths_mm for day in framed.days])
    steps = np.diff(rows, axis=0) / step
    assert steps == pytest.approx(np.round(steps), abs=1e-6)


@pytest.mark.parametrize(
    ("above_mm", "below_mm", "said"),
    [
        (60.0, 60.0, []),
        (150.0, 60.0, ["upper"]),
        (60.0, 220.0, ["lower"]),
        (150.0, 220.0, ["upper", "lower"]),
    ],
)
def test_a_ring_on_the_other_side_of_a_joint_is_said(
    above_mm: float, below_mm: float, said: list[str]
) -> None:
    """A tibia of 350 mm, cut 140 mm below the knee."""
    target, _ = Bent(Segment.parse("L.tibia"), 0.0, cut=0.4, gain_mm=10.0).planned()
    found = joint_findings(target, above_mm, below_mm, KEY)
    assert [f.sentence.split()[1] for f in found] == said
    for finding in found:
        assert (finding.level, finding.about) == (Level.CAUTION, "L.tibia")
        assert constant(finding.evidence).key == KEY
    if "upper" in said:
        assert found[0].sentence == (
            "The upper ring of the left tibia is planned 150 mm from the cut; the "
            "joint lies 140 mm from it."
        )


def test_a_femur_whose_shaft_nobody_marked_is_a_caution() -> None:
    """Its axis runs beside the bone: hinges and rate are not those of the cortex."""
    target, _ = VARUS.planned()
    femur = replace(target, segment=Segment.parse("R.femur"))
    limb = Limb(Side.RIGHT, {"hip_centre": np.zeros((1, 3))})
    [finding] = shaft_findings(femur, limb)
    assert finding.key == "frame.shaft_unseen"
    assert "beside it" in finding.sentence
    marked = Limb(Side.RIGHT, dict.fromkeys(ABOVE_AND_BELOW, np.zeros((1, 3))))
    assert shaft_findings(femur, marked) == []
    assert shaft_findings(target, limb) == []
