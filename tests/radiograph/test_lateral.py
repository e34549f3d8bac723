"""Lateral films: their landmark files, and the size of a pixel on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal, LandmarkRefusal
from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.calibration import Method
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import KnownGeometry, KnownLength
from callotasis.radiograph.landmarks import (
    LATERAL,
    REQUIRED,
    SCATTER,
    Landmarks,
    View,
    click_spread_mm,
    landmarks_from,
    names_on,
    read_landmarks,
    required_on,
)
from callotasis.radiograph.lateral import LateralScale, lateral_scale
from callotasis.worlds import Worlds, interval
from darkroom import ball_film, bare_film
from legs import standing_points

WORLDS = Worlds(count=2000)
LANDMARKS = landmarks_from(
    {
        "view": "lateral femur",
        "R": {
            "fem_shaft_prox": [200, 60],
            "fem_shaft_dist": [200, 220],
            "fem_joint_ant": [225, 280],
            "fem_joint_post": [175, 285],
        },
    }
)
BALL_PX = 28.0
BALL = KnownGeometry(ball_mm=25.0)
RULER = KnownGeometry(lengths=(KnownLength(100.0, (50, 50), (50, 162), "R.femur"),))
MAGNIFIED = KnownGeometry(magnification=1.12, magnification_sd=0.02)
TRUE = KnownGeometry(true_scale=True)


def _film(**known: object) -> Film:
    return replace(
        ball_film((330.0, 150.0, BALL_PX), spacing_mm=(1.0, 1.0)),
        columns_to_left=None,
        lateral=True,
        **known,
    )


@pytest.fixture(scope="module")
def film() -> Film:
    """A lateral film of 1 mm pixels with a ball of 28 pixels before the bone."""
    return _film()


def _scale(
    film: Film, known: KnownGeometry, points: Landmarks = LANDMARKS
) -> LateralScale:
    return lateral_scale(film, points, known, WORLDS)


def _width(scale: LateralScale) -> float:
    """Width of the interval of a pixel's size, as a share of it."""
    found = interval(scale.mm_per_px)
    return (found.high - found.low) / found.value


@pytest.mark.parametrize(
    ("known", "method", "mm_per_px", "within"),
    [
        (BALL, Method.BALL, 25.0 / BALL_PX, 0.01),
        (RULER, Method.LENGTH, 100 / 112, 1e-9),
        (MAGNIFIED, Method.MAGNIFICATION, 1 / 1.12, 1e-9),
        (TRUE, Method.TRUE_SCALE, 1.0, 1e-9),
    ],
    ids=lambda value: str(value) if isinstance(value, Method) else "",
)
def test_each_thing_of_known_size_gives_a_scale(
    film: Film, known: KnownGeometry, method: Method, mm_per_px: float, within: float
) -> None:
    scale = _scale(film, known)
    assert scale.method is method
    assert scale.findings == ()
    assert scale.mm_per_px.shape == (WORLDS.count + 1,)
    assert scale.mm_per_px[0] == pytest.approx(mm_per_px, rel=within)
    found = interval(scale.mm_per_px)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("with_ruler", [BALL, MAGNIFIED])
def test_what_is_given_together_is_combined_and_narrower_than_each(
    film: Film, with_ruler: KnownGeometry
) -> None:
    both = _scale(film, replace(with_ruler, lengths=RULER.lengths))
    parts = [_scale(film, known) for known in (with_ruler, RULER)]
    assert both.method is Method.COMBINED
    assert _width(both) < min(map(_width, parts))
    # As independent errors combine; 2,000 draws tell a width to some percent.
    widths = np.array([*map(_width, parts)])
    assert _width(both) == pytest.approx((widths**-2.0).sum() ** -0.5, rel=0.08)
    sizes = [float(one.mm_per_px[0]) for one in parts]
    assert min(sizes) <= both.mm_per_px[0] <= max(sizes)


def test_two_rulers_are_narrower_than_one_and_still_a_known_length(film: Film) -> None:
    second = KnownLength(150.0, (60, 50), (60, 218), "R.femur")
    scale = _scale(film, KnownGeometry(lengths=(*RULER.lengths, second)))
    assert scale.method is Method.LENGTH
    assert _width(scale) < 0.85 * _width(_scale(film, RULER))


@pytest.mark.parametrize("lies", ["beside", "L.femur"])
def test_a_ruler_that_lies_apart_from_the_bone_is_less_sure(
    film: Film, lies: str
) -> None:
    (ruler,) = RULER.lengths
    scale = _scale(film, KnownGeometry(lengths=(replace(ruler, lies=lies),)))
    assert scale.mm_per_px[0] == _scale(film, RULER).mm_per_px[0]
    assert _width(scale) > 1.2 * _width(_scale(film, RULER))


def test_a_ruler_at_the_detector_tells_no_size_of_a_bone(film: Film) -> None:
    (ruler,) = RULER.lengths
    with pytest.raises(FilmRefusal, match="lies at the detector"):
        _scale(film, KnownGeometry(lengths=(replace(ruler, lies="detector"),)))


def test_the_surer_of_two_weighs_more() -> None:
    film = _film(spacing_mm=(0.91, 0.91))
    scale = _scale(film, replace(TRUE, ball_mm=25.0))
    by_ball, by_header = (_scale(film, k).mm_per_px[0] for k in (BALL, TRUE))
    assert abs(scale.mm_per_px[0] - by_header) < abs(scale.mm_per_px[0] - by_ball)


def test_things_of_known_size_that_disagree_are_refused(film: Film) -> None:
    with pytest.raises(FilmRefusal, match=r"ball and true scale disagree: .* 11\.\d%"):
        _scale(film, replace(TRUE, ball_mm=25.0))


def test_two_balls_are_narrower_than_one_and_still_a_scale_by_ball() -> None:
    two = ball_film(
        (330.0, 100.0, BALL_PX), (330.0, 200.0, BALL_PX), spacing_mm=(1.0, 1.0)
    )
    scale = _scale(two, BALL)
    assert scale.method is Method.BALL
    assert _width(scale) < 0.8 * _width(_scale(_film(), BALL))


def test_a_ball_beside_the_bone_leaves_its_depth_open(film: Film) -> None:
    depth = constant("sagittal.bone_depth").spread
    shorter = replace(film, source_mm=1200.0)
    assert _width(_scale(film, BALL)) > 2 * 1.9 * depth / 2600
    assert _width(_scale(shorter, BALL)) > 1.5 * _width(_scale(film, BALL))


@pytest.mark.parametrize("spacing_mm", [(1.0, 1.0), None])
def test_without_anything_of_known_size_there_is_no_scale(
    spacing_mm: tuple[float, float] | None,
) -> None:
    film = bare_film(300, 400, columns_to_left=None, spacing_mm=spacing_mm)
    scale = _scale(film, KnownGeometry())
    assert scale.method is Method.NONE
    assert [f.key for f in scale.findings] == ["film.no_scale"]
    # Clicks need a size to scatter by: about that of a thigh on this film.
    assert 0.3 < scale.mm_per_px[0] < 2.0
    assert np.ptp(scale.mm_per_px) == 0


def test_a_length_across_pixels_that_are_no_squares_is_measured_in_columns() -> None:
    film = bare_film(300, 400, columns_to_left=None, spacing_mm=(1.0, 0.5))
    upright = KnownLength(100.0, (50, 50), (50, 274), "R.femur")
    across = KnownLength(100.0, (50, 50), (162, 50), "R.femur")
    sizes = [
        _scale(film, KnownGeometry(lengths=(length,))).mm_per_px[0]
        for length in (upright, across)
    ]
    assert sizes == pytest.approx([100 / 112] * 2)


def test_a_picture_without_spacing_is_scaled_by_its_ball() -> None:
    film = replace(_film(), spacing_mm=None, source_mm=None)
    assert _scale(film, BALL).mm_per_px[0] == pytest.approx(25 / BALL_PX, rel=0.01)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (replace(BALL, magnification=1.1), "allowed is one of the two"),
        (KnownGeometry(magnification=1.1), "needs its standard deviation"),
        (replace(MAGNIFIED, magnification=3.0), "magnification is 3; allowed is"),
        (replace(MAGNIFIED, true_scale=True), "allowed is one of the two"),
        (KnownGeometry(ball_mm=500.0), "ball"),
    ],
)
def test_what_cannot_be_true_is_refused(
    film: Film, known: KnownGeometry, why: str
) -> None:
    with pytest.raises(FilmRefusal, match=why):
        _scale(film, known)


def test_a_film_without_a_ball_is_refused_where_one_was_said() -> None:
    with pytest.raises(FilmRefusal, match="ball"):
        _scale(bare_film(300, 400, columns_to_left=None), BALL)


# Landmark files.

FEMUR: dict[str, Any] = {
    "view": "lateral femur",
    "L": {
        "fem_shaft_prox": [200, 60],
        "fem_shaft_mid": [206, 140],
        "fem_shaft_dist": [200, 220],
        "fem_joint_ant": [225, 280],
        "fem_joint_post": [175, 285],
    },
}
SIDE_ON = tuple(LATERAL)
PLACES = st.lists(st.floats(-1e8, 1e8), min_size=2, max_size=2)


def _changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    raw = deepcopy(FEMUR)
    change(raw)
    return raw


@given(st.data(), st.sampled_from(SIDE_ON), st.sampled_from("RL"))
def test_a_lateral_landmark_file_comes_out_as_it_went_in(
    data: st.DataObject, view: View, side: str
) -> None:
    every = dict.fromkeys(LATERAL[view], PLACES)
    needed = {name: every.pop(name) for name in required_on(view)}
    leg = data.draw(st.fixed_dictionaries(needed, optional=every))
    raw = {"view": str(view), side: leg}
    found = landmarks_from(json.loads(json.dumps(raw)))
    assert found.view is view
    assert found.as_json() == raw


def test_a_lateral_landmark_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "side.json"
    path.write_text(json.dumps(FEMUR), "utf-8")
    found = read_landmarks(path)
    assert found.view is View.LATERAL_FEMUR
    assert found.sides[Side.LEFT]["fem_shaft_prox"] == (200, 60)


def test_a_file_without_a_view_is_a_frontal_one_and_says_so_nowhere() -> None:
    raw = standing_points()
    assert landmarks_from(raw).view is View.FRONTAL
    said = landmarks_from({"view": "frontal", **raw})
    assert said == landmarks_from(raw)
    assert said.as_json() == raw


@pytest.mark.parametrize(
    "view", ["lateral", "LATERAL FEMUR", "", None, 1, ["frontal"], {}, "above" * 60]
)
def test_an_unknown_view_is_refused_and_the_known_ones_are_named(view: object) -> None:
    with pytest.raises(LandmarkRefusal, match=r"view is .*'lateral tibia'") as refusal:
        landmarks_from(_changed(lambda raw: raw.update(view=view)))
    assert len(str(refusal.value)) < 160


@pytest.mark.parametrize("view", SIDE_ON)
def test_two_legs_on_a_lateral_film_are_refused(view: View) -> None:
    raw = {"view": str(view), "R": FEMUR["L"], "L": FEMUR["L"]}
    with pytest.raises(LandmarkRefusal, match="shows one leg; the file holds 2"):
        landmarks_from(raw)


def test_a_view_without_a_leg_is_refused() -> None:
    with pytest.raises(LandmarkRefusal, match="holds 'R', 'L' or both"):
        landmarks_from({"view": "lateral femur"})


@pytest.mark.parametrize("name", [*REQUIRED, "troch_tip", "side_marker", "plafond_ant"])
def test_names_of_another_view_are_refused_and_the_known_ones_are_named(
    name: str,
) -> None:
    with pytest.raises(
        LandmarkRefusal, match=rf"L\.{name} is unknown; known are fem_joint_ant"
    ):
        landmarks_from(_changed(lambda raw: raw["L"].update({name: [9, 9]})))


@pytest.mark.parametrize("name", ["fem_shaft_mid", "fem_joint_ant", "plafond_post"])
def test_names_of_a_lateral_film_are_unknown_on_a_frontal_one(name: str) -> None:
    raw = standing_points()
    raw["R"][name] = [9.0, 9.0]
    with pytest.raises(LandmarkRefusal, match=rf"R\.{name} is unknown"):
        landmarks_from(raw)


@pytest.mark.parametrize("name", required_on(View.LATERAL_FEMUR))
def test_the_ends_of_the_shaft_are_required(name: str) -> None:
    with pytest.raises(LandmarkRefusal, match=rf"L\.{name} is missing; required are"):
        landmarks_from(_changed(lambda raw: raw["L"].pop(name)))


def test_every_landmark_belongs_to_a_view_and_has_its_scatter() -> None:
    views = [set(names_on(view)) for view in View]
    assert set.union(*views) == set(SCATTER)
    for view in View:
        assert set(required_on(view)) <= set(names_on(view))
        for name in names_on(view):
            along, across = click_spread_mm(name)
            assert along > 0
            assert across > 0
