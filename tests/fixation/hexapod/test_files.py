"""Frame files: what is taken, and what is refused by name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from callotasis.errors import FrameRefusal
from callotasis.exchange import checked
from callotasis.fixation.hexapod import (
    PlacedFrame,
    ReadFrame,
    ScheduleOrder,
    checked_frame,
)
from callotasis.fixation.hexapod.files import PoseFile
from hexapods import joints, ordered, placed


def order(**changed: object) -> ScheduleOrder:
    """Read an order as the command line does."""
    adapter = TypeAdapter(ScheduleOrder)
    return checked(adapter, ordered(**changed), "order.json", FrameRefusal)


def read(struts: object, **more: object) -> ReadFrame:
    """Read a frame and its struts as the command line does."""
    document = {**joints(), "struts_mm": struts, **more}
    return checked(TypeAdapter(ReadFrame), document, "read.json", FrameRefusal)


def test_a_pose_without_turns_is_straight() -> None:
    assert np.allclose(PoseFile((0, 0, 150)).placement().rotation, np.eye(3))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_pose_of_no_number_is_refused(bad: float) -> None:
    for pose in (PoseFile((0, 0, bad)), PoseFile((0, 0, 150), (bad, 0, 0))):
        with pytest.raises(FrameRefusal, match="start pose holds a number that is not"):
            pose.placement("start pose")


@pytest.mark.parametrize(
    ("struts", "said"),
    [
        ([150.0] * 5 + [0.0], "strut 6 is 0 mm; allowed is more than 0"),
        ([150.0, -1.0] + [150.0] * 4, "strut 2 is -1 mm"),
        ([601.0] + [150.0] * 5, "strut 1 is 601 mm; .*up to 600 mm"),
        ([math.nan] + [150.0] * 5, "struts_mm holds a number that is not finite"),
        ([150.0] * 5, "read.json, struts_mm"),
        ([150.0] * 7, "read.json, struts_mm"),
        ("long", "read.json, struts_mm"),
    ],
)
def test_what_is_no_length_is_refused(struts: object, said: str) -> None:
    with pytest.raises(FrameRefusal, match=said):
        read(struts).lengths()


def test_an_unknown_key_is_refused_by_name() -> None:
    with pytest.raises(FrameRefusal, match=r"order.json, rate: "):
        order(rate=1.0)
    with pytest.raises(FrameRefusal, match=r"start_pose\.\w*\.?turn|start.*turn"):
        order(start_pose={"translation_mm": [0, 0, 150], "turn": 3})


def test_start_and_target_may_be_named_shortly() -> None:
    document = ordered()
    document["start"] = document.pop("start_pose")
    document["target"] = document.pop("target_pose")
    short = checked(TypeAdapter(ScheduleOrder), document, "order.json", FrameRefusal)
    assert short == order()


@pytest.mark.parametrize("ring", ["proximal", "distal"])
@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ([[0.0, 0, 0]] * 6, "joints lie 0 mm from their ring's axis"),
        ([[80.0, 0, 0]] * 6, "joints lie on one line"),
        ([[900.0, 0, 0], [-900.0, 10, 0]] * 3, "joints lie 900.* mm"),
        ([[math.nan, 0, 0]] * 6, "joints_mm holds a number that is not finite"),
    ],
)
def test_joints_that_make_no_ring_are_refused(
    ring: str, spoilt: Any, said: str
) -> None:
    rings = {"proximal": joints()["proximal_joints_mm"]}
    rings["distal"] = joints()["distal_joints_mm"]
    with pytest.raises(FrameRefusal, match=f"{ring}.*{said}"):
        checked_frame(**{**rings, ring: spoilt})


def test_five_joints_are_no_frame() -> None:
    five = joints()["distal_joints_mm"][:5]
    with pytest.raises(FrameRefusal, match=r"placed.json, distal_joints_mm"):
        checked(
            TypeAdapter(PlacedFrame),
            placed(distal_joints_mm=five),
            "placed.json",
            FrameRefusal,
        )


def test_sizes_come_shortest_first_and_a_range_is_one() -> None:
    sizes = [
        {"name": "long", "min_mm": 169, "max_mm": 283},
        {"name": "short", "min_mm": 90, "max_mm": 125},
    ]
    found = order(strut_sizes=sizes, strut_range_mm=[100, 180]).sizes()
    assert [s.name for s in found] == ["short", "strut", "long"]


def test_an_order_without_struts_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="no strut_range_mm and no strut_sizes"):
        order(strut_range_mm=None).sizes()


@pytest.mark.parametrize("bounds", [[0, 100], [200, 100], [100, 100], [100, 601]])
def test_an_empty_size_is_refused(bounds: list[float]) -> None:
    with pytest.raises(FrameRefusal, match="strut size strut goes from"):
        order(strut_range_mm=bounds).sizes()


def test_a_size_of_no_number_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="size strut holds a number"):
        order(strut_range_mm=[math.nan, 200]).sizes()
