"""Ranges: what was measured, and which slips are caught."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.softtissue.ranges import ALLOWED_DEG, COUNTED_FROM, Ranges

ADAPTER = TypeAdapter(Ranges)
NAMES = sorted(ALLOWED_DEG)


def read(**body: object) -> Ranges:
    """Ranges as an entry brings them."""
    return checked(ADAPTER, body, "ranges", RecordRefusal)


def test_what_was_not_measured_is_none_and_not_named() -> None:
    assert Ranges().measured() == {}
    assert Ranges(knee_extension_lack_deg=0.0).measured() == {
        "knee_extension_lack_deg": 0.0
    }


def test_every_range_has_limits_and_says_where_it_is_counted_from() -> None:
    assert {*ALLOWED_DEG} == {*COUNTED_FROM} == {f.name for f in fields(Ranges)}


@given(st.sampled_from(NAMES), st.integers(0, 1000))
def test_what_a_joint_can_do_is_taken(name: str, part: int) -> None:
    low, high = ALLOWED_DEG[name]
    value = float(round(low + (high - low) * part / 1000))
    assert getattr(Ranges(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("dorsiflexion_knee_straight_deg", 95.0, "counted from there as 90.*it is 5"),
        ("dorsiflexion_knee_bent_deg", 80.0, "counted from there as 90.*it is -10"),
        ("knee_extension_lack_deg", 175.0, "straight counted as 180.*it is 5"),
        ("popliteal_angle_deg", 150.0, "straight counted as 180.*it is 30"),
        ("knee_flexion_deg", 179.0, "straight counted as 180.*it is 1"),
        ("knee_flexion_deg", -120.0, "Is the sign right"),
        ("hip_extension_deg", 55.0, "Is the sign right"),
        ("knee_flexion_prone_deg", 2.09, "in radians.*it is 120"),
        ("knee_flexion_deg", 1200.0, "Is it in degrees"),
        ("hip_extension_deg", float("inf"), "Is it in degrees"),
    ],
)
def test_a_slip_of_unit_or_convention_is_refused_and_named(
    name: str, value: float, meant: str
) -> None:
    with pytest.raises(RecordRefusal, match=f"{name} is .*{meant}"):
        Ranges(**{name: value})


def test_a_stiff_knee_is_not_taken_for_radians() -> None:
    assert Ranges(knee_flexion_deg=2.0).knee_flexion_deg == 2.0


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_no_range(name: str) -> None:
    with pytest.raises(RecordRefusal, match="allowed is"):
        Ranges(**{name: float("nan")})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"knee_flexion": 120}, "ranges, knee_flexion: "),
        ({"knee_flexion_deg": "120"}, "ranges, knee_flexion_deg: "),
        ({"knee_flexion_deg": True}, "ranges, knee_flexion_deg: "),
    ],
)
def test_an_entry_with_another_key_or_kind_is_refused(
    body: dict[str, object], said: str
) -> None:
    with pytest.raises(RecordRefusal, match=said):
        read(**body)


def test_an_entry_may_leave_out_what_nobody_measured() -> None:
    assert read(popliteal_angle_deg=30) == Ranges(popliteal_angle_deg=30.0)
