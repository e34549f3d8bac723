"""Angles and bow in the sagittal plane: signs, and what they follow from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.pose import Side
from callotasis.radiograph.landmarks import LATERAL, View
from callotasis.radiograph.phantom import Bend, BoneShape, FilmSpec
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.sagittal import angle_deg, sagittal_figures
from callotasis.radiograph.phantom.truth import truth_of
from people import laterals

few = settings(max_examples=15, deadline=None)
# Normal adults, Paley 2002: posterior distal femur, posterior proximal tibia, anterior
# distal tibia.
NORMAL = {"pdfa_deg": (79, 87), "ppta_deg": (77, 84), "adta_deg": (78, 82)}


def _figures(spec: FilmSpec) -> dict[str, float]:
    person, beam = scene(replace(spec, pitch_mm=0.5))
    (figures,) = truth_of(person, beam, spec)["sides"].values()
    return {name: v for name, v in figures.items() if name != "points_3d"}


@pytest.mark.parametrize("view", LATERAL)
@pytest.mark.parametrize("side", Side)
def test_the_mean_adult_is_normal(side: Side, view: View) -> None:
    found = _figures(FilmSpec(view=view, lateral_of=side))
    assert 0 < found.pop("bow_mm") < 6
    for name, value in found.items():
        low, high = NORMAL[name]
        assert low <= value <= high, name


def test_a_right_angle_has_ninety_degrees_either_way() -> None:
    x, y = np.eye(2)
    assert angle_deg(x, y) == angle_deg(y, x) == 90
    assert angle_deg(x, -x) == 180


def test_a_drawn_leg_has_the_angles_that_were_drawn() -> None:
    tilt = np.radians(7.0)
    points = {
        "hip_centre": np.array([0.0, 0.0, 900.0]),
        "ankle_centre": np.array([0.0, 0.0, 0.0]),
        "fem_shaft_prox": np.array([5.0, 0.0, 700.0]),
        "fem_shaft_mid": np.array([5.0, 4.0, 600.0]),
        "fem_shaft_dist": np.array([5.0, 4.0, 500.0]),
        "fem_joint_ant": np.array([5.0, 20.0, 450.0]),
        "fem_joint_post": np.array(
            [5.0, 20.0 - 40 * np.cos(tilt), 450.0 + 40 * np.sin(tilt)]
        ),
    }
    found = sagittal_figures(points, View.LATERAL_FEMUR)
    assert found["pdfa_deg"] == pytest.approx(83)
    assert found["bow_mm"] == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(
    ("bone", "level", "name", "way"),
    [
        ("femur", 0.8, "pdfa_deg", -1),
        ("tibia", 0.15, "ppta_deg", -1),
        ("tibia", 0.85, "adta_deg", 1),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_procurvatum_next_to_a_joint_changes_its_angle_by_as_much(
    side: Side, bone: str, level: float, name: str, way: int
) -> None:
    view = View(f"lateral {bone}")
    straight, bent = (
        _figures(FilmSpec(view=view, lateral_of=side, bend={f"{side}.{bone}": bends}))
        for bends in ([], [Bend(level=level, procurvatum_deg=10.0)])
    )
    # Paley: apex forward, posterior angles narrow and the anterior one opens.
    assert bent[name] - straight[name] == pytest.approx(10 * way, abs=1)


@given(st.sampled_from(["femur", "tibia"]), st.floats(1, 25))
@few
def test_procurvatum_bows_the_shaft_forward_and_recurvatum_backward(
    bone: str, degrees: float
) -> None:
    view = View(f"lateral {bone}")
    bows = [
        _figures(
            FilmSpec(view=view, bend={f"R.{bone}": Bend(0.0, 0.5, way * degrees)})
        )["bow_mm"]
        for way in (-1, 0, 1)
    ]
    assert bows == sorted(bows)
    assert bows[2] - bows[0] > degrees * 0.5


def test_a_bow_that_was_asked_for_is_found() -> None:
    spec = FilmSpec(view=View.LATERAL_FEMUR)
    bowed = replace(spec, shape={"R.femur": BoneShape(bow_mm=10.0)})
    # Pushed forward as the square of a sine, 10 mm over the bone: the shaft is a part.
    more = _figures(bowed)["bow_mm"] - _figures(spec)["bow_mm"]
    expected = 10 * (1 - np.sin(0.64 * np.pi) ** 2)
    assert more == pytest.approx(expected, abs=0.3)


@given(laterals)
@few
def test_no_figure_depends_on_turns_of_body_or_leg(spec: FilmSpec) -> None:
    still = replace(spec, body_turn_deg=0.0, leg_turn_deg={})
    here, there = _figures(spec), _figures(still)
    assert there == pytest.approx(here, abs=0.0015)


@given(laterals)
@few
def test_a_parallel_beam_along_the_knee_shows_the_figures_on_the_film(
    spec: FilmSpec,
) -> None:
    square = replace(spec, body_turn_deg=0.0, leg_turn_deg={}, true_scale=True)
    person, beam = scene(square)
    truth = truth_of(person, beam, square)
    forward = -1.0 if square.lateral_of == Side.RIGHT else 1.0
    on_film = {
        name: np.array([0.0, forward * column, -row]) * square.pitch_mm
        for name, (column, row) in truth["landmarks"][square.lateral_of].items()
    }
    far = {"hip_centre": np.array([0.0, 0, 1.0]), "ankle_centre": np.zeros(3)}
    found = sagittal_figures(on_film | far, square.view)
    (true,) = truth["sides"].values()
    # The plane leans with the leg, the film does not: half a degree for a leg that
    # leans 12 deg, which only a bowed leg does.
    for name, value in found.items():
        assert value == pytest.approx(true[name], abs=0.6), name
