"""Rings and struts as data: what a frame can be built of, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from callotasis.errors import DeviceRefusal, FrameRefusal
from callotasis.fixation.hexapod import Placement, check_placement, struts_of
from callotasis.fixation.hexapod.changes import strut_changes
from callotasis.fixation.hexapod.hardware import (
    STRUT_COLOURS,
    Hardware,
    Mounted,
    Strut,
    joints_on_circle,
)
from callotasis.fixation.hexapod.systems import every_system
from hexapods import NEUTRAL, USUAL
from looks import contrast

EXAMPLE = every_system()["example"]
RING = EXAMPLE.ring("full 140")

# Simulated dichromats, severity 1 (Machado, Oliveira and Fernandes 2009).
SEEN_BY = {
    "trichromat": np.eye(3),
    "protanope": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranope": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanope": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(colour: str, eye: str) -> np.typing.NDArray[np.float64]:
    """Where an eye sees a colour in CIELAB."""
    srgb = np.array(to_rgb(colour))
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SEEN_BY[eye] @ linear, 0, 1)
    ratio = TO_XYZ @ seen / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_example_ring_of_140_mm_is_the_frame_of_the_worked_cases() -> None:
    frame = Hardware(RING, RING, EXAMPLE.struts).frame
    assert frame.proximal_mm == pytest.approx(USUAL.proximal_mm)
    assert frame.distal_mm == pytest.approx(USUAL.distal_mm)
    assert struts_of(frame, NEUTRAL) == pytest.approx([161.5316] * 6, abs=5e-5)


@pytest.mark.parametrize("upper", EXAMPLE.rings, ids=lambda ring: ring.name)
@pytest.mark.parametrize("lower", EXAMPLE.rings, ids=lambda ring: ring.name)
def test_any_two_example_rings_make_a_firm_frame(upper: object, lower: object) -> None:
    frame = Hardware(upper, lower, EXAMPLE.struts).frame  # type: ignore[arg-type]
    assert 1 <= check_placement(frame, Placement.at((0, 0, 150), (0, 0, 0))) < 10


def test_a_ring_has_its_joints_on_its_circle_from_x_towards_y() -> None:
    joints = joints_on_circle(50.0, (0, 90))
    assert joints == pytest.approx(np.array([[50, 0, 0], [0, 50, 0]]))


def test_rings_of_one_system_are_never_joined_by_struts_of_another() -> None:
    foreign = replace(EXAMPLE.struts[0], system="other")
    with pytest.raises(
        FrameRefusal, match=r"example and other in one frame; .*PMID 25786500"
    ):
        Hardware(RING, RING, (*EXAMPLE.struts, foreign))


def test_a_ring_of_another_system_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="example and other in one frame"):
        Hardware(replace(RING, system="other"), RING, EXAMPLE.struts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"inner_mm": 0.0},
        {"outer_mm": 140.0},
        {"outer_mm": 601.0},
        {"thickness_mm": 0.0},
        {"joint_offset_mm": -1.0},
        {"joint_radius_mm": 69.0},
        {"joint_radius_mm": 201.0},
        {"arc_deg": 0.0},
        {"arc_deg": 361.0},
        {"inner_mm": float("nan")},
        {"thickness_mm": float("inf")},
    ],
)
def test_a_ring_that_cannot_be_is_refused_with_its_name(
    wrong: dict[str, float],
) -> None:
    with pytest.raises(DeviceRefusal, match="ring full 140 of example: inner"):
        replace(RING, **wrong)


def test_a_joint_in_the_opening_of_a_partial_ring_is_refused() -> None:
    partial = EXAMPLE.ring("partial 160")
    turned = Mounted(partial.proximal.joints_deg, gap_deg=0.0)
    with pytest.raises(
        DeviceRefusal, match=r"joint 1 at 8° lies in the opening of 96° about 0°"
    ):
        replace(partial, proximal=turned)


@given(st.floats(0, 720), st.floats(61, 359))
def test_a_partial_ring_opens_only_between_its_joints(gap: float, arc: float) -> None:
    """The example's joints leave 104° free, three times round."""
    mounted = Mounted(RING.proximal.joints_deg, gap_deg=gap)
    away = min(abs((gap - middle + 180) % 360 - 180) for middle in (60, 180, 300))
    room = 52 - away - (360 - arc) / 2
    changed = {"arc_deg": arc, "proximal": mounted, "distal": mounted}
    if room > 1e-6:
        assert replace(RING, **changed).arc_deg == arc
    elif room < -1e-6 and away < 52:
        with pytest.raises(DeviceRefusal, match="lies in the opening"):
            replace(RING, **changed)


@pytest.mark.parametrize(
    ("shortest", "longest"), [(0, 100), (100, 100), (90, 601), (float("nan"), 100)]
)
def test_a_strut_without_a_stroke_is_refused(shortest: float, longest: float) -> None:
    with pytest.raises(DeviceRefusal, match="strut odd of example goes from"):
        Strut("odd", shortest, longest, "example")


def test_struts_of_a_system_serve_a_schedule_as_they_are() -> None:
    lengths = np.full((101, 6), 140.0)
    lengths[:, 2] = np.linspace(100, 200, 101)
    first, changes = strut_changes(lengths, EXAMPLE.struts)
    assert first == ("medium", "medium", "short", "medium", "medium", "medium")
    assert [(c.strut, c.before, c.after) for c in changes] == [
        (3, "short", "medium"),
        (3, "medium", "long"),
    ]


# Colours.


def test_struts_are_numbered_and_named_in_one_order() -> None:
    assert [s.number for s in STRUT_COLOURS] == [1, 2, 3, 4, 5, 6]
    assert [s.word for s in STRUT_COLOURS] == [
        "red",
        "orange",
        "yellow",
        "green",
        "blue",
        "violet",
    ]


@pytest.mark.parametrize("strut", STRUT_COLOURS, ids=lambda strut: strut.word)
def test_a_line_stands_out_from_paper_and_yellow_from_its_dark_outline(
    strut: object,
) -> None:
    colour = strut.colour  # type: ignore[attr-defined]
    ground = "#111827" if strut.word == "yellow" else "#ffffff"  # type: ignore[attr-defined]
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("eye", SEEN_BY)
def test_every_eye_tells_two_struts_apart(eye: str) -> None:
    """A difference of 2.3 is just seen; 20 is another colour at a glance."""
    seen = [lab(s.colour, eye) for s in STRUT_COLOURS]
    least = min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))
    assert least > 20
