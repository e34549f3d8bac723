"""What was read: world 0 as read, the others scattered by their readers' error."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from callotasis.errors import FrameRefusal
from callotasis.evidence import constant
from callotasis.fixation.hexapod.mounting import parameters_of
from callotasis.fixation.hexapod.reading import reading_of
from callotasis.worlds import Worlds
from hexapods import USUAL
from sawbones import (
    BEND,
    FEW,
    films,
    order,
    six,
)


def test_world_0_is_as_typed() -> None:
    reading = reading_of(order(deformity=BEND), USUAL, FEW)
    found = parameters_of(reading.deformity)
    assert found[0] == pytest.approx([3, 0, 0, 0, -20, 0])
    assert len(found) == FEW.count + 1


def test_world_0_is_as_seen_on_films() -> None:
    reading = reading_of(order(**films()), USUAL, FEW)
    assert parameters_of(reading.deformity)[0] == pytest.approx(
        [3, 0, 0, 0, -20, 0], abs=1e-9
    )


def test_typed_parameters_scatter_as_their_evidence_says() -> None:
    reading = reading_of(order(), USUAL, Worlds(count=4000))
    spread = parameters_of(reading.deformity)[1:].std(axis=0)
    shift, angle = constant("hexapod.read_shift"), constant("hexapod.read_angle")
    rotation = constant("hexapod.read_rotation")
    wanted = [*[shift.value] * 3, *[angle.value] * 2, rotation.value]
    assert spread == pytest.approx(wanted, rel=0.08)


def test_a_reading_made_four_times_scatters_half_as_much() -> None:
    name = "deformity: valgus"
    once = reading_of(order(), USUAL, FEW).inputs[name]
    often = reading_of(order(read_times={name: 4}), USUAL, FEW).inputs[name]
    assert often == pytest.approx(once / 2)


def test_other_readings_do_not_change_when_one_is_made_again() -> None:
    once = reading_of(order(), USUAL, FEW).inputs
    again = reading_of(order(read_times={"strut scales": 2}), USUAL, FEW).inputs
    for name in once:
        assert (again[name] == once[name]).all() == (name != "strut scales")


def test_films_scatter_by_point_direction_and_distance() -> None:
    inputs = reading_of(order(**films()), USUAL, FEW).inputs
    assert {"frontal film: direction", "side film: source distance"} <= set(inputs)
    assert inputs["side film: ring"].shape == (FEW.count + 1, 6, 2)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"deformity": None}, "give deformity and mounting, or films"),
        ({"mounting": None, "deformity": None}, "or films, and not both"),
        ({"films": films()["films"]}, "or films, and not both"),
        (
            {"deformity": six(valgus_deg=61.0)},
            r"deformity: valgus_deg is 61; allowed is -60 to 60",
        ),
        ({"deformity": six(lateral_mm=math.nan)}, "lateral_mm is nan"),
        ({"read_times": {"strut scales": 0}}, "read 0 times; allowed is 1 to 100"),
        ({"read_times": {"feet": 2}}, "read_times names 'feet'; known are strut"),
        ({"scatter": {"strut_mm": -1.0}}, "scatter strut_mm is -1"),
        (
            films(object_mm=1200.0),
            r"object_mm is 1200 and source_mm 1100; allowed is 300 <= object_mm",
        ),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(FrameRefusal, match=message):
        reading_of(order(**changed), USUAL, FEW)


def test_a_film_with_infinity_is_refused() -> None:
    changed = films()
    changed["films"]["side"]["origin"] = [math.inf, 0.0]
    with pytest.raises(FrameRefusal, match="side film: origin lies inf mm"):
        reading_of(order(**changed), USUAL, FEW)


@pytest.mark.parametrize("value", [1001.0, -1e308, 2.0**63])
def test_a_point_beyond_every_film_is_refused(value: float) -> None:
    changed = films()
    changed["films"]["frontal"]["ring"][2] = [value, 0.0]
    with pytest.raises(FrameRefusal, match=r"frontal film: ring lies .* up to 1000 mm"):
        reading_of(order(**changed), USUAL, FEW)


def test_films_read_without_scatter_are_films_too() -> None:
    scatter = {"landmark_mm": 0.0, "film_angle_deg": 0.0, "source_mm": 0.0}
    reading = reading_of(order(**films(), scatter=scatter), USUAL, FEW)
    spread = np.ptp(parameters_of(reading.deformity), axis=0)
    assert spread == pytest.approx(0, abs=1e-6)
