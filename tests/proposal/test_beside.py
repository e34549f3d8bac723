"""Every device for one bone, side by side: computed alike, and never ranked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callotasis.alignment import MeasuredFilm
from callotasis.fixation import Kind, every_device
from callotasis.pose import Side
from callotasis.proposal import Worked
from callotasis.proposal.option import Option, SideBySide
from dora import (
    LEFT_TIBIA,
    ORDER,
    RIGHT_FEMUR,
    confirming,
    measured_from,
    work_out,
)

EXAMPLES = ["example-nail", "example-rail", "example-ring", "example-hexapod"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> MeasuredFilm:
    return measured_from(tmp_path_factory.mktemp("dora"))


@pytest.fixture(scope="module")
def worked(measured: MeasuredFilm) -> Worked:
    return work_out(measured)


def by_device(found: SideBySide) -> dict[str, Option]:
    return {option.device: option for option in found.options}


def test_every_example_stands_beside_the_others_in_the_order_of_kinds(
    worked: Worked,
) -> None:
    for found in worked.proposal.side_by_side.values():
        assert [option.device for option in found.options] == EXAMPLES


def test_what_nobody_has_read_is_named_with_its_reason(worked: Worked) -> None:
    unread = {
        name for name, device in every_device().items() if device.read == "unread"
    }
    for found in worked.proposal.side_by_side.values():
        assert {n.device for n in found.not_possible} == unread
        assert all("unsigned" in n.why for n in found.not_possible)


def test_a_confirmed_device_joins_them(measured: MeasuredFilm) -> None:
    worked = work_out(measured, confirmed=confirming("lrs-rail"))
    found = worked.proposal.side_by_side[LEFT_TIBIA]
    assert "lrs-rail" in by_device(found)
    assert "lrs-rail" not in {n.device for n in found.not_possible}


def test_a_recalled_device_shows_its_stop(measured: MeasuredFilm) -> None:
    worked = work_out(measured, confirmed=confirming("precice-stryde"))
    option = by_device(worked.proposal.side_by_side[RIGHT_FEMUR])["precice-stryde"]
    assert any("recalled" in stop for stop in option.stops)


def test_the_chosen_device_does_what_the_plan_says(worked: Worked) -> None:
    sheet = worked.proposal.segments[RIGHT_FEMUR]
    option = by_device(worked.proposal.side_by_side[RIGHT_FEMUR])[sheet.device]
    assert option.extension_mm == sheet.settings.extension_mm
    assert option.turns_per_day == sheet.prescription.protocol.rhythm_per_day
    assert option.axis_drift_mm == sheet.axis_drift.geometry_mm
    assert option.minutes_per_day == 7.0
    [weight] = [m for m in sheet.timeline if m.name == "full weight bearing"]
    assert option.full_weight == weight


def test_frames_turn_the_bone_day_by_day_and_others_at_surgery(worked: Worked) -> None:
    options = by_device(worked.proposal.side_by_side[LEFT_TIBIA])
    for name, option in options.items():
        turns = every_device()[name].kind.turns_bone
        assert (option.acute_turn_deg == 0) == turns
        assert (option.turning_days > 5) == turns


def test_every_device_ends_in_the_same_leg(worked: Worked) -> None:
    options = worked.proposal.side_by_side[LEFT_TIBIA].options
    after = [option.hka_after_deg.value for option in options]
    assert after == pytest.approx([after[0]] * len(after), abs=0.05)


def test_only_frames_are_loaded_from_the_first_days(worked: Worked) -> None:
    for option in worked.proposal.side_by_side[RIGHT_FEMUR].options:
        assert (option.loading is not None) == (option.kind is not Kind.NAIL)


def test_the_film_is_no_part_of_what_a_device_misses(
    measured: MeasuredFilm, worked: Worked
) -> None:
    """A film read three times as badly changes nothing about the devices alone."""
    blurred = replace(
        measured,
        limbs={
            side: replace(
                limb,
                points={n: p + 2 * (p - p[:1]) for n, p in limb.points.items()},
            )
            for side, limb in measured.limbs.items()
        },
    )
    worse = work_out(blurred).proposal.side_by_side[RIGHT_FEMUR]
    for one, other in zip(
        worked.proposal.side_by_side[RIGHT_FEMUR].options, worse.options, strict=True
    ):
        for name in ("axis_deg", "length_mm"):
            here, there = getattr(one.missed, name), getattr(other.missed, name)
            assert (here.low, here.high) == pytest.approx(
                (there.low, there.high), abs=0.2
            )
    assert worse.options[0].hka_after_deg.high > 3


def test_an_open_stop_hides_every_date(measured: MeasuredFilm) -> None:
    worked = work_out(measured, replace(ORDER, fibula={}))
    assert worked.proposal.withheld
    for found in worked.proposal.side_by_side.values():
        for option in found.options:
            assert option.full_weight is None
            assert option.loading is None


def test_a_wish_about_turns_fits_one_device_and_stops_no_other(
    measured: MeasuredFilm, tmp_path: Path
) -> None:
    order = replace(ORDER, rhythm_per_day={"R.femur": 2})
    found = work_out(measured, order).proposal.side_by_side[RIGHT_FEMUR]
    assert [option.device for option in found.options] == EXAMPLES


def test_both_sides_are_those_of_the_goal(worked: Worked) -> None:
    assert set(worked.proposal.side_by_side) == {RIGHT_FEMUR, LEFT_TIBIA}
    assert {segment.side for segment in worked.proposal.side_by_side} == set(Side)
