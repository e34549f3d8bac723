"""Landmarks held against the film, and against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pydicom.dataset import FileDataset

from callotasis.errors import FilmRefusal, LandmarkRefusal
from callotasis.pose import Side
from callotasis.radiograph.film import LATERAL_VIEWS, Film
from callotasis.radiograph.landmarks import REQUIRED, Landmarks, landmarks_from
from callotasis.radiograph.sides import (
    MEDIAL_LATERAL,
    UPPER_LOWER,
    check_on_film,
    forward_on,
    side_findings,
)
from darkroom import bare_film, dicom
from legs import COLUMNS, ROWS, Points, every_point, standing, standing_points

FILM = bare_film(ROWS, COLUMNS)
Change = Callable[[dict[str, Points]], object]


def _changed(change: Change) -> dict[str, Points]:
    points = standing_points()
    change(points)
    return points


def test_good_landmarks_pass_on_their_film() -> None:
    check_on_film(standing(), FILM)
    check_on_film(standing(), bare_film(ROWS, COLUMNS, columns_to_left=None))
    check_on_film(standing(Side.RIGHT), FILM)
    check_on_film(standing(Side.LEFT), FILM)


@pytest.mark.parametrize(
    "place", [[-0.1, 195.0], [COLUMNS + 0.1, 195.0], [130.0, -0.1], [130.0, ROWS + 0.1]]
)
def test_a_point_outside_the_film_is_refused(place: list[float]) -> None:
    raw = _changed(lambda points: points["R"].update(troch_tip=place))
    with pytest.raises(
        LandmarkRefusal, match=r"R\.troch_tip lies at .* outside the film of 600 × 1800"
    ):
        check_on_film(landmarks_from(raw), FILM)


def test_landmarks_of_another_film_are_refused(sample_landmarks: Landmarks) -> None:
    with pytest.raises(LandmarkRefusal, match="outside the film"):
        check_on_film(sample_landmarks, FILM)


def test_legs_that_are_swapped_as_a_whole_are_refused() -> None:
    points = standing_points()
    only_centres = {
        side: {name: points[other][name] for name in REQUIRED}
        for side, other in (("R", "L"), ("L", "R"))
    }
    with pytest.raises(
        LandmarkRefusal, match="sides are swapped: the right leg lies at"
    ):
        check_on_film(landmarks_from(only_centres), FILM)


@pytest.mark.parametrize("side", ["R", "L"])
@pytest.mark.parametrize("pair", MEDIAL_LATERAL, ids=lambda pair: pair[0])
def test_medial_and_lateral_that_are_swapped_are_refused(
    side: str, pair: tuple[str, str]
) -> None:
    def swap(points: dict[str, Points]) -> None:
        leg, (medial, lateral) = points[side], pair
        leg[medial], leg[lateral] = leg[lateral], leg[medial]

    points = every_point()
    swap(points)
    with pytest.raises(
        LandmarkRefusal,
        match=rf"swapped: {side}\.{pair[1]} .* medial of {side}\.{pair[0]}",
    ):
        check_on_film(landmarks_from(points), FILM)


@pytest.mark.parametrize("side", ["R", "L"])
def test_a_single_leg_of_the_other_side_is_refused(side: str) -> None:
    other = standing_points()["L" if side == "R" else "R"]
    with pytest.raises(LandmarkRefusal, match="sides are swapped"):
        check_on_film(landmarks_from({side: other}), FILM)


@pytest.mark.parametrize(("upper", "lower"), [*pairwise(REQUIRED)])
def test_a_leg_upside_down_is_refused(upper: str, lower: str) -> None:
    def swap(points: dict[str, Points]) -> None:
        leg = points["L"]
        leg[upper], leg[lower] = leg[lower], leg[upper]

    with pytest.raises(
        LandmarkRefusal, match=r"L: .* rows must grow from hip to ankle"
    ):
        check_on_film(landmarks_from(_changed(swap)), FILM)


@pytest.mark.parametrize(("side", "column"), [("R", 80.0), ("L", 520.0)])
def test_a_marker_under_its_own_side_passes(side: str, column: float) -> None:
    raw = _changed(lambda points: points[side].update(side_marker=[column, 1700.0]))
    check_on_film(landmarks_from(raw), FILM)
    check_on_film(landmarks_from({side: raw[side]}), FILM)


@pytest.mark.parametrize(("side", "column"), [("R", 520.0), ("L", 80.0)])
def test_a_marker_on_the_half_of_the_other_leg_is_refused(
    side: str, column: float
) -> None:
    raw = _changed(lambda points: points[side].update(side_marker=[column, 1700.0]))
    for landmarks in (landmarks_from(raw), landmarks_from({side: raw[side]})):
        with pytest.raises(LandmarkRefusal, match="sides and marker disagree"):
            check_on_film(landmarks, FILM)


def test_a_film_seen_from_behind_is_refused() -> None:
    with pytest.raises(LandmarkRefusal, match="columns run to the patient's right"):
        check_on_film(standing(), bare_film(ROWS, COLUMNS, columns_to_left=False))


# Films from the side.

SIDE_ON = replace(bare_film(300, 400, columns_to_left=None), lateral=True)
SHIN: dict[str, list[float]] = {
    "tib_plateau_ant": [152.0, 36.0],
    "tib_plateau_post": [240.0, 43.0],
    "tib_shaft_prox": [192.0, 90.0],
    "tib_shaft_mid": [180.0, 150.0],
    "tib_shaft_dist": [192.0, 210.0],
    "plafond_ant": [168.0, 262.0],
    "plafond_post": [224.0, 267.0],
}
"""A shin that looks to the left of the film."""


def _shin(side: str = "R", **changed: list[float]) -> Landmarks:
    return landmarks_from({"view": "lateral tibia", side: SHIN | changed})


def _turned(points: dict[str, list[float]]) -> dict[str, list[float]]:
    return {name: [400 - column, row] for name, (column, row) in points.items()}


@pytest.mark.parametrize("side", ["R", "L"])
def test_a_bone_from_the_side_passes_whichever_way_it_looks(side: str) -> None:
    check_on_film(_shin(side), SIDE_ON)
    check_on_film(_shin(side, **_turned(SHIN)), SIDE_ON)
    # A film that says nothing of its view is believed to be what its points are of.
    check_on_film(_shin(side), replace(SIDE_ON, lateral=False))


def test_anterior_points_say_which_way_a_film_looks() -> None:
    ((_, backward),) = _shin().sides.items()
    ((_, forward),) = _shin(**_turned(SHIN)).sides.items()
    assert forward_on(backward) == -1
    assert forward_on(forward) == 1


def test_front_and_back_that_are_mixed_up_are_refused() -> None:
    mixed = {"plafond_ant": SHIN["plafond_post"], "plafond_post": SHIN["plafond_ant"]}
    level = {"plafond_ant": [200.0, 262.0], "plafond_post": [200.0, 267.0]}
    for changed in (mixed, level):
        with pytest.raises(LandmarkRefusal, match="front and back are mixed up"):
            check_on_film(_shin(**changed), SIDE_ON)


def test_a_film_that_shows_no_front_is_refused() -> None:
    shaft = {n: p for n, p in SHIN.items() if "shaft" in n or n == "plafond_ant"}
    landmarks = landmarks_from({"view": "lateral tibia", "R": shaft})
    with pytest.raises(LandmarkRefusal, match="nothing says which way"):
        check_on_film(landmarks, SIDE_ON)


def test_frontal_landmarks_on_a_film_from_the_side_are_refused() -> None:
    for to_left in (None, True):
        film = replace(FILM, lateral=True, columns_to_left=to_left)
        with pytest.raises(LandmarkRefusal, match="ViewPosition or PatientOrientation"):
            check_on_film(standing(), film)


@pytest.mark.parametrize("to_left", [True, False])
def test_lateral_landmarks_on_a_film_from_the_front_are_refused(to_left: bool) -> None:
    film = replace(SIDE_ON, lateral=False, columns_to_left=to_left)
    with pytest.raises(LandmarkRefusal, match="columns run from one side"):
        check_on_film(_shin(), film)


@pytest.mark.parametrize("side", ["R", "L"])
def test_a_laterality_that_contradicts_is_refused_on_any_film(side: str) -> None:
    other = "L" if side == "R" else "R"
    leg = standing(Side(side))
    for landmarks, film in ((_shin(side), SIDE_ON), (leg, FILM)):
        check_on_film(landmarks, replace(film, laterality=side))
        with pytest.raises(
            LandmarkRefusal, match=f"landmarks of {side} .* ImageLaterality is {other}"
        ):
            check_on_film(landmarks, replace(film, laterality=other))


def test_a_point_of_a_shin_outside_the_film_is_refused() -> None:
    with pytest.raises(LandmarkRefusal, match=r"R\.plafond_ant lies at .* outside"):
        check_on_film(_shin(plafond_ant=[168.0, 301.0]), SIDE_ON)


@pytest.mark.parametrize(
    ("upper", "lower"), [p for p in UPPER_LOWER if {*p} <= {*SHIN}]
)
def test_a_shaft_upside_down_is_refused(upper: str, lower: str) -> None:
    for changed in (
        {upper: SHIN[lower], lower: SHIN[upper]},
        {upper: SHIN[lower]},
    ):
        with pytest.raises(LandmarkRefusal, match="must lie above R"):
            check_on_film(_shin(**changed), SIDE_ON)


# Which side is which, where nothing proves it.


@pytest.mark.parametrize(
    ("known", "proven"),
    [
        ({"columns_to_left": None}, False),
        ({"columns_to_left": True}, True),
        ({"columns_to_left": None, "laterality": "R"}, True),
        ({"columns_to_left": None, "laterality": "B"}, False),
    ],
)
def test_a_side_that_nothing_proves_is_a_caution(
    known: dict[str, Any], proven: bool
) -> None:
    film: Film = replace(FILM, **known)
    found = side_findings(standing(Side.RIGHT), film)
    assert [f.key for f in found] == ([] if proven else ["film.side_unproven"])
    raw = _changed(lambda points: points["R"].update(side_marker=[80.0, 1700.0]))
    assert side_findings(landmarks_from(raw), film) == ()


# What a film says of itself.


@pytest.mark.parametrize("word", LATERAL_VIEWS)
def test_a_view_position_from_the_side_makes_a_lateral_film(
    develop: Callable[[FileDataset], Film], word: str
) -> None:
    film = develop(dicom(ViewPosition=word, PatientOrientation=None))
    assert film.lateral
    assert film.columns_to_left is None


@pytest.mark.parametrize("along", ["A", "P", "AL"])
def test_columns_from_front_to_back_make_a_lateral_film(
    develop: Callable[[FileDataset], Film], along: str
) -> None:
    film = develop(dicom(PatientOrientation=[along, "F"]))
    assert film.lateral
    assert film.columns_to_left is None


@pytest.mark.parametrize("word", [None, "AP", "PA", "LONG LEG"])
def test_any_other_film_is_no_lateral_one(
    develop: Callable[[FileDataset], Film], word: str | None
) -> None:
    film = develop(dicom(ViewPosition=word))
    assert not film.lateral
    assert film.columns_to_left is True


@pytest.mark.parametrize("along", ["L", "A"])
def test_a_film_upside_down_is_refused(
    develop: Callable[[FileDataset], Film], along: str
) -> None:
    with pytest.raises(FilmRefusal, match="turn it round first"):
        develop(dicom(PatientOrientation=[along, "H"]))
