"""Synthetic films: what they say of themselves is true, and the film shows it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment import MeasuredFilm, measure_film
from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph import (
    Film,
    FilmFacts,
    KnownGeometry,
    check_on_film,
    find_balls,
    landmarks_from,
    read_film,
)
from callotasis.radiograph.landmarks import View, names_on
from callotasis.radiograph.phantom import (
    Bend,
    FilmSpec,
    MadeFilm,
    make_film,
    reader_clicks,
    spec_from,
)
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.truth import truth_of
from callotasis.worlds import Worlds
from darkroom import bare_film
from studio import Truth, developed, everything_known, plain, plain_film

LENGTHS = ("femur_length_mm", "tibia_length_mm", "leg_length_mm")
SPECS: dict[str, dict[str, Any]] = {
    "mean adult": {},
    "short femur": {"shortening_mm": {"L.femur": 30.0}},
    "crooked": {
        "bend": {
            "R.tibia": {"varus_deg": 12.0},
            "L.femur": {"varus_deg": -8.0, "level": 0.7},
        },
    },
    "turned": {"body_turn_deg": 8.0, "shortening_mm": {"R.tibia": 15.0}},
    "off centre": {"beam_column_mm": -60.0, "beam_row_mm": 150.0},
    "small and near": {"height_scale": 0.85, "source_mm": 1900.0},
}


@cache
def _made(name: str) -> MadeFilm:
    """Make a film of SPECS without noise and without a ball that hides anything."""
    return make_film(spec_from({"pitch_mm": 0.8, "noise": False, **SPECS[name]}))


def _truth(spec: FilmSpec) -> Truth:
    """Say the truth of a film without exposing it."""
    return truth_of(*scene(spec), spec)


def _blank(made: MadeFilm) -> Film:
    """Give a film the geometry of a synthetic one; what is on it takes no part."""
    film = developed(made)
    return bare_film(
        film.rows, film.columns, spacing_mm=film.spacing_mm, source_mm=film.source_mm
    )


def _measured(made: MadeFilm) -> MeasuredFilm:
    """Measure the true landmarks by their true depths, each of them."""
    known = everything_known(made.truth)
    depths = {
        (side, name): point[1]
        for side in Side
        for name, point in made.truth["sides"][side]["points_3d"].items()
    }
    known = replace(known, depth_mm=depths | dict(known.depth_mm))
    turn = made.truth["spec"]["body_turn_deg"]
    # A body that turns its right side forward turns its left leg outwards.
    facts = FilmFacts(
        rotation_deg={Side.RIGHT: -turn, Side.LEFT: turn},
        knee_flexion_deg=0.0,
        block_mm={},
    )
    return measure_film(_blank(made), made.landmarks, known, facts, Worlds(50))


# The truth.


@pytest.mark.parametrize("name", ["crooked", "off centre"])
def test_the_truth_of_a_film_is_that_of_the_person_and_the_beam(name: str) -> None:
    spec = spec_from({"pitch_mm": 0.8, "noise": False, **SPECS[name]})
    assert _made(name).truth == _truth(spec)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("side", Side)
def test_every_true_point_falls_on_its_pixel(name: str, side: Side) -> None:
    truth = _made(name).truth
    pitch, source = truth["pixel_pitch_mm"], truth["source_mm"]
    column, row = truth["beam_centre_px"]
    x0 = SPECS[name].get("beam_column_mm", 0.0)
    knees = [truth["sides"][s]["points_3d"]["knee_centre"][2] for s in Side]
    z0 = np.mean(knees) + SPECS[name].get("beam_row_mm", 0.0)
    for point, (x, y, z) in truth["sides"][side]["points_3d"].items():
        size = source / (source - y) / pitch
        expected = (column + (x - x0) * size, row - (z - z0) * size)
        found = truth["landmarks"][side][point]
        assert found == pytest.approx(expected, abs=0.03), point


@pytest.mark.parametrize("name", SPECS)
def test_known_geometry_gives_the_true_lengths(name: str) -> None:
    made = _made(name)
    found = _measured(made).measurement
    for side in Side:
        for length in LENGTHS:
            true = made.truth["sides"][side][length]
            assert found.sides[side][length].value == pytest.approx(true, abs=0.05)
    assert found.discrepancy_mm is not None
    assert found.discrepancy_mm.value == pytest.approx(
        made.truth["discrepancy_mm"], abs=0.05
    )


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("side", Side)
def test_known_geometry_gives_the_true_angles(name: str, side: Side) -> None:
    made = _made(name)
    found = _measured(made).measurement.sides[side]
    for angle in ("hka_deviation_deg", "mldfa_deg", "mpta_deg", "jlca_deg"):
        true = made.truth["sides"][side][angle]
        assert found[angle].value == pytest.approx(true, abs=0.05), angle


@pytest.mark.parametrize("name", SPECS)
def test_the_true_angles_add_up_to_the_true_deviation(name: str) -> None:
    for side in Side:
        t = _made(name).truth["sides"][side]
        lines = t["mldfa_deg"] - t["mpta_deg"] + t["jlca_deg"]
        assert t["hka_deviation_deg"] == pytest.approx(-lines, abs=0.002)


@pytest.mark.parametrize("turn", [-20.0, -3.0, 11.0])
def test_turning_the_body_changes_no_true_length_and_no_true_angle(turn: float) -> None:
    here, there = (_truth(FilmSpec(pitch_mm=1.0, body_turn_deg=t)) for t in (0.0, turn))
    for side in Side:
        assert _figures(there, side) == _figures(here, side)
    assert there["landmarks"] != here["landmarks"]


def _figures(truth: Truth, side: Side) -> dict[str, float]:
    return {n: v for n, v in truth["sides"][side].items() if n != "points_3d"}


def test_the_true_discrepancy_is_right_minus_left() -> None:
    truth = _made("short femur").truth
    right, left = (truth["sides"][side]["leg_length_mm"] for side in Side)
    assert truth["discrepancy_mm"] == pytest.approx(right - left, abs=0.002)
    assert truth["discrepancy_mm"] == pytest.approx(30, abs=1)


@pytest.mark.parametrize("segment", ["R.femur", "R.tibia", "L.femur", "L.tibia"])
def test_varus_is_negative_in_the_true_deviation(segment: str) -> None:
    side = Side(segment[0])
    deviation = [
        _truth(FilmSpec(bend={segment: Bend(varus, 0.5)}))["sides"][side][
            "hka_deviation_deg"
        ]
        for varus in (8.0, 0.0, -8.0)
    ]
    assert deviation == sorted(deviation)


@pytest.mark.parametrize("bone", ["femur", "tibia"])
def test_the_true_apex_lies_on_the_bone_where_it_was_asked_for(bone: str) -> None:
    segment = f"L.{bone}"
    spec = FilmSpec(pitch_mm=0.8, bend={segment: Bend(9.0, 0.4)})
    straight, bent = (_truth(s) for s in (replace(spec, bend={}), spec))
    apex = bent["cora"][segment]
    length = straight["sides"]["L"][f"{bone}_length_mm"]
    assert apex["varus_deg"] == 9.0
    assert apex["level_mm"] == pytest.approx(0.4 * length, abs=0.05)
    top, bottom = ("hip", "knee") if bone == "femur" else ("knee", "ankle")
    on_film = bent["landmarks"]["L"]
    ends = np.array([on_film[f"{top}_centre"], on_film[f"{bottom}_centre"]])
    share = (apex["apex_px"][1] - ends[0, 1]) / (ends[1, 1] - ends[0, 1])
    assert share == pytest.approx(0.4, abs=0.01)
    # The apex of a varus bend lies lateral of the line between the joints.
    on_line = ends[0, 0] + share * (ends[1, 0] - ends[0, 0])
    assert apex["apex_px"][0] > on_line + 5


@pytest.mark.parametrize("turn", [0.0, 12.0])
def test_the_apex_on_the_film_turns_with_the_body(turn: float) -> None:
    bend = {"R.tibia": Bend(15.0, 0.5)}
    spec = FilmSpec(pitch_mm=0.8, bend=bend, body_turn_deg=turn)
    truth = _truth(spec)
    points, on_film = truth["sides"]["R"]["points_3d"], truth["landmarks"]["R"]
    # The apex is as far from both ends of the bone whatever the turn; its depth, and
    # so its magnification, lies between theirs.
    depth = np.mean([points[n][1] for n in ("knee_centre", "ankle_centre")])
    size = spec.source_mm / (spec.source_mm - depth) / spec.pitch_mm
    apex, knee = (
        np.array(p) / size
        for p in (truth["cora"]["R.tibia"]["apex_px"], on_film["knee_centre"])
    )
    ankle = np.array(on_film["ankle_centre"]) / size
    straight = np.linalg.norm(apex - knee) + np.linalg.norm(ankle - apex)
    bowed = np.linalg.norm(ankle - knee)
    # Two halves of a tibia with 15 deg between them stand off the line between their
    # ends by this much; a turned leg shows the cosine of it.
    height = truth["cora"]["R.tibia"]["level_mm"] * np.sin(np.radians(7.5))
    seen = height * np.cos(np.radians(turn))
    assert straight - bowed == pytest.approx(2 * seen**2 / bowed, rel=0.1)


def test_a_straight_person_has_no_apex() -> None:
    assert plain().truth["cora"] == {}


def test_the_truth_can_be_written_as_json() -> None:
    truth = _made("crooked").truth
    assert json.loads(json.dumps(truth, allow_nan=False)) == truth
    assert truth["synthetic"] is True
    assert landmarks_from(truth["landmarks"]) == _made("crooked").landmarks


@pytest.mark.parametrize("name", SPECS)
def test_the_true_landmarks_lie_on_the_film_and_on_their_sides(name: str) -> None:
    made = _made(name)
    check_on_film(made.landmarks, developed(made))
    assert set(made.landmarks.sides) == set(Side)
    for points in made.landmarks.sides.values():
        # The rest belongs to one bend, one implant or one marker, not to anatomy.
        own = ("above", "below", "canal", "corte")
        assert set(points) == {
            n
            for n in names_on(View.FRONTAL)
            if n[4:9] not in own and n != "side_marker"
        }


# The film shows it.


def test_the_hip_on_the_film_is_a_bright_disc_around_the_true_centre() -> None:
    film, made = plain_film(), plain()
    pitch = made.truth["pixel_pitch_mm"]
    for side in Side:
        column, row = made.landmarks.sides[side]["hip_centre"]
        angle = np.linspace(0, np.pi, 60)  # the lower half lies free of the socket
        rings = [
            np.mean(
                film.pixels[
                    (row + r / pitch * np.sin(angle)).astype(int),
                    (column + r / pitch * np.cos(angle)).astype(int),
                ]
            )
            for r in (5.0, 30.0)
        ]
        assert rings[0] > rings[1]


def test_the_cortex_of_a_shaft_stands_on_either_side_of_its_true_middle() -> None:
    film, made = plain_film(), plain()
    for side in Side:
        for name in ("fem_shaft_prox", "fem_shaft_dist", "tib_shaft_dist"):
            column, row = made.landmarks.sides[side][name]
            strip = film.pixels[int(row) - 4 : int(row) + 4].mean(axis=0)
            middle = strip[int(column) - 3 : int(column) + 4].mean()
            half = int(22 / made.truth["pixel_pitch_mm"])
            left = strip[int(column) - half : int(column)]
            right = strip[int(column) : int(column) + half]
            assert min(left.max(), right.max()) > 1.05 * middle, name


def test_a_film_is_read_with_the_geometry_that_it_was_made_with() -> None:
    film, truth = developed(_made("small and near")), _made("small and near").truth
    assert film.synthetic is True
    assert film.source_mm == truth["source_mm"]
    assert film.spacing_mm == (truth["pixel_pitch_mm"],) * 2
    assert film.columns_to_left is True
    assert film.logarithmic is True
    assert film.sha256 == hashlib.sha256(_made("small and near").dicom).hexdigest()


BALLS: dict[str, dict[str, Any]] = {
    "as usual": {},
    "off centre": {"body_turn_deg": 8.0, "beam_column_mm": 60.0, "beam_row_mm": -100.0},
    "large and near": {"ball_mm": 30.0, "source_mm": 1800.0, "seed": 6},
    "small person": {"height_scale": 0.85, "beam_row_mm": 150.0, "seed": 4},
}


@pytest.mark.parametrize("name", BALLS)
def test_the_ball_is_found_where_it_is_and_as_large_as_it_is(name: str) -> None:
    spec = spec_from({"pitch_mm": 0.4, **BALLS[name]})
    made = make_film(spec)
    true = made.truth["ball"]
    (ball,) = find_balls(developed(made), true["diameter_mm"])
    assert (ball.column, ball.row) == pytest.approx(true["centre_px"], abs=0.5)
    magnification = spec.source_mm / (spec.source_mm - true["depth_mm"])
    seen = ball.minor_px * spec.pitch_mm / true["diameter_mm"]
    assert seen == pytest.approx(magnification, rel=0.006)


ODD: dict[str, dict[str, Any]] = {
    **{
        f"{segment} {varus:+g}": {"bend": {segment: {"varus_deg": varus, "level": 0.5}}}
        for segment in ("R.femur", "R.tibia")
        for varus in (-25.0, -12.0, 12.0, 25.0)
    },
    "large ball": {"ball_mm": 60.0},
    "far to the left": {"beam_column_mm": 200.0},
    "far to the right": {"beam_column_mm": -200.0},
    "turned forward": {"body_turn_deg": 20.0},
    "turned back": {"body_turn_deg": -20.0},
    "tall": {"height_scale": 1.25},
}


@pytest.mark.parametrize("name", ODD)
def test_the_whole_ball_stands_on_the_film_however_it_is_taken(name: str) -> None:
    spec = spec_from({"pitch_mm": 1.0, "noise": False, **ODD[name]})
    made = make_film(spec)
    film, ball = developed(made), made.truth["ball"]
    magnification = spec.source_mm / (spec.source_mm - ball["depth_mm"])
    half = 0.5 * ball["diameter_mm"] * magnification / spec.pitch_mm
    assert half < ball["centre_px"][0] < film.columns - half
    assert half < ball["centre_px"][1] < film.rows - half


def test_a_film_without_a_ball_says_so_and_shows_none() -> None:
    made = make_film(FilmSpec(pitch_mm=0.8, ball_mm=None))
    assert made.truth["ball"] is None
    with pytest.raises(FilmRefusal, match="no ball of 25 mm was found"):
        find_balls(developed(made), 25.0)


VARIED = [
    FilmSpec(
        pitch_mm=0.5,
        seed=seed,
        body_turn_deg=turn,
        beam_column_mm=column,
        beam_row_mm=row,
        ball_forward_mm=forward,
        shortening_mm={"L.femur": shortening},
    )
    for seed, turn, column, row, forward, shortening in (
        (11, 0.0, 0.0, 0.0, 0.0, 0.0),
        (12, 4.0, -12.0, 50.0, 12.0, 20.0),
        (13, -4.0, 15.0, -60.0, -12.0, -15.0),
        (14, 2.0, 20.0, 90.0, 5.0, 35.0),
        (15, 0.0, -20.0, -90.0, -5.0, -30.0),
    )
]


def _with_the_ball_alone(spec: FilmSpec) -> list[bool]:
    """Tell of every interval of a film whether it holds the truth."""
    made = make_film(spec)
    clicks = reader_clicks(made, spec.seed)
    known, facts = KnownGeometry(ball_mm=25.0), FilmFacts(patella_forward=True)
    found = measure_film(developed(made), clicks, known, facts, Worlds(500)).measurement
    assert found.discrepancy_mm is not None
    held = [(found.discrepancy_mm, made.truth["discrepancy_mm"])] + [
        (found.sides[side][length], made.truth["sides"][side][length])
        for side in Side
        for length in LENGTHS
    ]
    return [interval.low <= true <= interval.high for interval, true in held]


@pytest.mark.slow
def test_with_the_ball_alone_the_intervals_hold_the_true_lengths() -> None:
    # One interval in twenty misses, and those of one film mostly together, for its
    # scale is one: one film of five may miss, and no more than a tenth in all.
    films = [_with_the_ball_alone(spec) for spec in VARIED]
    assert sum(all(held) for held in films) >= len(films) - 1
    assert np.mean(films) >= 0.9


# Repeats.


def test_the_same_specification_gives_the_same_bytes() -> None:
    spec = FilmSpec(pitch_mm=1.0, seed=5, bend={"R.tibia": Bend(6.0)})
    one, other = make_film(spec), make_film(spec)
    assert one.dicom == other.dicom
    assert one.truth == other.truth
    assert one.landmarks == other.landmarks


def test_another_seed_gives_another_film_of_the_same_person() -> None:
    one, other = (make_film(FilmSpec(pitch_mm=1.0, seed=s)) for s in (1, 2))
    assert one.dicom != other.dicom
    assert one.landmarks == other.landmarks
    assert one.truth["sides"] == other.truth["sides"]


def test_a_film_of_too_many_pixels_is_refused_before_it_is_made() -> None:
    with pytest.raises(
        FilmRefusal, match=r"film would have \d+ × \d+ pixels; allowed are 40000000"
    ):
        make_film(FilmSpec(pitch_mm=0.1, height_scale=1.25))


# The reader.


@given(st.integers(0, 2**31))
@settings(max_examples=10)
def test_a_reader_clicks_the_same_again_with_the_same_seed(seed: int) -> None:
    assert reader_clicks(plain(), seed) == reader_clicks(plain(), seed)
    assert reader_clicks(plain(), seed) != reader_clicks(plain(), seed + 1)


CLICKED = (
    ("hip_centre", "landmarks.hip_centre", "landmarks.hip_centre"),
    ("fem_shaft_prox", "landmarks.shaft", "landmarks.shaft"),
    ("plafond_med", "landmarks.joint_line_along", "landmarks.joint_line"),
)
"""Landmarks, and the published scatter of their columns and of their rows."""


def test_clicks_scatter_around_the_truth_as_published() -> None:
    made = plain()
    pitch = made.truth["pixel_pitch_mm"]
    for name, *rows in CLICKED:
        off = np.array(
            [
                np.subtract(
                    reader_clicks(made, seed).sides[side][name],
                    made.landmarks.sides[side][name],
                )
                for seed in range(100)
                for side in Side
            ]
        )
        sd = np.array([constant(row).value for row in rows]) / pitch
        assert off.std(axis=0) == pytest.approx(sd, rel=0.15), name
        assert (np.abs(off.mean(axis=0)) < 0.3 * sd).all(), name


def test_a_reader_clicks_every_landmark_once() -> None:
    clicks = reader_clicks(plain(), 1)
    for side in Side:
        assert set(clicks.sides[side]) == set(plain().landmarks.sides[side])


def test_a_made_film_lies_on_disk_like_any_other(tmp_path: Any) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(plain().dicom)
    film = read_film(path)
    assert (film.rows, film.columns) == plain_film().pixels.shape
    assert film.synthetic is True
