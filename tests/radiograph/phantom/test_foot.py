"""The foot: closed lofts of known volume, hung under the plafond."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gamma

from callotasis.radiograph.phantom.foot import (
    AROUND,
    TALUS_BELOW_PLAFOND_MM,
    foot_bones,
    loft,
)
from callotasis.radiograph.phantom.solid import Solid
from callotasis.worlds import Array
from solids import is_closed, volume_mm3

ANKLE = np.array([10.0, 20.0, 300.0])
HALF = st.floats(2.0, 40.0)


def _straight(length: float, stations: int = 12) -> Array:
    z = np.linspace(0.0, length, stations)
    return np.stack([0 * z, 0 * z, z], axis=1)


@given(st.floats(5, 200), HALF, HALF, st.floats(1.5, 5))
def test_a_loft_is_closed_and_stays_within_its_half_widths(
    length: float, across: float, along: float, power: float
) -> None:
    vertices, faces = loft(_straight(length), np.tile([across, along], (12, 1)), power)
    assert is_closed(faces)
    assert np.abs(vertices[:, 0]).max() == pytest.approx(across)
    assert np.abs(vertices[:, 1]).max() == pytest.approx(along)
    assert np.ptp(vertices[:, 2]) == pytest.approx(length)


@settings(max_examples=30)
@given(st.floats(10, 200), HALF, HALF, st.sampled_from([2.0, 2.4, 4.0]))
def test_a_loft_holds_the_volume_of_its_superellipses(
    length: float, across: float, along: float, power: float
) -> None:
    solid = Solid(*loft(_straight(length), np.tile([across, along], (12, 1)), power))
    area = 4 * gamma(1 + 1 / power) ** 2 / gamma(1 + 2 / power) * across * along
    # The polygon of 28 corners lies inside the curve: 0.8 % of an ellipse is lost.
    assert abs(volume_mm3(solid)) == pytest.approx(area * length, rel=0.03)


def test_a_loft_goes_round_a_bent_path() -> None:
    angle = np.linspace(0, np.pi / 2, 60)
    path = 100 * np.stack([0 * angle, np.sin(angle), np.cos(angle)], axis=1)
    solid = Solid(*loft(path, np.full((60, 2), 5.0)))
    assert is_closed(solid.faces)
    # Pappus: the area of the polygon times the way of its middle.
    polygon = AROUND / 2 * np.sin(2 * np.pi / AROUND) * 25
    assert abs(volume_mm3(solid)) == pytest.approx(polygon * 50 * np.pi, rel=0.001)


def test_a_foot_has_a_talus_a_heel_a_middle_and_five_rays() -> None:
    rays = {f"ray_{k}" for k in range(1, 6)}
    assert set(foot_bones(ANKLE)) == {"talus", "heel", "midfoot", *rays}


@pytest.mark.parametrize("name", foot_bones(ANKLE))
def test_every_bone_of_the_foot_is_closed_and_lies_below_the_plafond(
    name: str,
) -> None:
    vertices, faces = foot_bones(ANKLE)[name]
    assert is_closed(faces)
    assert vertices[:, 2].max() <= ANKLE[2] - TALUS_BELOW_PLAFOND_MM + 1e-9


def test_the_dome_of_the_talus_leaves_the_joint_space_under_the_plafond() -> None:
    vertices, _ = foot_bones(ANKLE)["talus"]
    top = vertices[np.argmax(vertices[:, 2])]
    assert ANKLE[2] - top[2] == pytest.approx(TALUS_BELOW_PLAFOND_MM, abs=0.2)
    assert top[0] == pytest.approx(ANKLE[0], abs=3)


@given(st.tuples(*[st.floats(-500, 500)] * 3))
def test_the_foot_goes_where_the_ankle_goes(shift: tuple[float, float, float]) -> None:
    here, there = foot_bones(ANKLE), foot_bones(ANKLE + np.array(shift))
    for name, (vertices, _) in here.items():
        np.testing.assert_allclose(there[name][0], vertices + shift, atol=1e-9)


def test_the_first_ray_is_the_medial_one_of_a_left_foot() -> None:
    middles = [foot_bones(ANKLE)[f"ray_{k}"][0][:, 0].mean() for k in range(1, 6)]
    assert middles == sorted(middles)
