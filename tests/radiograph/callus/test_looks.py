"""Width, shape, density and texture."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.radiograph.callus.li import CallusShape, CallusTexture
from callotasis.radiograph.callus.looks import (
    Widths,
    density_of,
    least_along,
    look_of,
    shape_of,
    texture_of,
    widths_of,
)
from callus_steps import Steps

ALONG = np.linspace(0.05, 0.95, 19)
SWELL = np.sin(np.pi * ALONG)


@pytest.mark.parametrize(
    ("shape", "medial", "lateral"),
    [
        ("fusiform", 1 + 0.2 * SWELL, 1 + 0.2 * SWELL),
        ("cylindrical", 1 + 0 * SWELL, 1 + 0 * SWELL),
        ("concave", 1 - 0.3 * SWELL, 1 - 0.3 * SWELL),
        ("lateral", 0.15 + 0 * SWELL, 1 + 0 * SWELL),
        ("central", 0.5 + 0 * SWELL, 0.45 + 0 * SWELL),
    ],
)
def test_each_outline_has_its_name(
    shape: str, medial: np.ndarray, lateral: np.ndarray
) -> None:
    assert shape_of(Widths(ALONG, medial, lateral, 0.01)) is CallusShape(shape)


def test_density_rises_with_what_is_held() -> None:
    assert [str(density_of(v)) for v in (0.2, 0.6, 0.9)] == [
        "low",
        "intermediate",
        "normal",
    ]


def test_a_hole_amid_makes_a_callus_lucent() -> None:
    inside = np.full((15, 60), 0.2)
    assert texture_of(inside, 1e-4, (2.0, 0.45)) is CallusTexture.HOMOGENEOUS
    inside[5:10, 18:42] = 0.05
    assert texture_of(inside, 1e-4, (2.0, 0.45)) is CallusTexture.LUCENT


def test_the_least_of_a_cortex_is_its_break() -> None:
    cortex = np.ones(100)
    cortex[50:60] = 0.2
    assert least_along(cortex, 0.4) == pytest.approx(0.2)
    assert least_along(np.ones(3), 0.4) == 1


def test_the_film_shows_a_cylindrical_callus(steps: Steps) -> None:
    widths = widths_of(steps.seen)
    assert look_of(steps.seen, widths).shape is CallusShape.CYLINDRICAL
    assert np.median(widths.total) == pytest.approx(1, abs=0.05)
