"""Landmarks held against the film, and against each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callotasis.errors import LandmarkRefusal
from callotasis.pose import Side
from callotasis.radiograph.landmarks import REQUIRED, Landmarks, landmarks_from
from callotasis.radiograph.sides import (
    MEDIAL_LATERAL,
    check_on_film,
)
from darkroom import bare_film
from legs import COLUMNS, ROWS, Points, standing, standing_points

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

    with pytest.raises(
        LandmarkRefusal,
        match=rf"swapped: {side}\.{pair[1]} .* medial of {side}\.{pair[0]}",
    ):
        check_on_film(landmarks_from(_changed(swap)), FILM)


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
