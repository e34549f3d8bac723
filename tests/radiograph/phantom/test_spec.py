"""Film specifications: what may be asked for, and what is refused by name."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal, Refusal
from callotasis.radiograph.phantom import Bend, FilmSpec, spec_from

SEGMENTS = ("R.femur", "R.tibia", "L.femur", "L.tibia")
LIMITS = {
    "height_scale": (0.75, 1.25),
    "body_turn_deg": (-20.0, 20.0),
    "source_mm": (1500.0, 4000.0),
    "beam_row_mm": (-400.0, 400.0),
    "beam_column_mm": (-200.0, 200.0),
    "pitch_mm": (0.1, 1.0),
    "ball_mm": (5.0, 60.0),
    "ball_forward_mm": (-80.0, 80.0),
}
NO_NUMBERS = (float("nan"), float("inf"), float("-inf"))

BENDS = st.builds(Bend, st.floats(-30, 30), st.floats(0.15, 0.85))
SPECS = st.builds(
    FilmSpec,
    shortening_mm=st.dictionaries(st.sampled_from(SEGMENTS), st.floats(-80, 80)),
    bend=st.dictionaries(st.sampled_from(SEGMENTS), BENDS),
    noise=st.booleans(),
    seed=st.integers(0, 2**31),
    **{name: st.floats(*limits) for name, limits in LIMITS.items()},
)


def _outside(name: str) -> tuple[float, ...]:
    low, high = LIMITS[name]
    step = (high - low) / 1000
    return low - step, high + step


@given(SPECS)
def test_a_specification_survives_being_written_as_json(spec: FilmSpec) -> None:
    assert spec_from(json.loads(json.dumps(asdict(spec)))) == spec


def test_what_is_not_said_takes_the_usual() -> None:
    assert spec_from({}) == FilmSpec()
    assert spec_from({"bend": {"R.tibia": {"varus_deg": 8}}}).bend == {
        "R.tibia": Bend(8.0, 0.3)
    }


def test_a_film_may_have_no_ball() -> None:
    assert spec_from({"ball_mm": None}).ball_mm is None


@pytest.mark.parametrize("name", LIMITS)
def test_both_limits_of_a_field_are_allowed(name: str) -> None:
    for value in LIMITS[name]:
        assert getattr(spec_from({name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n in LIMITS for v in (*_outside(n), *NO_NUMBERS)]
)
def test_a_field_out_of_its_range_is_refused_with_the_range(
    name: str, value: float
) -> None:
    low, high = LIMITS[name]
    with pytest.raises(FilmRefusal, match=f"^{name} is .* is {low:g} to {high:g}$"):
        spec_from({name: value})


@pytest.mark.parametrize("mm", [-80.1, 80.1, *NO_NUMBERS])
def test_a_shortening_that_leaves_no_shaft_is_refused(mm: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"shortening_mm of L\.femur is .*; allowed is -80 to 80"
    ):
        spec_from({"shortening_mm": {"L.femur": mm}})


@pytest.mark.parametrize("varus", [-30.1, 30.1, *NO_NUMBERS])
def test_a_bend_that_no_leg_has_is_refused(varus: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"bend of R\.tibia is .* deg at 0\.3; allowed is -30 to 30"
    ):
        spec_from({"bend": {"R.tibia": {"varus_deg": varus}}})


@pytest.mark.parametrize("level", [0.0, 0.149, 0.851, 1.0, *NO_NUMBERS])
def test_a_bend_inside_a_joint_is_refused(level: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"bend of R\.tibia is 5 deg at .* 0\.15 to 0\.85 of the bone"
    ):
        spec_from({"bend": {"R.tibia": {"varus_deg": 5, "level": level}}})


@pytest.mark.parametrize("segment", ["R.humerus", "tibia", "r.tibia", "R.tibia ", ""])
@pytest.mark.parametrize("field", ["shortening_mm", "bend"])
def test_a_segment_that_no_leg_has_is_refused(field: str, segment: str) -> None:
    value: Any = 5.0 if field == "shortening_mm" else {"varus_deg": 5.0}
    with pytest.raises(
        Refusal, match=rf"segment '{segment}' is unknown; allowed are R\.femur"
    ):
        spec_from({field: {segment: value}})


def test_everything_wrong_with_a_specification_is_a_refusal_of_the_film() -> None:
    with pytest.raises(FilmRefusal, match=r"segment 'R\.humerus' is unknown"):
        spec_from({"bend": {"R.humerus": {"varus_deg": 5.0}}})


def test_a_seed_that_no_generator_takes_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="seed"):
        spec_from({"seed": -1})


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"hight_scale": 1.0}, "hight_scale"),
        ({"bend": {"R.tibia": {"varus_deg": 5, "valgus": 5}}}, r"bend\.R\.tibia"),
        ({"bend": {"R.tibia": {}}}, r"bend\.R\.tibia\.varus_deg"),
        ({"pitch_mm": "fine"}, "pitch_mm"),
        ({"seed": 1.5}, "seed"),
        ({"bend": 5}, "bend"),
        (None, "film specification"),
        ([], "film specification"),
        ("0.2", "film specification"),
    ],
)
def test_what_is_no_specification_is_refused_with_its_place(
    raw: object, where: str
) -> None:
    with pytest.raises(FilmRefusal, match=f"^{where}"):
        spec_from(raw)
