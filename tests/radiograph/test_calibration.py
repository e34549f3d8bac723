"""Calibration: which scale a film has, what of it is unknown, what cannot be true."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.alignment.measurement import measure_film
from callotasis.errors import FilmRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import (
    Calibration,
    FilmFacts,
    Joint,
    KnownGeometry,
    Method,
    calibrate,
)
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import Landmarks
from callotasis.worlds import Worlds
from darkroom import ball_film, bare_film
from legs import COLUMNS, ROWS, standing

PITCH = (0.5, 0.5)
SHAPE = (ROWS, COLUMNS)
NOTHING_SAID = FilmFacts()
ALL_SAID = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})
BOTH_LEGS = [(side, joint) for side in Side for joint in Joint]

BALL = KnownGeometry(ball_mm=25.0)
BALL_LESS = KnownGeometry(magnification=1.05, magnification_sd=0.01)
BALL_PX = 52.5  # a ball of 25 mm, magnified 1.05 times, at a pitch of 0.5 mm


def _ball_film(*diameters_px: float, **known: Any) -> Film:
    places = ((60.0, 900.0), (540.0, 900.0), (300.0, 1500.0))
    balls = [(*p, d) for p, d in zip(places, diameters_px, strict=False)]
    return ball_film(*balls, shape=SHAPE, **{"spacing_mm": PITCH, **known})


def _calibrated(
    film: Film,
    known: KnownGeometry,
    facts: FilmFacts = NOTHING_SAID,
    worlds: Worlds | None = None,
    landmarks: Landmarks | None = None,
) -> Calibration:
    return calibrate(film, landmarks or standing(), known, facts, worlds or Worlds(50))


def _keys(calibration: Calibration) -> list[str]:
    return [finding.key for finding in calibration.findings]


# The ball.


def test_a_ball_gives_the_scale_at_its_own_depth() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL)
    assert found.method is Method.BALL
    assert found.reference_mm_per_px[0] == pytest.approx(0.5 / 1.05, rel=0.005)
    assert found.source_to_reference_mm[0] == pytest.approx(2600 / 1.05, rel=0.005)
    assert "film.one_ball" in _keys(found)


def test_two_balls_that_agree_share_the_scale() -> None:
    found = _calibrated(_ball_film(BALL_PX, BALL_PX - 1), BALL)
    assert found.reference_mm_per_px[0] == pytest.approx(
        25 / (BALL_PX - 0.5), rel=0.005
    )
    assert "film.one_ball" not in _keys(found)


def test_two_balls_narrow_the_scale() -> None:
    worlds = Worlds(2000)
    one, two = (
        _calibrated(_ball_film(*balls), BALL, worlds=worlds).reference_mm_per_px
        for balls in ([BALL_PX], [BALL_PX, BALL_PX])
    )
    assert two[1:].std() == pytest.approx(one[1:].std() / np.sqrt(2), rel=0.1)


def test_two_balls_that_disagree_are_refused() -> None:
    with pytest.raises(FilmRefusal, match=r"2 balls disagree: .* mm apart in depth"):
        _calibrated(_ball_film(BALL_PX, 46.0), BALL)


@pytest.mark.parametrize("ball_mm", [27.0, 30.0, 40.0])
def test_a_ball_that_would_be_made_smaller_is_refused(ball_mm: float) -> None:
    with pytest.raises(FilmRefusal, match=r"would be magnified .* check the diameter"):
        _calibrated(_ball_film(BALL_PX), KnownGeometry(ball_mm=ball_mm))


@pytest.mark.parametrize("ball_mm", [16.0, 19.0])
def test_a_ball_that_would_be_magnified_too_much_is_refused(ball_mm: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"would be magnified .* allowed is 1 to 1\.35"
    ):
        _calibrated(_ball_film(BALL_PX), KnownGeometry(ball_mm=ball_mm))


def test_a_ball_that_is_not_on_the_film_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="no ball of 25 mm was found"):
        _calibrated(_ball_film(), BALL)


def test_a_ball_gives_a_scale_to_a_picture_without_spacing() -> None:
    film = _ball_film(BALL_PX, spacing_mm=None, source_mm=None)
    found = _calibrated(film, BALL)
    assert found.method is Method.BALL
    assert found.reference_mm_per_px[0] == pytest.approx(25 / BALL_PX, rel=0.005)
    assert (found.source_to_reference_mm > 0).all()


# A typed magnification.


def test_a_typed_magnification_gives_the_scale() -> None:
    known = KnownGeometry(magnification=1.05, magnification_sd=0.01)
    found = _calibrated(_ball_film(), known, worlds=Worlds(4000))
    assert found.method is Method.MAGNIFICATION
    assert found.reference_mm_per_px[0] == 0.5 / 1.05
    assert found.source_to_reference_mm[0] == 2600 / 1.05
    magnification = 0.5 / found.reference_mm_per_px[1:]
    assert magnification.std() == pytest.approx(0.01, rel=0.1)


@pytest.mark.parametrize("sd", [None, 0.0, -0.01, 0.2, float("nan")])
def test_a_typed_magnification_needs_its_deviation(sd: float | None) -> None:
    known = KnownGeometry(magnification=1.05, magnification_sd=sd)
    with pytest.raises(FilmRefusal, match="needs its standard deviation"):
        _calibrated(_ball_film(), known)


def test_a_typed_magnification_needs_the_size_of_a_pixel() -> None:
    known = KnownGeometry(magnification=1.05, magnification_sd=0.01)
    with pytest.raises(FilmRefusal, match="needs the detector's pixel spacing"):
        _calibrated(_ball_film(spacing_mm=None), known)


@pytest.mark.parametrize("value", [0.0, 0.99, 1.36, -1.05, float("nan"), float("inf")])
def test_a_magnification_that_no_film_has_is_refused(value: float) -> None:
    known = KnownGeometry(magnification=value, magnification_sd=0.01)
    with pytest.raises(FilmRefusal, match=r"magnification is .* allowed is 1 to 1\.35"):
        _calibrated(_ball_film(), known)


# No scale.


def test_a_film_without_a_scale_says_so() -> None:
    found = _calibrated(_ball_film(BALL_PX), KnownGeometry())
    assert found.method is Method.NONE
    assert found.findings[0].key == "film.no_scale"
    assert found.findings[0].level is Level.CAUTION


# Measured depths.


@st.composite
def standing_in_space(
    draw: st.DrawFn,
) -> dict[tuple[Side, Joint], np.ndarray[Any, Any]]:
    """Joint centres: x to the patient's left, y in front of the detector, z up [mm]."""
    levels = {Joint.HIP: (350, 450), Joint.KNEE: (-50, 50), Joint.ANKLE: (-450, -350)}
    space = {}
    for side, joint in BOTH_LEGS:
        across = draw(st.floats(60, 150)) * (-1 if side is Side.RIGHT else 1)
        depth, height = draw(st.floats(20, 300)), draw(st.floats(*levels[joint]))
        space[side, joint] = np.array([across, depth, height])
    return space


@settings(max_examples=60)
@given(
    space=standing_in_space(),
    source=st.floats(1500, 4000),
    pitch=st.tuples(st.floats(0.15, 0.3), st.floats(0.15, 0.3)),
    beam=st.tuples(st.floats(1500, 2500), st.floats(4500, 5500)),
)
def test_measured_depths_give_back_every_length(
    space: dict[tuple[Side, Joint], np.ndarray[Any, Any]],
    source: float,
    pitch: tuple[float, float],
    beam: tuple[float, float],
) -> None:
    def seen(point: np.ndarray[Any, Any]) -> tuple[float, float]:
        magnified = source / (source - point[1])
        return (
            float(beam[0] + point[0] * magnified / pitch[0]),
            float(beam[1] - point[2] * magnified / pitch[1]),
        )

    landmarks = Landmarks(
        {s: {f"{j}_centre": seen(space[s, j]) for j in Joint} for s in Side}
    )
    known = KnownGeometry(
        source_mm=source,
        beam_centre_px=beam,
        depth_mm={key: float(point[1]) for key, point in space.items()},
    )
    film = bare_film(10_000, 4_000, spacing_mm=pitch)
    found = measure_film(film, landmarks, known, ALL_SAID, Worlds(2)).measurement
    assert found.scale.method is Method.DEPTHS
    for side in Side:
        hip, knee, ankle = (space[side, joint] for joint in Joint)
        for name, start, end in (
            ("femur_length_mm", hip, knee),
            ("tibia_length_mm", knee, ankle),
            ("leg_length_mm", hip, ankle),
        ):
            length = float(np.linalg.norm(start - end))
            assert abs(found.sides[side][name].value - length) < 1e-6


def test_some_measured_depths_take_the_place_of_guessed_ones() -> None:
    known = replace(BALL, depth_mm={(Side.LEFT, Joint.HIP): 160.0}, source_mm=2600.0)
    found = _calibrated(_ball_film(BALL_PX), known)
    from_detector = (
        found.depth_mm[Side.LEFT, Joint.HIP] + 2600 - found.source_to_reference_mm
    )
    np.testing.assert_allclose(from_detector, 160)
    assert found.depth_mm[Side.RIGHT, Joint.HIP][1:].std() > 10


@pytest.mark.parametrize("depth", [-1.0, 500.1, float("nan"), float("inf")])
def test_a_depth_that_no_body_has_is_refused(depth: float) -> None:
    known = KnownGeometry(depth_mm={(Side.RIGHT, Joint.KNEE): depth})
    with pytest.raises(
        FilmRefusal, match=r"depth of R\.knee is .* allowed is 0 to 500"
    ):
        _calibrated(_ball_film(), known)


# The source.


@pytest.mark.parametrize("source", [0.0, -2600.0, 260.0, 5001.0, float("nan")])
def test_a_typed_source_that_no_room_has_is_refused(source: float) -> None:
    with pytest.raises(
        FilmRefusal, match=r"source distance is .* allowed is 800 to 5000"
    ):
        _calibrated(_ball_film(), KnownGeometry(source_mm=source))


@pytest.mark.parametrize("source", [2.6, 260.0, 26_000.0])
def test_a_source_in_the_file_that_no_room_has_is_refused(source: float) -> None:
    film = _ball_film(BALL_PX, source_mm=source)
    with pytest.raises(FilmRefusal, match="source distance is"):
        _calibrated(film, BALL)


def test_a_typed_source_goes_before_that_of_the_file() -> None:
    known = replace(BALL, source_mm=2000.0)
    found = _calibrated(_ball_film(BALL_PX, source_mm=2600.0), known)
    assert found.source_to_reference_mm[0] == pytest.approx(2000 / 1.05, rel=0.005)


def test_an_unknown_source_is_drawn_wider_than_a_known_one() -> None:
    known, unknown = (
        _calibrated(_ball_film(BALL_PX, source_mm=mm), BALL).source_to_reference_mm
        for mm in (2600.0, None)
    )
    assert unknown[1:].std() > 5 * known[1:].std()
    assert unknown.min() > 1000


# What nobody knows.


def test_facts_that_nobody_said_are_three_cautions() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL, NOTHING_SAID)
    cautions = [f.key for f in found.findings if f.level is Level.CAUTION]
    assert cautions == [
        "film.patella_unknown",
        "film.flexion_unknown",
        "film.blocks_unknown",
    ]


def test_facts_that_somebody_said_are_no_cautions() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL, ALL_SAID)
    assert _keys(found) == ["film.one_ball"]


def test_a_patella_that_points_elsewhere_is_a_caution() -> None:
    facts = replace(ALL_SAID, patella_forward=False)
    assert "film.patella_turned" in _keys(_calibrated(_ball_film(), BALL_LESS, facts))


@pytest.mark.parametrize(
    ("patella", "row"),
    [
        (True, "calibration.leg_rotation_checked"),
        (False, "calibration.leg_rotation_unknown"),
        (None, "calibration.leg_rotation_unknown"),
    ],
)
def test_a_leg_is_turned_by_as_much_as_is_unknown(
    patella: bool | None, row: str
) -> None:
    facts = replace(ALL_SAID, patella_forward=patella)
    found = _calibrated(_ball_film(), BALL_LESS, facts, Worlds(4000))
    for turn in found.rotation_rad.values():
        assert turn[0] == 0
        assert np.degrees(turn[1:].std()) == pytest.approx(
            constant(row).spread, rel=0.1
        )


def test_every_joint_of_each_side_has_a_depth_of_its_own() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL, worlds=Worlds(500))
    assert set(found.depth_mm) == set(BOTH_LEGS)
    for one, other in combinations(BOTH_LEGS, 2):
        apart = found.depth_mm[one] - found.depth_mm[other]
        assert apart[1:].std() > 5


def test_hip_lies_before_knee_and_ankle_behind_it_by_what_the_evidence_says() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL, ALL_SAID).depth_mm
    for side in Side:
        hip, knee, ankle = (found[side, joint][0] for joint in Joint)
        assert hip - knee == pytest.approx(constant("calibration.hip_depth").value)
        assert ankle - knee == pytest.approx(constant("calibration.ankle_depth").value)


def test_a_bent_knee_comes_forward() -> None:
    straight, bent = (
        _calibrated(
            _ball_film(BALL_PX), BALL, replace(ALL_SAID, knee_flexion_deg=degrees)
        ).depth_mm[Side.RIGHT, Joint.KNEE][0]
        for degrees in (0.0, 10.0)
    )
    # Thigh and shank of 420 and 350 mm: F·T/(F + T) for each radian.
    lever = 420 * 350 / (420 + 350)
    assert bent - straight == pytest.approx(lever * np.radians(10), rel=0.01)


def test_a_turned_pelvis_brings_one_hip_forward_and_the_other_back() -> None:
    known = replace(BALL_LESS, source_mm=2600.0)
    depth = _calibrated(_ball_film(), known, ALL_SAID, Worlds(4000)).depth_mm
    right, left = (depth[side, Joint.HIP][1:] for side in Side)
    turn_mm = (left - right) / 2
    half_width = 100 * 0.5 / 1.05
    turned = half_width * np.tan(np.radians(constant("calibration.pelvis_turn").spread))
    own = constant("calibration.joint_depth_own").spread / np.sqrt(2)
    assert turn_mm.std() == pytest.approx(np.hypot(turned, own), rel=0.1)
    assert abs(np.corrcoef(turn_mm, left + right)[0, 1]) < 0.1


def test_a_calibration_is_the_same_each_time() -> None:
    one, other = (_calibrated(_ball_film(BALL_PX), BALL) for _ in range(2))
    np.testing.assert_array_equal(one.reference_mm_per_px, other.reference_mm_per_px)
    np.testing.assert_array_equal(one.centre_px, other.centre_px)
    for key in BOTH_LEGS:
        np.testing.assert_array_equal(one.depth_mm[key], other.depth_mm[key])


@given(
    depth=st.floats(-200, 300),
    clicked=st.tuples(st.floats(0, 600), st.floats(0, 1800)),
)
def test_a_point_is_projected_back_to_where_it_was_clicked(
    depth: float, clicked: tuple[float, float]
) -> None:
    film = bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.4))
    found = _calibrated(film, BALL_LESS, worlds=Worlds(1))
    at = np.tile(clicked, (2, 1))
    x, y, z = found.points(at, np.full(2, depth))[0]
    assert y == depth
    source_to_point = found.source_to_reference_mm[0] - depth
    on_detector = np.array([x, -z]) * film.source_mm / source_to_point
    pixels = on_detector / film.spacing_mm + found.centre_px[0]
    np.testing.assert_allclose(pixels, clicked, atol=1e-6)
