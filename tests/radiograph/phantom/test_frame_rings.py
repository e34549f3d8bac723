"""Rings as drawn: closed, of their true size, square to what they were told."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.frame_rings import FrameRings, frame_rings
from solids import is_closed, volume_mm3

UP = np.array([0.0, 0.05, 1.0])
CENTRES = np.array([0.0, 200.0, 60.0]), np.array([0.0, 200.0, -60.0])
DRAWN = frame_rings(FrameRings(), CENTRES, (UP, UP))


def test_two_rings_and_their_rods_are_closed() -> None:
    assert len(DRAWN) == 2 + 4
    assert all(is_closed(part.solid.faces) for part in DRAWN)


def test_a_ring_holds_as_much_metal_as_its_size_says() -> None:
    rings = FrameRings()
    plate = np.pi / 4 * (rings.outer_mm**2 - rings.inner_mm**2) * rings.thick_mm
    for part in DRAWN[:2]:
        assert abs(volume_mm3(part.solid)) == pytest.approx(plate, rel=1e-3)


def test_a_ring_lies_about_its_centre_and_square_to_its_normal() -> None:
    unit = UP / np.linalg.norm(UP)
    for part, centre in zip(DRAWN[:2], CENTRES, strict=True):
        off = part.solid.vertices - centre
        assert off.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-6)
        assert np.abs(off @ unit).max() == pytest.approx(3)
        assert np.linalg.norm(off - np.outer(off @ unit, unit), axis=1).max() == (
            pytest.approx(90)
        )


def test_rods_run_from_ring_to_ring() -> None:
    for part in DRAWN[2:]:
        heights = part.solid.vertices[:, 2]
        assert heights.max() == pytest.approx(60, abs=6)
        assert heights.min() == pytest.approx(-60, abs=6)


def test_a_ring_without_metal_is_refused() -> None:
    with pytest.raises(FilmRefusal, match="inner diameter must be the smaller"):
        FrameRings(outer_mm=150.0, inner_mm=150.0)
