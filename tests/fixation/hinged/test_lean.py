"""A rail that leans: in words, on a bone, and through a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.alignment import MeasuredFilm
from callotasis.fixation import every_device, mounted
from callotasis.fixation.hinged.lean import largest_lean, lean_findings, slide_shift
from callotasis.pose import Side
from dora import ORDER, RIGHT_FEMUR, measured_from, work_out


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> MeasuredFilm:
    return measured_from(tmp_path_factory.mktemp("dora"))


def test_a_lean_that_shifts_the_bone_is_said_with_its_millimetres() -> None:
    assert lean_findings(RIGHT_FEMUR, largest_lean(50.0) - 0.01, 50.0) == []
    [finding] = lean_findings(RIGHT_FEMUR, -5.0, 50.0)
    assert "4.4 mm medially over 50 mm" in finding.sentence
    assert "up to 3.4° counts as none" in finding.sentence


def test_nothing_is_said_where_nothing_is_gained() -> None:
    assert lean_findings(RIGHT_FEMUR, 20.0, 0.0) == []


@pytest.mark.parametrize("lean", [-4.0, 0.0, 4.0])
def test_a_rail_points_where_its_body_leans(
    measured: MeasuredFilm, lean: float
) -> None:
    rail, limb = every_device()["example-rail"], measured.limbs[Side.RIGHT]
    straight = mounted(rail, RIGHT_FEMUR, limb).axis
    axis = mounted(rail, RIGHT_FEMUR, limb, lean).axis
    assert np.linalg.norm(axis) == pytest.approx(1)
    assert axis @ straight == pytest.approx(np.cos(np.radians(lean)))
    assert np.sign((axis - straight)[0]) == np.sign(lean)


def test_a_plan_with_a_leaning_rail_leaves_the_shift_and_says_so(
    measured: MeasuredFilm,
) -> None:
    order = replace(ORDER, device={**ORDER.device, "R.femur": "example-rail"})
    leaning = replace(order, rail_lean_deg={"R.femur": 6.0})
    straight, leant = (work_out(measured, o).proposal for o in (order, leaning))
    assert "rail.lean" not in {f.key for f in straight.findings}
    assert "rail.lean" in {f.key for f in leant.findings}
    sheet = leant.segments[RIGHT_FEMUR]
    aside, _, _ = slide_shift(sheet.settings.extension_mm, 6.0, 0.0)
    left = sheet.remaining_pose["lateral_mm"]
    assert isinstance(left, float)
    assert left == pytest.approx(-float(aside), abs=0.4)
    hka = [
        p.after.sides[Side.RIGHT]["hka_deviation_deg"].value for p in (straight, leant)
    ]
    assert hka[0] - hka[1] > 0.2  # the knee is carried outwards: towards varus


def test_a_lean_on_a_bone_out_of_the_goal_is_refused(measured: MeasuredFilm) -> None:
    other = replace(ORDER, rail_lean_deg={"L.femur": 3.0})
    with pytest.raises(Exception, match=r"L\.femur is given options"):
        work_out(measured, other)
