"""How results leave the house: plain JSON, rounded, never NaN, the same every time."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment import MeasuredFilm
from callotasis.exchange import as_json, plain
from callotasis.findings import Level
from callotasis.plan import Rule
from callotasis.pose import Segment, Side
from callotasis.worlds import Interval
from dora import RIGHT_FEMUR, work_out

finite = st.floats(-1e6, 1e6)


class Colour(Enum):
    """An enumeration of numbers, as no clinician would write it."""

    RED = 1


@dataclass(frozen=True)
class Leaf:
    """A result with one number of each kind."""

    length_mm: float
    angle_deg: float
    share: float
    notes: tuple[str, ...] = ()
    parts: dict[Segment, Interval] = field(default_factory=dict)


# Rounding.


@pytest.mark.parametrize("name", ["length_mm", "mldfa_deg", "R.femur.gain_mm"])
@given(value=finite)
def test_lengths_and_angles_are_rounded_to_a_hundredth(name: str, value: float) -> None:
    found = plain({name: value})
    assert isinstance(found, dict)
    assert found[name] == pytest.approx(value, abs=0.005 + 1e-9)
    assert found[name] == round(found[name], 2)


@given(value=st.floats(-1e3, 1e3))
def test_other_numbers_keep_six_digits(value: float) -> None:
    found = plain({"mm_per_px": value})
    assert isinstance(found, dict)
    assert found["mm_per_px"] == pytest.approx(value, abs=5e-7 + 1e-9)


def test_an_interval_is_rounded_like_the_quantity_that_it_belongs_to() -> None:
    interval = Interval(1.23456, -0.98765, 3.45678)
    rounded = {"value": 1.23, "low": -0.99, "high": 3.46, "level": 0.95}
    assert plain({"femur_length_mm": interval}) == {"femur_length_mm": rounded}
    assert plain({"mpta_deg": interval}) == {"mpta_deg": rounded}
    exact = {"value": 1.23456, "low": -0.98765, "high": 3.45678, "level": 0.95}
    assert plain({"mm_per_px": interval}) == {"mm_per_px": exact}


def test_the_list_under_a_clinical_name_is_rounded() -> None:
    assert plain({"steps_mm": [0.123456, (0.987654,)]}) == {"steps_mm": [0.12, [0.99]]}


@pytest.mark.parametrize("value", [-0.0, -1e-9, -0.004, 0.004, 0.0])
def test_there_is_no_minus_zero(value: float) -> None:
    assert as_json({"gain_mm": value, "shift_mm": [value]}).count("-") == 0


# What must never leave.


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["femur_length_mm", "share"])
def test_a_number_that_is_none_is_refused_by_its_name(name: str, value: float) -> None:
    for hidden in (
        {name: value},
        {"deep": [{name: [value]}]},
        {name: Interval(value, 0, 1)},
    ):
        with pytest.raises(ValueError, match="is not finite"):
            plain(hidden)
    with pytest.raises(ValueError, match=f"{name} is not finite"):
        as_json({name: value})


@pytest.mark.parametrize("value", [b"bytes", object(), 1j, Leaf])
def test_what_json_has_no_word_for_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be written as JSON"):
        plain({"what": value})


# Words.


def test_enumerations_are_written_as_their_words() -> None:
    found = plain([Side.LEFT, Level.STOP, Rule.ANGULATION, Colour.RED])
    assert found == ["L", "stop", 1, 1]
    assert isinstance(found, list)
    assert {type(word) for word in found} == {str, int}


def test_segments_are_words_as_keys_and_as_values() -> None:
    assert plain({RIGHT_FEMUR: RIGHT_FEMUR}) == {"R.femur": "R.femur"}
    assert plain({Side.RIGHT: 1}) == {"R": 1}


def test_days_and_moments_are_written_as_iso_8601() -> None:
    moment = datetime(2027, 1, 11, 8, 30, tzinfo=UTC)
    assert plain({"on": date(2027, 1, 11), "at": moment}) == {
        "on": "2027-01-11",
        "at": "2027-01-11T08:30:00+00:00",
    }


def test_a_dataclass_becomes_an_object_of_its_fields() -> None:
    leaf = Leaf(1.234, 5.678, 0.1234567, ("a",), {RIGHT_FEMUR: Interval(1.0, 0.5, 2.0)})
    assert plain(leaf) == {
        "length_mm": 1.23,
        "angle_deg": 5.68,
        "share": 0.123457,
        "notes": ["a"],
        "parts": {"R.femur": {"value": 1.0, "low": 0.5, "high": 2.0, "level": 0.95}},
    }


@pytest.mark.parametrize("value", [None, True, False, 0, -3, "", "Дора <&>", []])
def test_plain_things_stay_as_they_are(value: object) -> None:
    found = plain(value)
    assert found == value
    assert type(found) is type(value)


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | finite,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=plain_json)
def test_plain_again_is_the_same(value: object) -> None:
    once = plain(value)
    assert plain(once) == once


@given(value=plain_json)
def test_a_document_is_read_back_as_it_was_written(value: object) -> None:
    read = json.loads(as_json(value), parse_constant=pytest.fail)
    assert read == plain(value)


def test_names_are_written_as_people_write_them() -> None:
    assert "Дора" in as_json({"case": "Дора"})


class Mood(IntEnum):
    """A number that has a name."""

    CALM = 2


def test_a_number_with_a_name_is_written_as_the_number() -> None:
    assert as_json({"mood": Mood.CALM}) == '{\n  "mood": 2\n}'


# What the house really prints.


def numbers_under(found: Any, name: str = "") -> list[tuple[str, float]]:
    """Every number of a document with the innermost clinical name above it."""
    if isinstance(found, dict):
        named = {k: k if k.endswith(("_mm", "_deg")) else name for k in found}
        return [n for k, v in found.items() for n in numbers_under(v, named[k])]
    if isinstance(found, list):
        return [n for v in found for n in numbers_under(v, name)]
    return [(name, found)] if isinstance(found, float) else []


def test_every_length_and_angle_of_a_measurement_is_rounded(
    dora_measured: MeasuredFilm,
) -> None:
    clinical = [n for n in numbers_under(plain(dora_measured.measurement)) if n[0]]
    assert len(clinical) > 50
    assert [(n, v) for n, v in clinical if v != round(v, 2)] == []


def test_every_length_and_angle_of_a_proposal_is_rounded(
    dora_measured: MeasuredFilm,
) -> None:
    proposal = plain(work_out(dora_measured).proposal)
    clinical = [n for n in numbers_under(proposal) if n[0]]
    assert len(clinical) > 50
    assert [(n, v) for n, v in clinical if v != round(v, 2)] == []


@given(value=finite)
def test_what_is_read_back_keeps_a_millionth(value: float) -> None:
    """Struts go out, come in again and must close: lengths and angles too."""
    found = plain({"struts_mm": [value], "pose": {"rotation_deg": value}}, fine=True)
    assert isinstance(found, dict)
    for number in (found["struts_mm"][0], found["pose"]["rotation_deg"]):
        assert number == pytest.approx(value, abs=5e-7 + 1e-9)
        assert number == round(number, 6)


def test_fine_documents_are_read_back_as_they_were() -> None:
    struts = {"struts_mm": (161.531577581, 150.0), "leaf": Leaf(1.23456789, -0.0, 0.5)}
    found = json.loads(as_json(struts, fine=True))
    assert found["struts_mm"] == [161.531578, 150.0]
    assert found["leaf"]["length_mm"] == 1.234568
    assert str(found["leaf"]["angle_deg"]) == "0.0"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_fine_documents_hold_no_nan_either(bad: float) -> None:
    with pytest.raises(ValueError, match="is not finite"):
        as_json({"struts_mm": [bad]}, fine=True)
