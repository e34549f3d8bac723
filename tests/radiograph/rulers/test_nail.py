"""The nail as its own ruler: true whatever the film's scale, and refused where not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.telescope import TelescopicNail
from callotasis.radiograph.rulers import FilmLength, Nail, RodMark, nail_length
from callotasis.worlds import Interval, Worlds
from ruled_films import Ruled, bare_film, burnt, nail_film

DRAWN = TelescopicNail(exposed_mm=50.0)
FEW = Worlds(count=200)


TUBE = Nail(10.7)


def read(ruled: Ruled, nail: Nail = TUBE, mark: str = "tip") -> FilmLength:
    """Measure a nail by points on its tube and near its mark."""
    return nail_length(
        ruled.film, ruled.points["tube"], ruled.points[mark], nail, draws=FEW
    )


@pytest.mark.parametrize("magnification", [1.06, 1.2, 1.33])
@pytest.mark.parametrize("exposed", [32.0, 75.0])
def test_the_length_is_true_whatever_the_magnification(
    magnification: float, exposed: float
) -> None:
    ruled = nail_film(TelescopicNail(exposed_mm=exposed), magnification)
    found = read(ruled)
    assert found.measured_mm.value == pytest.approx(exposed, abs=0.4)
    assert found.magnification == pytest.approx(magnification, abs=0.01)
    assert 0 < found.sd_mm < 0.6
    assert found.findings == ()


@pytest.mark.parametrize("tilt", [-10.0, 10.0])
def test_a_nail_that_leans_against_the_film_is_no_shorter(tilt: float) -> None:
    found = read(nail_film(DRAWN, 1.2, tilt), Nail(10.7, 8.5))
    assert found.measured_mm.value == pytest.approx(50, abs=0.6)
    assert not found.measured_mm.excludes(50)


def test_a_hollow_tube_measures_as_a_full_one() -> None:
    hollow = replace(DRAWN, bore_mm=6.0)
    assert read(nail_film(hollow)).measured_mm.value == pytest.approx(50, abs=0.4)


def test_the_first_screw_will_do_for_the_tip() -> None:
    found = read(nail_film(DRAWN), Nail(10.7, mark=RodMark.SCREW), "screw")
    assert found.measured_mm.value == pytest.approx(40, abs=0.4)


@settings(max_examples=5, deadline=None)
@given(st.tuples(*[st.floats(-12.0, 12.0)] * 4))
def test_where_exactly_was_clicked_does_not_matter(
    off: tuple[float, float, float, float],
) -> None:
    ruled = nail_film(DRAWN)
    moved = {
        name: (column + dx, row + dy)
        for (name, (column, row)), dx, dy in zip(
            [("tube", ruled.points["tube"]), ("tip", ruled.points["tip"])],
            off[:2],
            off[2:],
            strict=True,
        )
    }
    found = read(replace(ruled, points=ruled.points | moved))
    assert found.measured_mm.value == pytest.approx(
        read(ruled).measured_mm.value, abs=0.15
    )


def test_a_film_turned_upside_down_gives_the_same() -> None:
    ruled = nail_film(DRAWN)
    film = replace(
        ruled.film, pixels=np.ascontiguousarray(ruled.film.pixels[::-1, ::-1])
    )
    turned = {
        n: (film.columns - c, film.rows - r) for n, (c, r) in ruled.points.items()
    }
    assert read(Ruled(film, turned)).measured_mm.value == pytest.approx(
        read(ruled).measured_mm.value, abs=0.05
    )


def test_a_tolerance_of_the_diameter_widens_the_interval_and_not_the_scatter() -> None:
    ruled = nail_film(DRAWN)
    exact, loose = read(ruled), read(ruled, Nail(Interval(10.7, 10.5, 10.9)))
    width = [f.measured_mm.high - f.measured_mm.low for f in (exact, loose)]
    assert width[1] > 1.5 * width[0]
    assert loose.sd_mm == pytest.approx(exact.sd_mm)


def test_a_picture_without_pixel_size_is_measured_but_its_scale_is_not_checked() -> (
    None
):
    ruled = nail_film(DRAWN)
    film = replace(ruled.film, spacing_mm=None, source_mm=None)
    found = read(replace(ruled, film=film))
    assert found.magnification is None
    assert found.measured_mm.value == pytest.approx(50, abs=0.6)


# Refusals.


@pytest.mark.parametrize("tube", [4.9, 16.1, float("nan")])
def test_a_diameter_that_no_tube_has_is_refused(tube: float) -> None:
    with pytest.raises(FilmRefusal, match=r"diameter of the tube is .* 5 to 16 mm"):
        Nail(tube)


def test_a_rod_thicker_than_its_tube_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="a rod is thinner than its tube"):
        Nail(8.5, 10.7)


def test_a_point_off_the_film_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="outside the film"):
        nail_length(nail_film(DRAWN).film, (-5, 10), (20, 200), Nail(10.7))


def test_flesh_without_metal_is_refused() -> None:
    with pytest.raises(FilmRefusal, match=r"edge|told apart|tip"):
        nail_length(bare_film(), (170, 60), (180, 400), Nail(10.7))


def test_two_points_on_the_tube_are_refused() -> None:
    ruled = nail_film(DRAWN)
    both = ruled.points | {"tip": (ruled.points["end"][0], ruled.points["end"][1] - 60)}
    with pytest.raises(FilmRefusal, match=r"told apart|tip"):
        read(replace(ruled, points=both))


def test_points_given_the_other_way_round_are_refused() -> None:
    ruled = nail_film(DRAWN)
    points = ruled.points | {"tube": ruled.points["tip"], "tip": ruled.points["tube"]}
    with pytest.raises(FilmRefusal, match=r"told apart|tip"):
        read(replace(ruled, points=points))


def test_a_diameter_that_makes_the_magnification_impossible_is_refused() -> None:
    with pytest.raises(FilmRefusal, match=r"magnified .* times; allowed is 0.9 to 1.6"):
        read(nail_film(DRAWN, 1.06), Nail(13.5))


def test_a_saturated_edge_is_refused() -> None:
    ruled = nail_film(DRAWN)
    with pytest.raises(FilmRefusal, match=r"saturated|edge"):
        read(replace(ruled, film=burnt(ruled.film)))


def test_a_rod_of_another_diameter_than_given_is_refused() -> None:
    with pytest.raises(FilmRefusal, match=r"by the tube's scale the rod is 8\.[45]"):
        read(nail_film(DRAWN), Nail(10.7, 8.0))
