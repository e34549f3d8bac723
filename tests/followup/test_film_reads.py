"""What a follow-up film may say."""

from __future__ import annotations

from typing import Any

import pytest

from callotasis.errors import RecordRefusal
from callotasis.followup import FilmRead, film_read_of
from callotasis.record import new_entry
from dora import CASE

LENGTH = {"of": "gap", "measured_mm": 12.5, "sd_mm": 0.5}


def read(body: dict[str, Any], segment: str = "R.femur") -> FilmRead:
    """Read the body of a measurement of the right femur."""
    return film_read_of(new_entry(CASE, "measurement", "Ada", body, segment=segment))


def test_a_length_and_the_new_bone_are_read_together_or_apart() -> None:
    assert read(LENGTH).measured_mm == 12.5
    callus = read({"ratio": {"medial": 0.8, "lateral": 1.0}, "shape": "fusiform"})
    assert callus.measured_mm is None
    assert callus.mean_ratio == pytest.approx(0.9)
    assert read({"callus_seen": False}).mean_ratio is None


@pytest.mark.parametrize(("ratios", "count"), [((1.0, 0.99), 1), ((1.2, 1.0), 2)])
def test_cortices_are_counted_from_the_density_of_bone_on(
    ratios: tuple[float, float], count: int
) -> None:
    ratio = dict(zip(("medial", "lateral"), ratios, strict=True))
    assert read({"ratio": ratio}).cortices_like_bone == count


@pytest.mark.parametrize("part", LENGTH)
def test_a_length_is_said_whole_or_not_at_all(part: str) -> None:
    some = {name: value for name, value in LENGTH.items() if name != part}
    with pytest.raises(RecordRefusal, match=f"together; missing: {part}"):
        read(some)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "says nothing"),
        ({"ruler": "the nail", "film": "7"}, "says nothing"),
        ({**LENGTH, "measured_mm": 12500}, "measured_mm is 12500; allowed is 0 to"),
        ({**LENGTH, "measured_mm": -1}, "measured_mm is -1"),
        ({**LENGTH, "sd_mm": 0}, "sd_mm is 0; allowed is more than 0"),
        ({**LENGTH, "sd_mm": 50}, "sd_mm is 50"),
        ({**LENGTH, "of": "leg"}, "of"),
        ({**LENGTH, "measured_mm": "12.5"}, "valid number"),
        ({"ratio": {"inner": 0.9}}, "ratio of inner; known are medial"),
        ({"ratio": {"medial": 93}}, "medial cortex is 93; allowed is 0 to 2"),
        ({"width_ratio": 85}, "width_ratio is 85"),
        ({"bridged_cortices": 5}, "bridged_cortices is 5; allowed is 0 to 4"),
        ({"axis_drift_deg": 90}, "axis_drift_deg is 90; allowed is -45 to 45"),
        ({"callus_seen": 1}, "valid boolean"),
        ({"shape": "round"}, "shape"),
        ({"colour": "grey"}, "colour"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(body: dict[str, Any], says: str) -> None:
    with pytest.raises(RecordRefusal, match=says):
        read(body)


@pytest.mark.parametrize("segment", ["", "R"])
def test_a_film_speaks_of_one_bone(segment: str) -> None:
    with pytest.raises(RecordRefusal, match="needed is one bone"):
        read(LENGTH, segment)
