"""What a program is made from: every number given, none that cannot be."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from pydantic import TypeAdapter

from callotasis.errors import DeviceRefusal, FrameRefusal
from callotasis.evidence import constant
from callotasis.exchange import checked
from callotasis.fixation.hexapod.orders import (
    LimbRoom,
    RingsChosen,
    Scatter,
)
from sawbones import (
    order,
    six,
)


def test_a_scatter_may_be_said() -> None:
    filled = Scatter(strut_mm=0.2).filled()
    assert filled["strut_mm"] == 0.2
    assert filled["landmark_mm"] == constant("hexapod.read_landmark").value


@pytest.mark.parametrize("name", sorted(six()))
def test_each_of_the_six_must_be_given(name: str) -> None:
    """Nobody measured it is not the same as nothing."""
    some = {k: v for k, v in six().items() if k != name}
    with pytest.raises(FrameRefusal, match=f"deformity.{name}"):
        order(deformity=some)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="colour"):
        order(colour="red")


def test_text_is_no_number() -> None:
    with pytest.raises(FrameRefusal, match="neutral_mm"):
        order(neutral_mm=json.loads('"150"'))


def rings(**changed: object) -> RingsChosen:
    raw = {"system": "example", "proximal": "full 160", "distal": "full 140"}
    return checked(TypeAdapter(RingsChosen), {**raw, **changed}, "rings", FrameRefusal)


def test_rings_are_found_by_name() -> None:
    system, hardware = rings().found()
    assert system.name == "example"
    assert hardware.proximal.joint_radius_mm == 90
    assert hardware.distal.joint_radius_mm == 80
    assert {strut.name for strut in hardware.struts} == {"short", "medium", "long"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"system": "unheard of"}, "system 'unheard of' is unknown; known are"),
        ({"system": "tsf"}, "figures of tsf are unsigned: nobody has read the maker's"),
        (
            {"proximal": "full 900"},
            "example has no ring 'full 900'; known are full",
        ),
    ],
)
def test_rings_that_nobody_vouches_for_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(DeviceRefusal, match=message):
        rings(**changed).found()


@pytest.mark.parametrize("length", [0.0, -1.0, 401.0, math.nan])
def test_a_limb_has_a_length(length: float) -> None:
    with pytest.raises(FrameRefusal, match="limb distal_mm is"):
        LimbRoom(60.0, 50.0, 100.0, length)


@pytest.mark.parametrize(
    ("name", "value", "most"),
    [("angle_deg", 16.0, 15), ("landmark_mm", 1e300, 20), ("strut_mm", math.nan, 10)],
)
def test_a_scatter_in_which_nothing_was_read_is_refused(
    name: str, value: float, most: float
) -> None:
    with pytest.raises(FrameRefusal, match=rf"{name} is .*; allowed is 0 to {most}"):
        Scatter(**{name: value}).filled()


def test_true_is_no_number_of_times() -> None:
    with pytest.raises(FrameRefusal, match="read_times"):
        order(read_times={"strut scales": True})
