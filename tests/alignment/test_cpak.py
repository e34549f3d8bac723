"""CPAK: nine types of knee by two sums, and how sure the type is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.alignment.cpak import TYPES, cpak_of
from callotasis.alignment.measurement import measure_film
from callotasis.evidence import constant
from callotasis.pose import Side
from callotasis.radiograph.known import FilmFacts, KnownGeometry
from callotasis.worlds import Array, Worlds
from darkroom import bare_film
from legs import COLUMNS, ROWS, mirror_image, standing

ANGLES = st.floats(75, 100)
AHKA, JLO = (constant(key) for key in ("cpak.ahka", "cpak.jlo"))


def _angles(ahka: float, jlo: float) -> tuple[float, float]:
    """MPTA and LDFA that have this difference and this sum [deg]."""
    return (jlo + ahka) / 2, (jlo - ahka) / 2


def _sure(mpta: float, ldfa: float) -> tuple[Array, Array]:
    return np.full(3, mpta), np.full(3, ldfa)


def test_the_published_example_is_of_type_two() -> None:
    found = cpak_of(*_sure(87.0, 88.0))
    assert found.type == "II"
    assert found.ahka_deg.value == -1
    assert found.jlo_deg.value == 175
    assert found.share == {"II": 1.0}


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("column", range(3))
def test_every_type_has_its_place_in_the_table(row: int, column: int) -> None:
    ahka, jlo = (-5.0, 0.0, 5.0)[column], (172.0, 180.0, 188.0)[row]
    found = cpak_of(*_sure(*_angles(ahka, jlo)))
    assert found.type == TYPES[3 * row + column]


@pytest.mark.parametrize(
    ("ahka", "jlo", "kind"),
    [
        # Boundaries belong to what is neutral.
        (AHKA.low, JLO.low, "V"),
        (AHKA.high, JLO.high, "V"),
        (AHKA.low - 0.5, JLO.low - 0.5, "I"),
        (AHKA.low, JLO.low - 0.5, "II"),
        (AHKA.high + 0.5, JLO.low - 0.5, "III"),
        (AHKA.low - 0.5, JLO.low, "IV"),
        (AHKA.high + 0.5, JLO.high, "VI"),
        (AHKA.low - 0.5, JLO.high + 0.5, "VII"),
        (AHKA.high, JLO.high + 0.5, "VIII"),
        (AHKA.high + 0.5, JLO.high + 0.5, "IX"),
    ],
)
def test_the_corners_of_the_neutral_field_part_the_types(
    ahka: float, jlo: float, kind: str
) -> None:
    assert cpak_of(*_sure(*_angles(ahka, jlo))).type == kind


@given(ANGLES, ANGLES, st.floats(0, 6))
def test_shares_add_to_one_and_the_sums_are_those_of_the_angles(
    mpta: float, ldfa: float, spread: float
) -> None:
    worlds = Worlds(count=500)
    a = mpta + worlds.normal("test/mpta", spread)
    b = ldfa + worlds.normal("test/ldfa", spread)
    found = cpak_of(a, b)
    # Nine shares are rounded to three digits each.
    assert sum(found.share.values()) == pytest.approx(1, abs=0.0045)
    assert all(0 < share <= 1 for share in found.share.values())
    assert set(found.share) <= set(TYPES)
    assert found.ahka_deg.value == pytest.approx(mpta - ldfa)
    assert found.jlo_deg.value == pytest.approx(mpta + ldfa)


def test_a_knee_on_a_boundary_is_of_both_types_half_the_time() -> None:
    worlds = Worlds(count=2000)
    mpta, ldfa = _angles(AHKA.low, 180.0)
    found = cpak_of(mpta + worlds.normal("test/mpta", 0.5), np.full(2001, ldfa))
    assert found.type == "V"
    assert found.share["IV"] == pytest.approx(0.5, abs=0.04)
    assert found.share["V"] == pytest.approx(0.5, abs=0.04)


def test_the_mirror_image_of_a_leg_has_its_type() -> None:
    film = bare_film(ROWS, COLUMNS, spacing_mm=(0.5, 0.5))
    known = KnownGeometry(true_scale=True)
    here, there = (
        measure_film(film, seen, known, FilmFacts(), Worlds(2)).measurement.cpak
        for seen in (standing(), mirror_image(standing(), COLUMNS))
    )
    for side in Side:
        assert here[side].type == there[side.other].type
        assert here[side].ahka_deg.value == pytest.approx(
            there[side.other].ahka_deg.value
        )


def test_a_leg_without_its_plateau_has_no_type() -> None:
    landmarks = standing(Side.RIGHT)
    points = landmarks.sides[Side.RIGHT]
    bare = {n: p for n, p in points.items() if not n.startswith("tib_plateau")}
    seen = type(landmarks)({Side.RIGHT: bare})
    film = bare_film(ROWS, COLUMNS)
    found = measure_film(film, seen, KnownGeometry(), FilmFacts(), Worlds(20))
    assert found.measurement.cpak == {}
