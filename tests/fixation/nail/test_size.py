"""Whether a nail fits: its thickness in the canal, its straightness in the bow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.fixation import bow_of, bow_over, every_device, thickness_of
from callotasis.fixation.nail.size import bow_findings, thickness_findings
from callotasis.worlds import Interval
from dora import RIGHT_FEMUR

NAIL = every_device()["example-nail"]
OVER = constant("fixation.nail_over_ream").value
LEAST = constant("fixation.nail_cortex_left").value


def about(value: float, spread: float = 1.0) -> Interval:
    """Return a measured width."""
    return Interval(value, value - spread, value + spread)


# Thickness.


@pytest.mark.parametrize(
    ("canal_mm", "outer_mm", "diameter_mm", "reamed_mm"),
    [
        (12.0, None, 10.0, 12.0),
        (14.0, None, 11.5, 14.0),
        (12.0, 27.0, 13.0, 15.0),
        (11.0, 20.0, 11.5, 13.5),
    ],
)
def test_the_thickest_nail_that_the_bone_takes_is_chosen(
    canal_mm: float, outer_mm: float | None, diameter_mm: float, reamed_mm: float
) -> None:
    outer = None if outer_mm is None else about(outer_mm)
    found = thickness_of(NAIL, about(canal_mm), outer)
    assert found.fits
    assert (found.diameter_mm, found.reamed_mm) == (diameter_mm, reamed_mm)


@given(canal=st.floats(6, 20), wall=st.floats(2, 12))
def test_reaming_leaves_room_for_the_nail_and_cortex_beside_it(
    canal: float, wall: float
) -> None:
    found = thickness_of(NAIL, about(canal), about(canal + 2 * wall))
    assert found.cortex_left_mm is not None
    if found.fits:
        assert found.room_mm >= OVER - 1e-9
        assert found.cortex_left_mm >= min(LEAST, wall) - 1e-9
    else:
        assert found.diameter_mm == min(NAIL.diameters_mm)


def test_without_an_outer_edge_no_cortex_is_reamed_away() -> None:
    found = thickness_of(NAIL, about(14.5), None)
    assert found.reamed_mm == 14.5
    assert found.cortex_left_mm is None


@pytest.mark.parametrize(
    ("outer_mm", "level"), [(15.0, Level.STOP), (None, Level.CAUTION)]
)
def test_a_canal_too_narrow_for_any_nail_is_said(
    outer_mm: float | None, level: Level
) -> None:
    """Where nobody marked the cortex it may still be reamed: that is no stop."""
    outer = None if outer_mm is None else about(outer_mm)
    thickness = thickness_of(NAIL, about(9.0), outer)
    (found,) = thickness_findings(RIGHT_FEMUR, NAIL, thickness)
    assert (found.level, found.reference) == (level, "nail.too_thick@R.femur")
    assert "10 mm and wants 12 mm of canal" in found.sentence
    assert "9.0 mm (8.0 to 10.0)" in found.sentence


def test_a_thin_cortex_is_a_caution_and_a_good_fit_needs_no_word() -> None:
    thin = thickness_of(NAIL, about(13.0), about(17.0))
    (found,) = thickness_findings(RIGHT_FEMUR, NAIL, thin)
    assert (found.level, found.key) == (Level.CAUTION, "nail.thin_cortex")
    assert "2.0 mm thick" in found.sentence
    good = thickness_of(NAIL, about(12.0), about(28.0))
    assert thickness_findings(RIGHT_FEMUR, NAIL, good) == []


def test_a_canal_that_nobody_marked_gets_no_thickness() -> None:
    (found,) = thickness_findings(RIGHT_FEMUR, NAIL, None)
    assert (found.level, found.key) == (Level.NOTE, "nail.canal_width")


# Bow.


@given(length=st.floats(10, 400), radius=st.floats(500, 3000))
def test_the_bow_is_nearly_the_square_of_the_length_over_eight_radii(
    length: float, radius: float
) -> None:
    exact = bow_over(length, radius)
    assert exact == pytest.approx(length**2 / (8 * radius), rel=0.05)
    assert exact**2 + length**2 / 4 == pytest.approx(2 * radius * exact)


def test_a_straight_nail_takes_half_of_its_arc_out_of_the_shaft() -> None:
    found = bow_of(about(1000.0, 100.0), (140.0, 130.0), 2.0)
    assert found.over_nail_mm == pytest.approx(bow_over(270, 1000))
    assert found.over_part_mm == pytest.approx(bow_over(140, 1000))
    assert found.straightened_deg == pytest.approx(7.73, abs=5e-3)


@pytest.mark.parametrize(
    ("radius_mm", "level"),
    [(700.0, Level.CAUTION), (300.0, Level.STOP), (9000.0, None)],
)
def test_a_bowed_shaft_is_held_against_the_room_in_its_canal(
    radius_mm: float, level: Level | None
) -> None:
    bow = bow_of(about(radius_mm, 50.0), (140.0, 130.0), 2.0)
    found = bow_findings(RIGHT_FEMUR, bow, 4.0)
    assert [f.level for f in found] == ([level] if level else [])
    for finding in found:
        assert finding.reference == "nail.bow@R.femur"
        assert f"radius of {radius_mm:.0f} mm" in finding.sentence
        assert "2.0 mm wider than the nail" in finding.sentence


def test_a_bow_that_no_film_shows_is_a_note() -> None:
    (found,) = bow_findings(RIGHT_FEMUR, None, None)
    assert (found.level, found.key) == (Level.NOTE, "nail.bow_unseen")
