"""Film specifications: what may be asked for, and what is refused by name."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

import pytest
from hypothesis import given

from callotasis.errors import FilmRefusal, Refusal
from callotasis.pose import Bone, Side
from callotasis.radiograph.phantom import (
    Bend,
    BoneShape,
    FilmSpec,
    Implant,
    View,
    spec_from,
)
from people import BY_SIDE, NUMBERS, ONLY, PARTS, bends, segments, specs

NO_NUMBERS = (float("nan"), float("inf"), float("-inf"))


def _outside(low: float, high: float) -> tuple[float, ...]:
    """Give numbers that lie beside a range, and some that are no numbers at all."""
    step = (high - low) / 1000
    return low - step, high + step, *NO_NUMBERS


def _range(low: float, high: float) -> str:
    return f"allowed is {low:g} to {high:g}$"


@given(specs)
def test_a_specification_survives_being_written_as_json(spec: FilmSpec) -> None:
    assert spec_from(json.loads(json.dumps(asdict(spec)))) == spec


def test_the_tests_know_every_field() -> None:
    numbers = {f.name for f in fields(FilmSpec) if f.type in ("float", "float | None")}
    assert numbers == set(NUMBERS)
    for name, kind in (("bend", Bend), ("shape", BoneShape)):
        assert {f.name for f in fields(kind)} == set(PARTS[name])
    assert {f.name for f in fields(Implant)} == {*PARTS["implant"], "kind"}


def test_what_is_not_said_takes_the_usual() -> None:
    assert spec_from({}) == FilmSpec()
    assert spec_from({"bend": {"R.tibia": {"varus_deg": 8}}}).bend == {
        "R.tibia": Bend(8.0, 0.3)
    }


def test_a_film_may_have_no_ball() -> None:
    assert spec_from({"ball_mm": None}).ball_mm is None


@given(segments, bends)
def test_a_bend_may_be_given_alone_or_as_a_list(segment: str, bend: Bend) -> None:
    alone, listed = (
        spec_from({"bend": {segment: given_as}})
        for given_as in (asdict(bend), [asdict(bend)])
    )
    assert alone.bends(segment) == listed.bends(segment) == [bend]
    assert FilmSpec().bends(segment) == []


@pytest.mark.parametrize("name", NUMBERS)
def test_both_limits_of_a_field_are_allowed(name: str) -> None:
    for value in NUMBERS[name]:
        assert getattr(spec_from({name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n in NUMBERS for v in _outside(*NUMBERS[n])]
)
def test_a_field_out_of_its_range_is_refused_with_the_range(
    name: str, value: float
) -> None:
    with pytest.raises(FilmRefusal, match=f"^{name} is .*; {_range(*NUMBERS[name])}"):
        spec_from({name: value})


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n in BY_SIDE for v in _outside(*BY_SIDE[n])]
)
@pytest.mark.parametrize("side", Side)
def test_a_field_of_one_side_out_of_its_range_is_refused_with_the_range(
    side: Side, name: str, value: float
) -> None:
    match = f"^{name} of {side} is .*; {_range(*BY_SIDE[name])}"
    with pytest.raises(FilmRefusal, match=match):
        spec_from({name: {str(side): value}})


@pytest.mark.parametrize("name", BY_SIDE)
@pytest.mark.parametrize("side", ["", "r", "B", "R.femur", "left" * 20])
def test_a_side_that_nobody_has_is_refused(side: str, name: str) -> None:
    match = rf"^side '{side:.20}' is unknown; allowed are R and L$"
    with pytest.raises(FilmRefusal, match=match):
        spec_from({name: {side: 1.0}})


def test_a_lateral_film_of_no_side_is_refused() -> None:
    with pytest.raises(FilmRefusal, match=r"^side 'X' is unknown"):
        spec_from({"lateral_of": "X"})


@pytest.mark.parametrize(
    ("field", "part", "value"),
    [
        (field, part, value)
        for field, parts in PARTS.items()
        for part, limits in parts.items()
        for value in _outside(*limits)
    ],
)
def test_a_part_out_of_its_range_is_refused_with_segment_part_and_range(
    field: str, part: str, value: float
) -> None:
    limits = _range(*PARTS[field][part])
    with pytest.raises(
        FilmRefusal, match=rf"^{field} of R\.tibia: {part} is .*; {limits}"
    ):
        spec_from({field: {"R.tibia": {part: value}}})


@pytest.mark.parametrize("field", PARTS)
def test_both_limits_of_a_part_are_allowed(field: str) -> None:
    for part, limits in PARTS[field].items():
        for value in limits:
            segment = f"L.{ONLY.get(part, Bone.FEMUR)}"
            spec = spec_from({field: {segment: {part: value}}})
            assert getattr(getattr(spec, field)[segment], part) == value


def test_one_wrong_bend_among_several_is_refused() -> None:
    listed = [{"varus_deg": 5, "level": level} for level in (0.3, 0.9, 0.5)]
    with pytest.raises(FilmRefusal, match=r"^bend of L\.tibia: level is 0\.9; allowed"):
        spec_from({"bend": {"L.tibia": listed}})


@pytest.mark.parametrize("mm", [-80.1, 80.1, *NO_NUMBERS])
def test_a_shortening_that_leaves_no_shaft_is_refused(mm: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"shortening_mm of L\.femur is .*; allowed is -80 to 80"
    ):
        spec_from({"shortening_mm": {"L.femur": mm}})


@pytest.mark.parametrize("bits", [7, 17, -1, 10**30])
def test_as_many_bits_as_no_film_has_are_refused(bits: int) -> None:
    with pytest.raises(FilmRefusal, match=rf"^bits.* {bits if bits < 99 else ''}"):
        spec_from({"bits": bits})


@pytest.mark.parametrize("joint", ["", "knee", "R", "R.", "X.knee", "R.toe", "L.knee."])
def test_a_ball_beside_no_joint_is_refused(joint: str) -> None:
    with pytest.raises(
        FilmRefusal, match=rf"^joint '{joint}' is unknown; allowed are R or L with"
    ):
        spec_from({"more_balls": [{"beside": joint}]})


@pytest.mark.parametrize("forward", _outside(-80, 80))
def test_a_ball_that_is_taped_to_nothing_is_refused(forward: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"^ball beside R\.hip is .*; allowed is -80 to 80$"
    ):
        spec_from({"more_balls": [{"beside": "R.hip", "forward_mm": forward}]})


@pytest.mark.parametrize(
    "raw",
    [
        {"bend": {"R.femur": [{"varus_deg": 0.01}] * 1000}},
        {"more_balls": [{"beside": "R.hip"}] * 1000},
    ],
    ids=["bends", "balls"],
)
def test_more_than_a_film_could_hold_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(FilmRefusal):
        spec_from(raw)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"shape": {"R.tibia": {"neck_deg": 5.0}}}, "only a femur has a neck"),
        ({"shape": {"L.femur": {"setback_mm": 5.0}}}, "only a tibia has a plateau"),
        ({"ball_mm": None, "more_balls": [{"beside": "R.hip"}]}, "diameter"),
    ],
    ids=["neck of a tibia", "plateau of a femur", "balls of no diameter"],
)
def test_what_would_do_nothing_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(FilmRefusal, match=said):
        spec_from(raw)


@pytest.mark.parametrize("segment", ["R.humerus", "tibia", "r.tibia", "R.tibia ", ""])
@pytest.mark.parametrize("field", ["shortening_mm", *PARTS])
def test_a_segment_that_no_leg_has_is_refused(field: str, segment: str) -> None:
    value: Any = 5.0 if field == "shortening_mm" else {}
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
        ({"bend": {"R.tibia": 5}}, r"bend\.R\.tibia"),
        ({"bend": {"R.tibia": None}}, r"bend\.R\.tibia"),
        ({"shape": {"R.tibia": {"widht": 1.1}}}, r"shape\.R\.tibia\.widht"),
        ({"shape": {"R.tibia": {"width": "fat"}}}, r"shape\.R\.tibia\.width"),
        ({"implant": {"R.femur": {"kind": "screw"}}}, r"implant\.R\.femur\.kind"),
        ({"more_balls": [{}]}, r"more_balls\.0\.beside"),
        ({"more_balls": [{"beside": 5}]}, r"more_balls\.0\.beside"),
        ({"view": "oblique"}, "view"),
        ({"bits": 12.5}, "bits"),
        ({"noise": "maybe"}, "noise"),
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


# Lateral films.


def test_a_view_may_be_said_in_plain_words() -> None:
    assert spec_from({"view": "lateral femur"}).view is View.LATERAL_FEMUR
    assert FilmSpec(view="lateral tibia").view is View.LATERAL_TIBIA  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"view": "oblique"}, "view"),
        ({"view": "lateral femur", "ruler_mm": 300.0}, "between two legs"),
        (
            {"view": "lateral femur", "more_balls": [{"beside": "R.ankle"}]},
            "allowed are R.hip and R.knee",
        ),
        (
            {"view": "lateral tibia", "more_balls": [{"beside": "L.knee"}]},
            "allowed are R.knee and R.ankle",
        ),
    ],
)
def test_what_a_lateral_film_cannot_show_is_refused(
    fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(FilmRefusal, match=said):
        spec_from(fields)
