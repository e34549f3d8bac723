"""Landmarks: what a file may say, where points may lie, which side is which."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import LandmarkRefusal
from callotasis.pose import Side
from callotasis.radiograph import landmarks as landmarks_module
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import (
    REFINED,
    REQUIRED,
    SCATTER,
    Landmarks,
    View,
    landmarks_from,
    names_on,
    read_landmarks,
)
from callotasis.radiograph.sides import check_on_film
from darkroom import bare_film
from legs import COLUMNS, ROWS, Points, standing, standing_points

FILM = bare_film(ROWS, COLUMNS)
Change = Callable[[dict[str, Points]], object]

COORDINATES = st.floats(-1e8, 1e8)
POINTS = st.tuples(COORDINATES, COORDINATES).map(list)
LEGS = st.fixed_dictionaries(
    dict.fromkeys(REQUIRED, POINTS),
    optional={n: POINTS for n in names_on(View.FRONTAL) if n not in REQUIRED},
)
LANDMARK_FILES = st.dictionaries(st.sampled_from("RL"), LEGS, min_size=1)


def _written(path: Path, content: str | bytes) -> Path:
    file = path / "landmarks.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def _changed(change: Change) -> dict[str, Points]:
    points = standing_points()
    change(points)
    return points


# Files.


@given(LANDMARK_FILES)
def test_landmarks_come_out_as_they_went_in(raw: dict[str, Points]) -> None:
    assert landmarks_from(json.loads(json.dumps(raw))).as_json() == raw


def test_a_landmark_file_is_read(tmp_path: Path) -> None:
    file = _written(tmp_path, json.dumps(standing_points()))
    assert read_landmarks(file) == standing()


def test_the_sample_landmarks_are_read_and_lie_on_their_film(
    sample_landmarks: Landmarks, sample_film: Film
) -> None:
    assert sample_landmarks.sides[Side.RIGHT]["hip_centre"] == (663.08, 933.34)
    assert list(sample_landmarks.sides) == [Side.RIGHT, Side.LEFT]
    check_on_film(sample_landmarks, sample_film)


def test_one_leg_is_enough() -> None:
    assert list(standing(Side.LEFT).sides) == [Side.LEFT]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"hip_centre: 1, 2",
        b'{"R": ',
        b"\xff\xfe{\0}\0",
        b"\xef\xbb\xbf{}",
        b"[" * 200_000,
        b'{"R":' * 100_000,
    ],
    ids=[
        "empty",
        "blank",
        "YAML",
        "broken off",
        "UTF-16",
        "byte order mark",
        "lists in lists",
        "objects in objects",
    ],
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LandmarkRefusal, match=r"landmarks\.json is no JSON"):
        read_landmarks(_written(tmp_path, content))


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_of_many_digits_is_refused_by_the_name_of_its_point(
    tmp_path: Path, digits: int
) -> None:
    raw = json.dumps(standing_points()).replace("[200.0, ", f"[{'9' * digits}, ")
    with pytest.raises(LandmarkRefusal, match=r"R\.hip_centre is .* needed are finite"):
        read_landmarks(_written(tmp_path, raw))


# What the picture gave.


@given(st.data())
def test_what_was_refined_comes_out_as_it_went_in(data: st.DataObject) -> None:
    raw: dict[str, Any] = {**standing_points()}
    names = sorted(set(raw["R"]) & set(REFINED))
    some = st.lists(st.sampled_from(names), min_size=1, unique=True).map(sorted)
    raw["refined"] = data.draw(st.dictionaries(st.sampled_from("RL"), some, min_size=1))
    assert landmarks_from(json.loads(json.dumps(raw))).as_json() == raw


@pytest.mark.parametrize(
    ("refined", "why"),
    [
        (None, r"refined is None; needed are lists of names"),
        ({"X": []}, r"refined is {'X': \[\]}; needed are"),
        ({"R": "hip_centre"}, r"refined\.R is 'hip_centre'; allowed are names"),
        ({"L": ["ankle_centre"]}, r"refined\.L is \['ankle_centre'\]; allowed"),
        ({"L": [["hip_centre"]]}, r"refined\.L is .* allowed are names"),
    ],
)
def test_what_no_picture_gives_is_not_taken_for_refined(
    refined: object, why: str
) -> None:
    with pytest.raises(LandmarkRefusal, match=why):
        landmarks_from({**standing_points(), "refined": refined})


def test_what_was_refined_must_be_in_the_file() -> None:
    one = {"R": standing_points()["R"], "refined": {"L": ["hip_centre"]}}
    with pytest.raises(LandmarkRefusal, match="by side of the file"):
        landmarks_from(one)


def test_lists_in_lists_are_refused_at_any_depth(tmp_path: Path) -> None:
    # Where the parser can just go deep enough, the message must not go deeper.
    raw = json.dumps(standing_points())
    for depth in range(1, 1100):
        deep = raw.replace("[200.0, 200.0]", "[" * depth + "]" * depth)
        with pytest.raises(LandmarkRefusal):
            read_landmarks(_written(tmp_path, deep))


def test_a_file_larger_than_any_landmarks_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landmarks_module, "MAX_FILE_BYTES", 100)
    with pytest.raises(LandmarkRefusal, match="is larger than 100 bytes"):
        read_landmarks(_written(tmp_path, b" " * 101))


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandmarkRefusal, match="cannot be read: No such file"):
        read_landmarks(tmp_path / "absent.json")


@pytest.mark.parametrize(
    "raw", [None, [], "R", 1, {}, {"X": {}}, {"R": {}, "X": {}}, {"r": {}}], ids=repr
)
def test_anything_but_right_and_left_is_refused(raw: object) -> None:
    with pytest.raises(LandmarkRefusal, match="holds 'R', 'L' or both; found"):
        landmarks_from(raw)


@pytest.mark.parametrize("leg", [None, [], "hip_centre", 3], ids=repr)
def test_a_side_that_holds_no_points_is_refused(leg: object) -> None:
    with pytest.raises(LandmarkRefusal, match="L holds no landmarks"):
        landmarks_from({"R": standing_points()["R"], "L": leg})


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_centre_is_refused_by_name(name: str) -> None:
    raw = _changed(lambda points: points["L"].pop(name))
    with pytest.raises(LandmarkRefusal, match=rf"L\.{name} is missing; required are"):
        landmarks_from(raw)


@pytest.mark.parametrize(
    "name", ["hip", "Hip_centre", "", "hip_centre ", "R.hip_centre"]
)
def test_an_unknown_name_is_refused(name: str) -> None:
    raw = _changed(lambda points: points["R"].update({name: [1.0, 2.0]}))
    with pytest.raises(LandmarkRefusal, match=rf"landmark R\.{name} is unknown; known"):
        landmarks_from(raw)


@pytest.mark.parametrize(
    "point",
    [
        "[1, NaN]",
        "[Infinity, 1]",
        "[1, -Infinity]",
        "[1, 1e400]",
        "[1e9, 1]",
        "[1e300, 1]",
    ],
)
def test_a_number_that_is_not_finite_is_refused(tmp_path: Path, point: str) -> None:
    raw = json.dumps(standing_points()).replace("[195.0, 960.0]", point)
    with pytest.raises(LandmarkRefusal, match=r"knee_centre is .* needed are finite"):
        read_landmarks(_written(tmp_path, raw))


@pytest.mark.parametrize(
    "point", [[True, 1], ["1", 2], [None, 1], [[1], 2], [{}, 1]], ids=repr
)
def test_a_pair_of_anything_but_numbers_is_refused(point: list[Any]) -> None:
    raw = _changed(lambda points: points["R"].update(knee_centre=point))
    with pytest.raises(LandmarkRefusal, match=r"R\.knee_centre is .* two numbers"):
        landmarks_from(raw)


@pytest.mark.parametrize("point", [[], [1], [1, 2, 3], None, 5, "1,2", {}], ids=repr)
def test_anything_but_a_pair_is_refused(point: Any) -> None:
    raw = _changed(lambda points: points["R"].update(knee_centre=point))
    with pytest.raises(LandmarkRefusal, match=r"needed is \[column, row\]"):
        landmarks_from(raw)


# What damage does: 300 files.


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*SCATTER, "R", "L", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(JSON_VALUES)
def test_any_data_is_landmarks_or_refused(raw: object) -> None:
    assert _outcome(lambda: landmarks_from(raw)) in {"landmarks", "refused"}


@settings(max_examples=100)
@given(
    side=st.sampled_from("RL"), name=st.sampled_from(sorted(SCATTER)), put=JSON_VALUES
)
def test_any_point_in_a_good_file_is_a_landmark_or_refused(
    side: str, name: str, put: Any
) -> None:
    raw = _changed(lambda points: points[side].update({name: put}))
    assert _outcome(lambda: landmarks_from(raw)) in {"landmarks", "refused"}


@pytest.mark.parametrize("batch", range(10))
def test_a_damaged_file_is_landmarks_or_refused(tmp_path: Path, batch: int) -> None:
    whole = json.dumps(standing_points()).encode()
    rng = np.random.default_rng(batch)
    outcomes = set()
    for _ in range(10):
        hurt = bytearray(whole)
        for at in rng.integers(len(hurt), size=rng.integers(1, 6)):
            hurt[at] = rng.choice(
                np.frombuffer(b'0123456789.,-eE"[]{}:RLNat \xff', "u1")
            )
        file = _written(
            tmp_path, bytes(hurt[: rng.integers(len(hurt) // 2, 2 * len(hurt))])
        )
        outcomes.add(_outcome(lambda file=file: read_landmarks(file)))
    assert outcomes <= {"landmarks", "refused"}


def _outcome(read: Callable[[], Landmarks]) -> str:
    """Tell what reading gives; any other exception passes through."""
    try:
        found = read()
    except LandmarkRefusal:
        return "refused"
    assert all(
        np.isfinite(point).all()
        for leg in found.sides.values()
        for point in leg.values()
    )
    return "landmarks"
