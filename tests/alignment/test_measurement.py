"""Measurements: what a film of known legs gives, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from callotasis.alignment.difference import Discrepancy, Longer
from callotasis.alignment.frontal import QUANTITIES
from callotasis.alignment.measurement import DEFINITION, Measurement, measure_film
from callotasis.errors import LandmarkRefusal
from callotasis.evidence import constant
from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph.calibration import Method
from callotasis.radiograph.film import Film
from callotasis.radiograph.known import FilmFacts, Joint, KnownGeometry
from callotasis.radiograph.landmarks import REQUIRED, Landmarks, landmarks_from
from callotasis.radiograph.phantom import Bend, BoneShape, FilmSpec, skeleton
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.solid import Leg
from callotasis.radiograph.phantom.template import mean_leg
from callotasis.radiograph.phantom.truth import landmarks_on, truth_of
from callotasis.worlds import Interval, Worlds
from darkroom import ball_film, bare_film
from legs import COLUMNS, ROWS, mirror_image, standing, standing_points

Truth = dict[str, Any]

NOTHING_SAID = FilmFacts()
BALL = KnownGeometry(ball_mm=25.0)
LENGTHS = ("femur_length_mm", "tibia_length_mm", "leg_length_mm")
ANGLES = [q.name for q in QUANTITIES if q.name.endswith("_deg")]


@pytest.fixture(scope="module")
def by_ball(sample_film: Film, sample_landmarks: Landmarks) -> Measurement:
    """Measure the sample film by its ball alone."""
    return measure_film(sample_film, sample_landmarks, BALL, NOTHING_SAID).measurement


@pytest.fixture(scope="module")
def by_depths(
    sample_film: Film, sample_landmarks: Landmarks, sample_truth: Truth
) -> Measurement:
    """Measure the sample film with everything about its beam known."""
    known = KnownGeometry(
        source_mm=sample_truth["sid_mm"],
        beam_centre_px=tuple(sample_truth["beam_centre_px"]),
        depth_mm={
            (side, joint): _point(sample_truth, side, joint)[1]
            for side in Side
            for joint in Joint
        },
    )
    return measure_film(sample_film, sample_landmarks, known, NOTHING_SAID).measurement


def _point(truth: Truth, side: Side, joint: Joint) -> list[float]:
    point: list[float] = truth["sides"][side]["points_3d"][f"{joint}_centre"]
    return point


def _holds(interval: Interval | Discrepancy, number: float) -> bool:
    return interval.low <= number <= interval.high


# The sample film, by its ball alone.


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", LENGTHS)
def test_the_interval_of_a_length_holds_the_truth(
    by_ball: Measurement, sample_truth: Truth, side: Side, name: str
) -> None:
    assert _holds(by_ball.sides[side][name], sample_truth["sides"][side][name])


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", ["mldfa_deg", "mpta_deg", "mldta_deg"])
def test_the_interval_of_an_angle_holds_the_truth(
    by_ball: Measurement, sample_truth: Truth, side: Side, name: str
) -> None:
    assert _holds(by_ball.sides[side][name], sample_truth["sides"][side][name])


def test_the_interval_of_the_discrepancy_holds_the_truth_and_is_no_wider_than_16_mm(
    by_ball: Measurement, sample_truth: Truth
) -> None:
    found = by_ball.discrepancy_mm
    assert found is not None
    assert _holds(found, sample_truth["discrepancy_mm"])
    assert found.high - found.low <= 16


def test_the_ball_alone_does_not_decide_which_leg_is_longer(
    by_ball: Measurement,
) -> None:
    # The nominal value has the wrong sign: only the interval keeps it from being said.
    assert by_ball.discrepancy_mm is not None
    assert by_ball.discrepancy_mm.value < 0
    assert by_ball.discrepancy_mm.longer == "undecided"


@pytest.mark.parametrize("side", Side)
def test_the_deviation_is_that_of_the_landmarks_on_the_film(
    by_ball: Measurement, sample_landmarks: Landmarks, side: Side
) -> None:
    hip, knee, ankle = (np.array(sample_landmarks.sides[side][n]) for n in REQUIRED)
    outward = -1 if side is Side.RIGHT else 1
    lean_of_femur, lean_of_tibia = (
        np.degrees(np.arctan2(outward * line[0], line[1]))
        for line in (knee - hip, ankle - knee)
    )
    valgus = by_ball.sides[side]["hka_deviation_deg"].value
    assert valgus == pytest.approx(lean_of_tibia - lean_of_femur, abs=0.3)


@pytest.mark.parametrize("side", Side)
def test_the_interval_of_the_deviation_holds_the_truth(
    by_ball: Measurement, sample_truth: Truth, side: Side
) -> None:
    true = sample_truth["sides"][side]["hka_deviation_deg"]
    assert _holds(by_ball.sides[side]["hka_deviation_deg"], true)


def test_the_sample_film_is_measured_in_full(by_ball: Measurement) -> None:
    names = {q.name for q in QUANTITIES}
    assert all(set(found) == names for found in by_ball.sides.values())
    assert by_ball.not_measured == ("foot height", "sagittal plane", "torsion")
    assert by_ball.definition == DEFINITION
    assert by_ball.scale.method is Method.BALL
    assert set(by_ball.split_mm) == {"femur", "tibia"}


def test_every_interval_holds_its_value(by_ball: Measurement) -> None:
    for found in by_ball.sides.values():
        for name, interval in found.items():
            assert interval.low < interval.value < interval.high, name
            assert interval.level == 0.95


def test_the_discrepancy_splits_into_femur_and_tibia_about(
    by_ball: Measurement,
) -> None:
    assert by_ball.discrepancy_mm is not None
    split = sum(part.value for part in by_ball.split_mm.values())
    # Hip, knee and ankle stand in no line: the parts add up to a little more or less.
    assert split == pytest.approx(by_ball.discrepancy_mm.value, abs=1.0)


def test_findings_come_by_urgency_and_say_what_nobody_said(
    by_ball: Measurement,
) -> None:
    levels = [finding.level for finding in by_ball.findings]
    assert levels == sorted(levels, key=[Level.STOP, Level.CAUTION, Level.NOTE].index)
    keys = {finding.key for finding in by_ball.findings}
    assert {"film.patella_unknown", "film.one_ball", "alignment.jlca"} <= keys


# The sample film, with the depth of every joint known.


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", LENGTHS)
def test_known_depths_give_a_length_within_half_a_millimetre(
    by_depths: Measurement, sample_truth: Truth, side: Side, name: str
) -> None:
    found, true = by_depths.sides[side][name], sample_truth["sides"][side][name]
    assert found.value == pytest.approx(true, abs=0.5)
    assert _holds(found, true)


def test_known_depths_decide_that_the_right_leg_is_longer(
    by_depths: Measurement, sample_truth: Truth
) -> None:
    found = by_depths.discrepancy_mm
    assert found is not None
    assert found.value == pytest.approx(sample_truth["discrepancy_mm"], abs=0.5)
    assert found.longer is Longer.RIGHT


# Anybody, with everything known: only arithmetic is left.


def _anybody(rng: np.random.Generator) -> FilmSpec:
    """Draw a person who is shaped, bent, turned and lit in any usual way."""
    segments = [f"{side}.{bone}" for side in Side for bone in ("femur", "tibia")]
    return FilmSpec(
        height_scale=rng.uniform(0.66, 1.2),
        shortening_mm={s: rng.uniform(-10, 50) for s in segments},
        bend={
            s: Bend(rng.uniform(-15, 15), rng.uniform(0.3, 0.7), rng.uniform(-10, 10))
            for s in segments
        },
        shape={
            s: BoneShape(
                width=rng.uniform(0.9, 1.1),
                bow_mm=rng.uniform(-8, 8),
                torsion_deg=rng.uniform(-25, 25),
                joint_deg=rng.uniform(-4, 4),
            )
            for s in segments
        },
        pelvis_turn_deg=rng.uniform(-12, 12),
        feet_turn_deg=rng.uniform(-12, 12),
        leg_turn_deg={str(side): rng.uniform(-15, 15) for side in Side},
        knee_flexion_deg={str(side): rng.uniform(-5, 15) for side in Side},
        source_mm=rng.uniform(1800, 3000),
        knee_to_detector_mm=rng.uniform(80, 220),
        beam_row_mm=rng.uniform(-150, 250),
        beam_column_mm=rng.uniform(-60, 60),
        pitch_mm=0.4,
    )


def _measured_with_everything_known(spec: FilmSpec) -> tuple[Measurement, Truth]:
    """Measure unscattered landmarks; no film is exposed."""
    person, beam = scene(spec)
    truth = truth_of(person, beam, spec)
    depth = {
        (side, name): float(point[1])
        for side, leg in person.legs.items()
        for name, point in leg.points.items()
    }
    joints = {(s, j): depth[s, f"{j}_centre"] for s in Side for j in Joint}
    known = KnownGeometry(
        source_mm=beam.source_mm,
        beam_centre_px=tuple(truth["beam_centre_px"]),
        depth_mm=depth | joints,
    )
    facts = FilmFacts(rotation_deg={s: spec.leg_turn_deg[str(s)] for s in Side})
    film = bare_film(beam.rows, beam.columns, spacing_mm=(beam.pitch_mm,) * 2)
    landmarks = landmarks_on(person, beam)
    found = measure_film(film, landmarks, known, facts, Worlds(2))
    return found.measurement, truth


@pytest.mark.slow
def test_with_everything_known_nothing_is_off_by_0_3_mm_or_0_05_deg(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Landmarks are carried along without their bones: half the work.
    bare = Leg(Side.LEFT, {}, mean_leg().points)
    monkeypatch.setattr(skeleton, "mean_leg", lambda: bare)
    rng = np.random.default_rng(1)
    for _ in range(100):
        found, truth = _measured_with_everything_known(_anybody(rng))
        assert found.discrepancy_mm is not None
        assert abs(found.discrepancy_mm.value - truth["discrepancy_mm"]) < 0.3
        for side, quantity in product(Side, QUANTITIES):
            name, most = quantity.name, 0.05 if quantity.is_angle else 0.3
            value = found.sides[side][name].value
            assert value == pytest.approx(truth["sides"][side][name], abs=most), name


# Repeats and mirrors.


def test_the_same_film_gives_the_same_numbers_again(
    sample_film: Film, sample_landmarks: Landmarks, by_ball: Measurement
) -> None:
    again = measure_film(sample_film, sample_landmarks, BALL, NOTHING_SAID)
    assert again.measurement == by_ball


def test_another_seed_gives_the_same_values_and_other_intervals(
    sample_film: Film, sample_landmarks: Landmarks, by_ball: Measurement
) -> None:
    worlds = Worlds(seed=7)
    other = measure_film(
        sample_film, sample_landmarks, BALL, NOTHING_SAID, worlds
    ).measurement
    for side in Side:
        for name, interval in by_ball.sides[side].items():
            assert other.sides[side][name].value == interval.value
            assert other.sides[side][name].low != interval.low


def test_the_order_of_sides_and_names_in_a_file_changes_nothing(
    sample_film: Film, sample_landmarks: Landmarks, by_ball: Measurement
) -> None:
    raw = sample_landmarks.as_json()
    turned = {side: dict(reversed(raw[side].items())) for side in reversed(raw)}
    found = measure_film(sample_film, landmarks_from(turned), BALL, NOTHING_SAID)
    assert found.measurement == by_ball


def _small_film(**known: Any) -> Film:
    """Film for the drawn legs: one ball of 25 mm between the knees, magnified 1.05."""
    geometry = {"shape": (ROWS, COLUMNS), "spacing_mm": (0.5, 0.5), **known}
    return ball_film((300.0, 900.0, 52.5), **geometry)


def _values(intervals: Mapping[str, Interval | Discrepancy]) -> dict[str, float]:
    return {name: interval.value for name, interval in intervals.items()}


def test_the_mirror_image_swaps_the_legs_and_nothing_else() -> None:
    film = _small_film()
    points = standing_points()
    for point in points["L"].values():
        point[0] += 7.0
    landmarks = landmarks_from(points)
    here, there = (
        measure_film(film, seen, BALL, NOTHING_SAID, Worlds(2)).measurement
        for seen in (landmarks, mirror_image(landmarks, COLUMNS))
    )
    for side in Side:
        expected = _values(here.sides[side])
        # The slopes of the calibration are differences: a ball beside the other leg
        # rounds otherwise.
        found = _values(there.sides[side.other])
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-9)
    assert here.discrepancy_mm is not None
    assert there.discrepancy_mm is not None
    assert there.discrepancy_mm.value == pytest.approx(-here.discrepancy_mm.value)
    tilts = [m.pelvis["obliquity_deg"].value for m in (here, there)]
    assert tilts[0] == pytest.approx(-tilts[1])


def test_a_film_without_patient_orientation_is_measured_the_same() -> None:
    said, unsaid = (
        measure_film(
            _small_film(columns_to_left=to_left),
            standing(),
            BALL,
            NOTHING_SAID,
            Worlds(50),
        ).measurement
        for to_left in (True, None)
    )
    assert said.sides == unsaid.sides
    assert said.discrepancy_mm == unsaid.discrepancy_mm
    more = set(unsaid.findings) - set(said.findings)
    assert {f.key for f in more} == {"film.side_unproven"}


# What is not measured.


@pytest.fixture(scope="module")
def without_scale() -> Measurement:
    """Measure a film that nothing gives a scale."""
    film = bare_film(ROWS, COLUMNS, spacing_mm=None, source_mm=None)
    return measure_film(
        film, standing(), KnownGeometry(), NOTHING_SAID, Worlds(200)
    ).measurement


def test_a_film_without_a_scale_gives_angles_only(without_scale: Measurement) -> None:
    for found in without_scale.sides.values():
        assert set(found) == set(ANGLES)
    assert without_scale.scale.method is Method.NONE
    assert without_scale.scale.mm_per_px is None
    assert without_scale.discrepancy_mm is None
    assert without_scale.split_mm == {}
    assert set(without_scale.pelvis) == {"obliquity_deg"}


def test_a_film_without_a_scale_names_every_length_that_it_does_not_give(
    without_scale: Measurement,
) -> None:
    lengths = {f"{s}.{q.name}" for s in Side for q in QUANTITIES if not q.is_angle}
    named = set(without_scale.not_measured)
    assert lengths | {"discrepancy_mm", "scale.mm_per_px"} <= named
    assert "film.no_scale" in {finding.key for finding in without_scale.findings}


def _with_scale(pitch_mm: float) -> Measurement:
    """Measure the drawn legs by a ball, on a film whose source nobody wrote down."""
    film = ball_film(
        (300.0, 900.0, 25 * MAGNIFIED / pitch_mm),
        shape=(ROWS, COLUMNS),
        spacing_mm=(pitch_mm, pitch_mm),
        source_mm=None,
    )
    return measure_film(film, standing(), BALL, NOTHING_SAID, Worlds(2)).measurement


MAGNIFIED = constant("calibration.magnification_limits").value
LEG_PX = 1620 - 200  # of the drawn legs, hip to ankle


def test_angles_without_a_scale_are_those_of_a_leg_of_usual_length(
    without_scale: Measurement,
) -> None:
    usual_mm = constant("calibration.leg_length_without_scale").value
    scaled = _with_scale(usual_mm * MAGNIFIED / LEG_PX)
    for side, found in without_scale.sides.items():
        for name, interval in found.items():
            with_scale = scaled.sides[side][name].value
            assert interval.value == pytest.approx(with_scale, abs=0.5), name


@pytest.mark.parametrize("leg_mm", [600.0, 700.0, 950.0])
def test_angles_without_a_scale_hold_those_of_a_shorter_or_longer_leg(
    without_scale: Measurement, leg_mm: float
) -> None:
    # A trochanter stands 26 mm behind its hip in a child and in a giant: on the film
    # of a shorter leg that is more of the leg.
    scaled = _with_scale(leg_mm * MAGNIFIED / LEG_PX)
    for side, found in without_scale.sides.items():
        for name, interval in found.items():
            assert _holds(interval, scaled.sides[side][name].value), name


@pytest.mark.parametrize("side", Side)
def test_one_leg_is_measured_alone(side: Side) -> None:
    found = measure_film(
        _small_film(), standing(side), BALL, NOTHING_SAID, Worlds(50)
    ).measurement
    assert list(found.sides) == [side]
    assert set(LENGTHS) <= set(found.sides[side])
    assert found.discrepancy_mm is None
    assert found.pelvis == {}
    assert "discrepancy_mm" in found.not_measured


def test_three_centres_are_enough_and_the_rest_is_named() -> None:
    points = standing_points()
    centres = {s: {name: leg[name] for name in REQUIRED} for s, leg in points.items()}
    found = measure_film(
        _small_film(), landmarks_from(centres), BALL, NOTHING_SAID, Worlds(50)
    ).measurement
    for side in Side:
        assert set(found.sides[side]) == {*LENGTHS, "mad_mm", "hka_deviation_deg"}
        for name in set(ANGLES) - {"hka_deviation_deg"}:
            assert f"{side}.{name}" in found.not_measured
    assert found.discrepancy_mm is not None


def test_the_findings_of_the_film_are_passed_on() -> None:
    odd = Finding(Level.CAUTION, "film.spacing_origin", "Odd.", "Look.")
    film = replace(_small_film(), findings=(odd,))
    found = measure_film(film, standing(), BALL, NOTHING_SAID, Worlds(50))
    assert odd in found.measurement.findings


def test_landmarks_that_do_not_lie_on_the_film_are_refused() -> None:
    film = bare_film(ROWS - 200, COLUMNS)
    with pytest.raises(LandmarkRefusal, match="outside the film"):
        measure_film(film, standing(), KnownGeometry(), NOTHING_SAID, Worlds(2))


def test_the_worlds_behind_a_measurement_are_kept() -> None:
    film, landmarks, worlds = _small_film(), standing(), Worlds(50)
    found = measure_film(film, landmarks, BALL, NOTHING_SAID, worlds)
    for side in Side:
        for name, samples in found.samples[side].items():
            assert samples.shape == (51,), name
            assert found.measurement.sides[side][name].value == samples[0]
