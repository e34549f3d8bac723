"""A lengthening nail as drawn: closed, of its true size, where it was put."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FilmRefusal
from callotasis.radiograph.phantom.telescope import (
    TelescopicNail,
    rod_tip,
    screw_middle,
    telescope,
)
from solids import inside, is_closed, volume_mm3

END, WAY, SCREWS = (
    np.array([5.0, 150.0, 20.0]),
    np.array([0.1, 0.1, -1.0]),
    np.eye(3)[0],
)


def test_every_part_is_closed() -> None:
    parts = telescope(TelescopicNail(bore_mm=6.0), END, WAY, SCREWS)
    assert len(parts) == 2 + 4 + 1
    assert all(is_closed(part.solid.faces) for part in parts)


def test_the_tube_is_as_thick_and_long_as_asked() -> None:
    nail = TelescopicNail()
    tube = telescope(nail, END, WAY, SCREWS)[0].solid
    cylinder = np.pi / 4 * nail.tube_mm**2 * nail.tube_length_mm
    assert abs(volume_mm3(tube)) == pytest.approx(cylinder, rel=1e-3)


def test_the_rod_ends_at_its_tip() -> None:
    nail = TelescopicNail(exposed_mm=42.0)
    tip = rod_tip(nail, END, WAY)
    assert np.linalg.norm(tip - END) == pytest.approx(42)
    rod = telescope(nail, END, WAY, SCREWS)[1].solid
    unit = WAY / np.linalg.norm(WAY)
    assert inside(np.array([tip - 0.1 * unit, tip + 0.1 * unit]), rod).tolist() == [
        True, False,
    ]  # fmt: skip


def test_screws_cross_the_axis_where_they_say() -> None:
    nail = TelescopicNail(exposed_mm=42.0)
    middle = screw_middle(nail, END, WAY, 1)
    assert np.linalg.norm(middle - END) == pytest.approx(42 - 20)
    halves = [part.solid.vertices for part in telescope(nail, END, WAY, SCREWS)[4:6]]
    assert np.vstack(halves).mean(axis=0) == pytest.approx(middle, abs=1e-6)


def test_the_bore_takes_metal_away() -> None:
    parts = telescope(TelescopicNail(bore_mm=6.0), END, WAY, SCREWS)
    assert parts[-1].attenuation == -parts[0].attenuation


@pytest.mark.parametrize(
    "wrong", [{"rod_mm": 11.0}, {"bore_mm": 10.7}, {"rod_mm": 0.0}]
)
def test_a_rod_or_bore_as_thick_as_the_tube_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(FilmRefusal, match="must be thinner than the tube"):
        TelescopicNail(**wrong)
