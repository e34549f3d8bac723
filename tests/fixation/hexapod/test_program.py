"""Whole programs: the bone goes where it shall, on either side, and on from any day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.fixation.hexapod import Placement, poses_from_struts, struts_of
from callotasis.fixation.hexapod.mounting import (
    fragment_after,
    parameters_of,
)
from callotasis.fixation.hexapod.orders import ProgramOrder
from callotasis.fixation.hexapod.program import Programmed, programmed
from callotasis.worlds import Array, Worlds
from hexapods import USUAL
from sawbones import program_file, six

FEW = Worlds(count=200)


def made(**changed: object) -> Programmed:
    raw = program_file(**changed)
    order = checked(TypeAdapter(ProgramOrder), raw, "file", FrameRefusal)
    return programmed(order, FEW)


def rows(found: Programmed) -> Array:
    return np.array(found.program.schedule.struts_mm)


def bone_after(found: Programmed, struts: Array) -> Array:
    """Parameters of the distal fragment once the struts are so long."""
    ends = found.ends
    pose, _ = poses_from_struts(found.frame, struts[None], ends.target)
    moved = fragment_after(ends.ring, ends.start, ends.before, pose[0])
    return parameters_of(moved)


def without_deformity(found: Programmed, day: int) -> dict[str, Any]:
    """What a reader without error would read on a day of a program."""
    struts = rows(found)[day]
    left = bone_after(found, struts)
    names = (
        "lateral_mm",
        "anterior_mm",
        "proximal_mm",
        "apex_anterior_deg",
        "valgus_deg",
        "external_rotation_deg",
    )
    return {
        "mode": "total residual",
        "neutral_mm": None,
        "struts_mm": struts.tolist(),
        "deformity": dict(zip(names, left.tolist(), strict=True)),
    }


def test_a_chronic_program_ends_with_straight_rings_and_a_straight_longer_bone() -> (
    None
):
    found = made()
    assert found.program.target_pose.translation_mm == pytest.approx((0, 0, 150))
    assert found.program.target_pose.rotation_deg == pytest.approx((0, 0, 0))
    exact = struts_of(found.frame, found.ends.target)
    assert bone_after(found, exact) == pytest.approx([0, 0, -10, 0, 0, 0], abs=1e-6)


def test_a_residual_program_starts_with_straight_rings() -> None:
    found = made(mode="residual")
    assert found.program.start_pose.translation_mm == pytest.approx((0, 0, 150))
    exact = struts_of(found.frame, found.ends.target)
    assert bone_after(found, exact) == pytest.approx([0, 0, -10, 0, 0, 0], abs=1e-6)


def test_a_total_residual_program_starts_from_the_struts_as_they_stand() -> None:
    chronic = made()
    struts = rows(chronic)[0].tolist()
    total = made(mode="total residual", neutral_mm=None, struts_mm=struts)
    assert rows(total) == pytest.approx(rows(chronic), abs=1e-6)


@pytest.mark.parametrize("reference", ["proximal", "distal"])
def test_the_mounting_may_be_measured_on_either_fragment(reference: str) -> None:
    mounting = {"reference": reference, "ring": six(proximal_mm=70.0)}
    if reference == "distal":
        mounting["ring"] = six(proximal_mm=-80.0)
    found = made(mounting=mounting)
    exact = struts_of(found.frame, found.ends.target)
    assert bone_after(found, exact) == pytest.approx([0, 0, -10, 0, 0, 0], abs=1e-6)
    assert found.program.doubt.residual["valgus_deg"].low < 0


@pytest.mark.parametrize("day", [1, 5, 9])
def test_a_residual_program_goes_on_without_a_jump(day: int) -> None:
    """From the struts of any day, and the bone as it is then, to the same end."""
    first = made()
    second = made(**without_deformity(first, day))
    assert rows(second)[0] == pytest.approx(rows(first)[day])
    assert second.ends.target.translation_mm == pytest.approx(
        first.ends.target.translation_mm, abs=1e-5
    )
    assert second.ends.target.rotation == pytest.approx(
        first.ends.target.rotation, abs=1e-7
    )
    steps = np.abs(np.diff(rows(second), axis=0))
    usual = np.abs(np.diff(rows(first), axis=0))
    assert steps.max() <= usual.max() + 1


def test_a_left_leg_is_a_right_leg_in_the_mirror() -> None:
    """The mirrored frame on the other leg has the same struts, every day."""
    flipped = USUAL.proximal_mm * [-1, 1, 1], USUAL.distal_mm * [-1, 1, 1]
    left = made()
    right = made(
        segment="R.tibia",
        frame_side="R",
        proximal_joints_mm=flipped[0].tolist(),
        distal_joints_mm=flipped[1].tolist(),
    )
    assert rows(left) == pytest.approx(rows(right))
    for name in ("start_pose", "target_pose"):
        one, other = (getattr(p.program, name) for p in (left, right))
        x, y, z = one.translation_mm
        assert other.translation_mm == pytest.approx((-x, y, z))


def test_the_written_poses_have_the_written_struts() -> None:
    """In the frame file's own axes, also on a left leg."""
    found = made()
    start = found.program.start_pose
    placed = Placement.at(start.translation_mm, start.rotation_deg)
    assert struts_of(USUAL, placed) == pytest.approx(rows(found)[0])


def test_neither_bone_nor_structure_moves_faster_than_the_rate() -> None:
    found = made(graduation_mm=0.001)
    ends = found.ends
    poses, _ = poses_from_struts(found.frame, rows(found))
    radius = constant("hexapod.fragment_radius").value
    points = np.array([[0, 0, 0], [radius, 0, 0], [-radius, 0, 0], [0, radius, 0]])
    on_ring = (ends.ring @ ends.start).inverse().carried(ends.before.carried(points))
    named = np.array([[30.0, 0, 60]])
    on_ring = np.concatenate(
        [on_ring, (ends.ring @ ends.start).inverse().carried(named)]
    )
    daily = np.linalg.norm(np.diff(poses.carried(on_ring), axis=0), axis=-1)
    assert daily.max() <= 1.0 + 5e-3
    assert daily.max() > 0.9


def test_the_advice_lowers_the_chance_of_a_second_program() -> None:
    program = made().program
    assert program.chance_if_read_again < program.doubt.chance_of_second_program


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"frame_side": "R"},
            "the frame was built for a right leg; the segment is the left tibia",
        ),
        ({"neutral_mm": None}, "chronic program needs neutral_mm"),
        ({"mode": "total residual"}, "total residual program needs struts_mm"),
        ({"struts_mm": [160.0] * 6}, "no use for struts_mm"),
        ({"gain_mm": -1.0}, "gain_mm is -1; allowed is 0 to 200"),
        ({"gain_mm": float("nan")}, "gain_mm is nan"),
        ({"rate_mm_per_day": 0.0}, "rate is 0 mm a day"),
        ({"strut_range_mm": [75.0, 150.0]}, r"strut \d is .* mm on day \d+; allowed"),
        ({"neutral_mm": -150.0}, "the distal ring stands"),
        ({"structures_at_risk_mm": [[float("inf"), 0, 0]]}, "structures_at_risk_mm"),
        ({"segment": "L.arm"}, "segment 'L.arm' is unknown"),
    ],
)
def test_what_cannot_be_programmed_is_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(Exception, match=message):
        made(**changed)


def test_in_phases_the_bone_parts_before_it_passes_and_turns_where_it_meets() -> None:
    """Lengthen, then translate, then turn, at the cut and not at the ring."""
    found = made(path="phases", graduation_mm=0.001)
    ends = found.ends
    poses, _ = poses_from_struts(found.frame, rows(found))
    _, on_fragment = ends.rings()
    bone = parameters_of(ends.ring @ poses @ on_fragment.inverse())
    lateral, proximal, valgus = bone[:, 0], bone[:, 2], bone[:, 4]
    longer = proximal[0] - proximal
    parting = longer < longer[-1] - 0.01
    assert parting.sum() >= 5
    assert lateral[parting] == pytest.approx(lateral[0], abs=0.01)
    assert valgus[parting] == pytest.approx(valgus[0], abs=0.01)
    turning = np.abs(valgus - valgus[0]) > 0.01
    assert lateral[turning] == pytest.approx(0, abs=0.01)
    assert longer[turning] == pytest.approx(10, abs=0.01)
