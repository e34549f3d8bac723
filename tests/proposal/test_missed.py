"""How far a device alone misses the wanted leg, on one yardstick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from callotasis.alignment import Limb, MeasuredFilm, sample_limb
from callotasis.fixation import Device, every_device
from callotasis.fixation.doubt import Left
from callotasis.plan import Choices, Target, limb_after, plan_targets
from callotasis.pose import Pose, Segment, joined
from callotasis.proposal.missed import missed_by
from callotasis.proposal.option import Missed
from callotasis.proposal.segment import Planned, planned_segment
from callotasis.worlds import Array
from dora import LEFT_TIBIA, ORDER, RIGHT_FEMUR, measured_from

REQUEST = ORDER.request({})
NAMES = ["example-nail", "example-rail", "example-ring", "example-hexapod"]
WORLDS = 401


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> MeasuredFilm:
    return measured_from(tmp_path_factory.mktemp("dora"))


def wanted(measured: MeasuredFilm, segment: Segment) -> Target:
    choices: dict[Segment, Choices] = {}
    return plan_targets(measured, REQUEST.goal, choices)[segment]


def tried(
    measured: MeasuredFilm, segment: Segment, name: str
) -> tuple[Target, Planned, Device]:
    target, device = wanted(measured, segment), every_device()[name]
    return target, planned_segment(measured, target, device, REQUEST), device


def missed(measured: MeasuredFilm, segment: Segment, name: str) -> Missed:
    target, planned, device = tried(measured, segment, name)
    return missed_by(measured, target, planned, device, REQUEST)


def residual(column: int, sd: float) -> Array:
    draws = np.zeros((WORLDS, 6))
    draws[1:, column] = np.random.default_rng(1).normal(0, sd, WORLDS - 1)
    return draws


def with_left(measured: MeasuredFilm, draws: Array) -> tuple[Missed, Target]:
    """A rail on the femur that leaves just this."""
    target, planned, device = tried(measured, RIGHT_FEMUR, "example-rail")
    assert planned.own is not None
    own = Left(draws, {"it": draws}, np.zeros(3), planned.own.axes)
    left = replace(planned, own=own)
    return missed_by(measured, target, left, device, REQUEST), target


@pytest.mark.parametrize("name", NAMES)
def test_without_scatter_every_device_ends_in_the_wanted_leg(
    measured: MeasuredFilm, name: str
) -> None:
    """But for the ring's wedge, which is length, and for the steps of each device."""
    for segment in (LEFT_TIBIA, RIGHT_FEMUR):
        found = missed(measured, segment, name)
        assert found.axis_deg.value == pytest.approx(0, abs=0.05)
        wedge = 3.93 if (name, segment) == ("example-ring", LEFT_TIBIA) else 0.0
        assert found.length_mm.value == pytest.approx(wedge, abs=0.6)


def test_longer_is_positive_for_every_device(measured: MeasuredFilm) -> None:
    """Pushed 5 mm up, the distal part makes the leg 5 mm shorter."""
    draws = np.zeros((WORLDS, 6))
    draws[1:, 2] = 5.0
    found, _ = with_left(measured, draws)
    assert found.length_mm.low == pytest.approx(-5, abs=0.15)
    assert found.length_mm.high == pytest.approx(-5, abs=0.15)
    assert found.chance == 1


def test_an_angle_that_is_left_bends_the_whole_leg(measured: MeasuredFilm) -> None:
    """As much as the same turn, made at the same cut on purpose, would."""
    draws = np.zeros((WORLDS, 6))
    draws[1:, 4] = 3.0
    found, target = with_left(measured, draws)
    _, planned, _ = tried(measured, RIGHT_FEMUR, "example-rail")
    whole = measured.limbs[RIGHT_FEMUR.side]
    limb = Limb(whole.side, {n: p[:1] for n, p in whole.points.items()})
    bent = joined(Pose(valgus_deg=3.0), planned.pose)
    hka = [
        float(sample_limb(limb_after(limb, RIGHT_FEMUR, target.cut.level_mm, p))[
            "hka_deviation_deg"
        ][0])
        for p in (bent, target.pose)
    ]  # fmt: skip
    assert found.axis_deg.high == pytest.approx(hka[0] - hka[1], abs=0.02)
    assert found.axis_deg.high > 1


def test_a_sideways_shift_bends_the_leg_a_little(measured: MeasuredFilm) -> None:
    found, _ = with_left(measured, residual(0, 4.0))
    assert 0.3 < found.axis_deg.high < 1.2
    assert found.length_mm.high == pytest.approx(0, abs=0.6)
    assert found.first == "it"


def test_what_no_frontal_film_shows_is_no_part_of_it(measured: MeasuredFilm) -> None:
    for column in (1, 3, 5):
        found, _ = with_left(measured, residual(column, 10.0))
        assert found.axis_deg.high == pytest.approx(found.axis_deg.low, abs=1e-6)
        assert found.chance == 0


def test_worlds_without_a_number_are_left_out(measured: MeasuredFilm) -> None:
    draws = residual(4, 1.0)
    draws[3] = np.nan
    found, _ = with_left(measured, draws)
    assert np.isfinite(found.axis_deg.high)
    assert 0 <= found.chance < 1


def test_a_confirmed_device_is_tried_with_its_confirmed_figures(
    measured: MeasuredFilm,
) -> None:
    """A nail of another step than the catalogue's: the device in use is asked."""
    target = wanted(measured, RIGHT_FEMUR)
    coarse = replace(every_device()["example-nail"], step_mm=1.0)
    planned = planned_segment(measured, target, coarse, REQUEST)
    found = missed_by(measured, target, planned, coarse, REQUEST)
    assert planned.sheet.settings.extension_mm % 1 == 0
    assert found.length_mm.value == pytest.approx(0, abs=0.6)
