"""Refinement: nearer to the truth than a rough click, and honest where it is not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from callotasis.findings import Finding, Level
from callotasis.pose import Side
from callotasis.radiograph import refine as refine_module
from callotasis.radiograph.film import Film
from callotasis.radiograph.landmarks import REFINED, Landmarks, landmarks_from
from callotasis.radiograph.phantom import make_film, spec_from
from callotasis.radiograph.refine import Refined, refined, scale_of
from darkroom import bare_film, film_of
from legs import COLUMNS, ROWS, mirror_image, standing
from studio import developed

SEEDS = range(3)
CLICK_SD_MM = 1.5
PLAIN = spec_from({"pitch_mm": 0.4})
ACROSS = ("hip_centre", "fem_condyle", "tib_plateau", "troch_tip", "shaft")
"""What is refined, by a part of its name."""


@cache
def _person() -> tuple[Film, Landmarks]:
    """The mean adult on film, and where his landmarks are."""
    made = make_film(PLAIN)
    return developed(made), landmarks_from(made.truth["landmarks"])


def _rough(
    film: Film, true: Landmarks, seed: int, sd_mm: float = CLICK_SD_MM
) -> Landmarks:
    """Click off each landmark."""
    rng, mm = np.random.default_rng(seed), scale_of(film, true)
    return Landmarks(
        {
            side: {
                name: tuple((np.array(p) + rng.normal(0, sd_mm, 2) / mm).tolist())
                for name, p in points.items()
            }
            for side, points in true.sides.items()
        }
    )


@cache
def _refined(seed: int) -> tuple[Landmarks, Refined]:
    film, true = _person()
    clicks = _rough(film, true, seed)
    return clicks, refined(film, clicks)


def _off_mm(found: Landmarks, part: str) -> list[float]:
    """How far points of this kind lie from the truth in the direction that counts."""
    film, true = _person()
    mm = scale_of(film, true)
    off = []
    for side, points in true.sides.items():
        for name in [n for n in points if part in n and n in REFINED]:
            across, down = (np.array(found.sides[side][name]) - points[name]) * mm
            by_name = {"hip_centre": np.hypot(across, down), "shaft": across}
            off.append(abs(float(by_name.get(part, down))))
    return off


# The synthetic person.


def _kept(result: Refined) -> list[Finding]:
    """Findings about points that stay as clicked, but for the plafond's own note."""
    return [f for f in result.findings if f.key != "landmark.plafond"]


@pytest.mark.parametrize("part", ACROSS)
def test_a_refined_point_is_nearer_to_the_truth_than_a_rough_click(part: str) -> None:
    pairs = [_refined(seed) for seed in SEEDS]
    clicked = np.mean([_off_mm(clicks, part) for clicks, _ in pairs])
    found = np.mean([_off_mm(result.landmarks, part) for _, result in pairs])
    assert found < 0.6 * clicked


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_picture_carries_is_named_and_nothing_else_moves(seed: int) -> None:
    clicks, result = _refined(seed)
    for side, points in clicks.sides.items():
        names = result.landmarks.refined[side]
        assert names <= set(REFINED)
        assert len(names) >= 8
        for name, point in points.items():
            moved = result.landmarks.sides[side][name] != point
            assert moved is (name in names), name


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_as_clicked_is_a_finding_by_its_side(seed: int) -> None:
    clicks, result = _refined(seed)
    for side, points in clicks.sides.items():
        kept = set(points) & set(REFINED) - result.landmarks.refined[side]
        said = [f for f in _kept(result) if f.about == str(side)]
        assert len(said) == len(kept)
        for finding in said:
            assert (finding.level, finding.key) == (Level.NOTE, "landmark.kept")
            assert any(name in finding.sentence for name in kept)


def test_refining_again_changes_little() -> None:
    film, true = _person()
    _, once = _refined(0)
    again = refined(film, replace(once.landmarks, refined={}))
    mm = scale_of(film, true)
    moved = [
        np.abs(np.array(again.landmarks.sides[s][n]) - once.landmarks.sides[s][n]) * mm
        for s, names in once.landmarks.refined.items()
        for n in names
    ]
    assert np.median(moved) < 0.1


def test_a_film_seen_from_behind_gives_the_mirror_image() -> None:
    film, true = _person()
    clicks = _rough(film, true, 0, sd_mm=0.5)
    behind = replace(film, pixels=film.pixels[:, ::-1])
    found = refined(behind, mirror_image(clicks, film.columns)).landmarks
    back = mirror_image(found, film.columns)
    mm = scale_of(film, true)
    here = refined(film, clicks).landmarks
    for side in Side:
        hip, other = (m.sides[side]["hip_centre"] for m in (here, back))
        assert np.abs(np.subtract(hip, other)).max() * mm < 0.1


def test_the_same_clicks_give_the_same_points() -> None:
    film, _ = _person()
    clicks, result = _refined(1)
    assert refined(film, clicks).landmarks == result.landmarks


# What the picture does not carry.


@settings(max_examples=5)
@given(
    seed=st.integers(0, 1000), noise=st.floats(0.001, 0.05), grain=st.floats(0.5, 4.0)
)
def test_on_a_film_of_noise_every_point_stays_as_clicked(
    seed: int, noise: float, grain: float
) -> None:
    drawn = np.random.default_rng(seed).standard_normal((ROWS, COLUMNS))
    blurred = ndimage.gaussian_filter(drawn, grain)
    film = film_of(0.5 + noise * blurred / blurred.std(), spacing_mm=(0.5, 0.5))
    result = refined(film, standing())
    kept = {s: set(p) & set(REFINED) for s, p in standing().sides.items()}
    found = sum(len(names) for names in result.landmarks.refined.values())
    # One in a hundred may look like an edge.
    assert found <= 1
    assert len(_kept(result)) == sum(map(len, kept.values())) - found


@pytest.mark.parametrize("spacing", [(0.5, 0.5), (0.5, 0.6), None])
def test_on_an_empty_film_every_point_stays_as_clicked(
    spacing: tuple[float, float] | None,
) -> None:
    result = refined(bare_film(ROWS, COLUMNS, spacing_mm=spacing), standing())
    assert result.landmarks.sides == standing().sides
    assert set(result.landmarks.refined.values()) == {frozenset()}
    assert {f.key for f in result.findings} == {"landmark.kept", "landmark.plafond"}
    said = " ".join(f.sentence for f in result.findings)
    for name in set(standing().sides[Side.RIGHT]) & set(REFINED):
        assert name in said


def test_points_that_nobody_clicked_are_not_missed() -> None:
    bare = {
        side: {n: p for n, p in points.items() if n.endswith("_centre")}
        for side, points in standing().sides.items()
    }
    result = refined(bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.5)), Landmarks(bare))
    assert [f.about for f in result.findings] == ["R", "L"]
    assert all("hip_centre" in f.sentence for f in result.findings)


def test_a_click_at_the_rim_of_a_film_is_refined_or_kept() -> None:
    film, true = _person()
    for corner in ((0.5, 0.5), (film.columns - 0.5, film.rows - 0.5)):
        points = {**true.sides[Side.RIGHT], "hip_centre": corner, "troch_tip": corner}
        result = refined(film, Landmarks({Side.RIGHT: points}))
        assert np.isfinite(result.landmarks.sides[Side.RIGHT]["hip_centre"]).all()


# A knee whose bones would touch.


@pytest.mark.parametrize(
    ("gap_mm", "kept"), [(0.4, True), (3.0, False), (8.0, False), (14.0, True)]
)
def test_a_knee_that_would_be_pinched_or_gape_keeps_both_clicks(
    monkeypatch: pytest.MonkeyPatch, gap_mm: float, kept: bool
) -> None:
    film = bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.5))
    mm = scale_of(film, standing())
    clicks = dict(standing().sides[Side.RIGHT])
    ends = ("fem_condyle_med", "tib_plateau_med")
    column, row = clicks[ends[0]]
    clicks[ends[1]] = (column, row + 5 / mm)
    half = (5 - gap_mm) / 2 / mm
    seen = {ends[0]: (column, row + half), ends[1]: (column, row + 5 / mm - half)}

    def look(_leg: object, names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
        return {n: seen[n] for n in names}

    monkeypatch.setattr(refine_module, "_STEPS", tuple(((n,), look) for n in ends))
    result = refined(film, Landmarks({Side.RIGHT: clicks}))
    names = result.landmarks.refined[Side.RIGHT]
    assert names == (frozenset() if kept else frozenset(ends))
    assert len(_kept(result)) == (2 if kept else 0)
    if kept:
        assert result.landmarks.sides[Side.RIGHT] == clicks


def test_what_is_seen_too_far_from_the_click_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    film = bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.5))
    column, row = standing().sides[Side.RIGHT]["hip_centre"]
    for off_mm, believed in ((8.0, True), (10.0, False)):
        seen = (column + off_mm / scale_of(film, standing()), row)
        steps = ((("hip_centre",), lambda *_, seen=seen: {"hip_centre": seen}),)
        monkeypatch.setattr(refine_module, "_STEPS", steps)
        result = refined(film, standing(Side.RIGHT))
        assert bool(result.landmarks.refined[Side.RIGHT]) is believed


# The scale.


def test_the_scale_to_look_by_is_that_of_the_bones() -> None:
    film, true = _person()
    assert scale_of(film, true) == pytest.approx(0.4 / 1.05, rel=0.05)
    bare = replace(film, spacing_mm=None)
    assert scale_of(bare, true) == pytest.approx(scale_of(film, true), rel=0.15)
