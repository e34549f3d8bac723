"""Calibration: which scale a film has, what of it is unknown, what cannot be true."""

from __future__ import annotations

from collections.abc import Mapping
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
from callotasis.radiograph.ball import find_balls
from callotasis.radiograph.calibration import Calibration, Method, calibrate
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry, KnownLength
from callotasis.radiograph.landmarks import Landmarks
from callotasis.radiograph.stance import OWN_EDGE, OWN_PLACEMENT
from callotasis.worlds import Array, Worlds
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
OFF_THE_BONE = "ball_placement"
RULER = KnownLength(300.0, (30.0, 600.0), (30.0, 1230.0))
EVERY_DEPTH: dict[tuple[Side, str], float] = dict.fromkeys(BOTH_LEGS, 130.0)


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


def _size_at(calibration: Calibration, side: Side, joint: Joint) -> Array:
    """Millimetres for each pixel in the plane of a joint, shape (worlds,)."""
    return calibration.size_at(calibration.depth_mm[side, joint])


def _mm_per_px(ball_px: float) -> float:
    """What a ball of 25 mm says on a film of linear greys, whose rim has no bias."""
    return 25.0 / ball_px


def test_a_ball_gives_the_scale_of_the_joint_that_it_stands_beside() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL)
    assert found.method is Method.BALL
    size = _size_at(found, Side.RIGHT, Joint.KNEE)
    assert size[0] == pytest.approx(_mm_per_px(BALL_PX), rel=0.005)
    assert "film.one_ball" in _keys(found)


def test_one_ball_leaves_its_rim_and_its_own_depth_unknown() -> None:
    found = _calibrated(_ball_film(BALL_PX), BALL, worlds=Worlds(4000))
    edge, off = (
        constant(f"calibration.{name}").spread for name in ("ball_edge", OFF_THE_BONE)
    )
    reach = 2600 - found.depth_mm[Side.RIGHT, Joint.KNEE][0]
    size = _size_at(found, Side.RIGHT, Joint.KNEE)[1:]
    left = np.hypot(edge / 25, off / reach)
    assert np.log(size).std() == pytest.approx(left, rel=0.1)
    for other in (Joint.HIP, Joint.ANKLE):
        farther = _size_at(found, Side.RIGHT, other)[1:]
        assert np.log(farther).std() > 1.3 * np.log(size).std()


def test_a_ball_that_was_found_before_is_not_looked_for_again() -> None:
    film = _ball_film(BALL_PX)
    found = _calibrated(film, BALL)
    nothing_on_it = bare_film(ROWS, COLUMNS, spacing_mm=PITCH)
    given = calibrate(
        *(nothing_on_it, standing(), BALL, NOTHING_SAID, Worlds(50)),
        find_balls(film, 25.0),
    )
    np.testing.assert_array_equal(given.mm_per_px, found.mm_per_px)


def test_two_balls_that_agree_share_the_scale() -> None:
    found = _calibrated(_ball_film(BALL_PX, BALL_PX - 1), BALL)
    expected = _mm_per_px(BALL_PX - 0.5)
    # The usual distance from the detector has a say, within what the balls leave open.
    assert abs(found.mm_per_px[0] - expected) < found.mm_per_px[1:].std()
    assert "film.one_ball" not in _keys(found)


def test_the_larger_of_two_balls_stands_beside_the_knee_that_is_farther_in_front() -> (
    None
):
    alike, larger = (
        _calibrated(_ball_film(BALL_PX, px), BALL) for px in (BALL_PX, BALL_PX - 1)
    )
    ahead = [
        found.depth_mm[Side.RIGHT, Joint.KNEE][0]
        - found.depth_mm[Side.LEFT, Joint.KNEE][0]
        for found in (alike, larger)
    ]
    assert ahead[0] == pytest.approx(0, abs=0.5)
    # One pixel is 2 % of the size, so 47 mm of depth; much of it is put down to how
    # the balls were placed.
    assert 5 < ahead[1] < 47


def test_two_balls_narrow_what_they_do_not_share() -> None:
    worlds = Worlds(4000)
    two = _calibrated(_ball_film(BALL_PX, BALL_PX), BALL, worlds=worlds)
    edge = constant("calibration.ball_edge").spread / 25
    reach = 2600 - two.depth_mm[Side.RIGHT, Joint.KNEE][0]
    off = constant(f"calibration.{OFF_THE_BONE}").spread / reach
    # The film's processing and the radiographer's habit are common to both.
    left = np.hypot(
        edge * np.sqrt(1 - OWN_EDGE**2 / 2), off * np.sqrt(1 - OWN_PLACEMENT**2 / 2)
    )
    assert np.log(two.mm_per_px[1:]).std() == pytest.approx(left, rel=0.1)


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
    assert found.mm_per_px[0] == pytest.approx(_mm_per_px(BALL_PX), rel=0.005)
    assert all((found.source_mm > depth).all() for depth in found.depth_mm.values())


# A typed magnification.


def _magnification(calibration: Calibration) -> Array:
    """Of the mean of all joints, shape (worlds,) [1]."""
    middle = np.mean([*calibration.depth_mm.values()], axis=0)
    return np.asarray(calibration.source_mm / (calibration.source_mm - middle))


@pytest.mark.parametrize("typed", [1.03, 1.05, 1.08])
def test_a_typed_magnification_is_weighed_against_where_people_stand(
    typed: float,
) -> None:
    known = KnownGeometry(magnification=typed, magnification_sd=0.01)
    before = np.log(
        _magnification(_calibrated(_ball_film(), KnownGeometry(), worlds=Worlds(4000)))
    )
    found = _calibrated(_ball_film(), known, worlds=Worlds(4000))
    assert found.method is Method.MAGNIFICATION
    spread, said = before[1:].std(), 0.01 / typed
    weight = spread**2 / (spread**2 + said**2)
    expected = before[0] + weight * (np.log(typed) - before[0])
    after = np.log(_magnification(found))
    assert after[0] == pytest.approx(expected, abs=0.001)
    assert after[1:].std() == pytest.approx(spread * np.sqrt(1 - weight), rel=0.1)
    np.testing.assert_array_equal(found.pitch_mm, 0.5)


def test_the_surer_a_typed_magnification_the_nearer_is_the_scale() -> None:
    known = KnownGeometry(magnification=1.08, magnification_sd=1e-4)
    found = _calibrated(_ball_film(), known)
    assert _magnification(found)[0] == pytest.approx(1.08, rel=1e-5)
    # In the other worlds the stance is followed along its slope at the nominal one.
    np.testing.assert_allclose(_magnification(found), 1.08, rtol=0.005)


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
    np.testing.assert_array_equal(found.depth_mm[Side.LEFT, Joint.HIP], 160)
    # The ball and the other hip tell something; a turn of the pelvis stays unknown.
    turn = constant("calibration.pelvis_turn").spread
    hips_mm = 180.0  # apart, about
    assert found.depth_mm[Side.RIGHT, Joint.HIP][1:].std() > 0.5 * hips_mm * np.radians(
        turn
    )


def test_a_measured_depth_tells_about_the_other_joints() -> None:
    known = KnownGeometry(depth_mm={(Side.LEFT, Joint.HIP): 250.0})
    guessed, told = (
        _calibrated(_ball_film(), k).depth_mm[Side.RIGHT, Joint.ANKLE]
        for k in (KnownGeometry(), known)
    )
    assert told[0] > guessed[0] + 50
    assert told[1:].std() < guessed[1:].std()


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
    np.testing.assert_array_equal(found.source_mm, 2000)


def test_an_unknown_source_is_drawn_wider_than_a_known_one() -> None:
    known, unknown = (
        _calibrated(_ball_film(BALL_PX, source_mm=mm), BALL).source_mm
        for mm in (2600.0, None)
    )
    assert unknown[1:].std() > 5 * known[1:].std()
    assert unknown.min() > 1000


# A film of true scale.


def test_a_film_of_true_scale_magnifies_nothing_at_any_depth() -> None:
    known = KnownGeometry(true_scale=True)
    found = _calibrated(_ball_film(), known, worlds=Worlds(4000))
    assert found.method is Method.TRUE_SCALE
    for depth in (np.zeros(4001), np.full(4001, 300.0)):
        size = found.size_at(depth)
        assert size[0] == pytest.approx(0.5, rel=1e-5)
        spread = constant("calibration.true_scale").spread
        assert np.log(size[1:]).std() == pytest.approx(spread, rel=0.1)


# Several at once.


@pytest.mark.parametrize(
    ("known", "method"),
    [
        (replace(BALL, lengths=(RULER,)), Method.COMBINED),
        (replace(BALL_LESS, lengths=(RULER,)), Method.COMBINED),
        (KnownGeometry(lengths=(RULER,)), Method.LENGTH),
        (replace(BALL, depth_mm=EVERY_DEPTH), Method.DEPTHS),
    ],
)
def test_the_method_names_what_gave_the_scale(
    known: KnownGeometry, method: Method
) -> None:
    assert _calibrated(_ball_film(BALL_PX), known).method is method


def test_a_ruler_beside_a_ball_narrows_the_scale() -> None:
    alone, both = (
        _calibrated(_ball_film(BALL_PX), known, worlds=Worlds(2000)).mm_per_px[1:]
        for known in (BALL, replace(BALL, lengths=(RULER,)))
    )
    assert both.std() < alone.std()


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


@pytest.mark.parametrize("side", Side)
def test_a_person_leans_and_stands_straight_as_the_evidence_says(side: Side) -> None:
    worlds = Worlds(4000)
    found = _calibrated(_ball_film(), KnownGeometry(), ALL_SAID, worlds).depth_mm
    lean, line = (
        constant(f"calibration.{name}")
        for name in ("ankle_behind_hip", "knee_before_line")
    )
    hip, ankle = (found[side, joint] for joint in (Joint.HIP, Joint.ANKLE))
    before = _knee_before_line(found, side)
    assert (hip - ankle)[0] == pytest.approx(lean.value)
    assert before[0] == pytest.approx(line.value)
    assert (hip - ankle)[1:].std() > lean.spread
    assert before[1:].std() > line.spread


def _knee_before_line(
    depth: Mapping[tuple[Side, Joint], Array], side: Side
) -> np.ndarray[Any, Any]:
    """How far a knee stands before the line from hip to ankle, (worlds,) [mm]."""
    leg = standing().sides[side]
    hip, knee, ankle = (leg[f"{joint}_centre"][1] for joint in Joint)
    share = (knee - hip) / (ankle - hip)
    line = (1 - share) * depth[side, Joint.HIP] + share * depth[side, Joint.ANKLE]
    return np.asarray(depth[side, Joint.KNEE] - line)


def test_knees_that_nobody_looked_at_are_less_sure_and_bend_alike() -> None:
    said, unsaid = (
        [
            _knee_before_line(
                _calibrated(
                    _ball_film(),
                    KnownGeometry(),
                    replace(ALL_SAID, knee_flexion_deg=degrees),
                    Worlds(4000),
                ).depth_mm,
                side,
            )[1:]
            for side in Side
        ]
        for degrees in (0.0, None)
    )
    assert np.std(unsaid[0] + unsaid[1]) > 1.3 * np.std(said[0] + said[1])
    apart = np.std(unsaid[0] - unsaid[1])
    assert apart == pytest.approx(np.std(said[0] - said[1]), rel=0.05)


def test_a_bent_knee_comes_forward() -> None:
    straight, bent = (
        _knee_before_line(
            _calibrated(
                _ball_film(),
                KnownGeometry(),
                replace(ALL_SAID, knee_flexion_deg=degrees),
            ).depth_mm,
            Side.RIGHT,
        )[0]
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
    for name in ("pitch_mm", "source_mm", "centre_px"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
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
    source = found.source_mm[0]
    on_detector = np.array([x, -z]) * source / (source - depth)
    pixels = on_detector / film.spacing_mm + found.centre_px[0]
    np.testing.assert_allclose(pixels, clicked, atol=1e-6)
