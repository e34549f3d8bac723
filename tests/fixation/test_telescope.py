"""Nails and rails: settings from a motion, the motion from settings, what remains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callotasis.alignment import Limb
from callotasis.errors import DeviceRefusal
from callotasis.fixation import Settings, Telescope, every_device, mounted
from callotasis.plan import limb_after
from callotasis.pose import PLANES, Pose, Segment
from dora import LEFT_FEMUR, RIGHT_FEMUR, RIGHT_TIBIA
from legs import built_from, limb_of

NAIL, RAIL = every_device()["example-nail"], every_device()["example-rail"]
HALF_STEP = NAIL.step_mm / 2

tilts = st.floats(-15.0, 15.0)
turns = st.floats(-25.0, 25.0)
shifts = st.floats(-30.0, 30.0)
gains = st.floats(0.0, NAIL.stroke_mm)


def sliding_along(tilt_deg: float, segment: Segment = RIGHT_FEMUR) -> Telescope:
    """Mount a nail whose canal leans laterally going down."""
    tilt = np.radians(tilt_deg)
    return Telescope(NAIL, segment, np.array([np.sin(tilt), 0.0, -np.cos(tilt)]))


def along(telescope: Telescope, millimetres: float) -> Pose:
    """Ask for a motion that the device can make, were it not for its steps."""
    shift = millimetres * telescope.axis
    return Pose(float(shift[0]), float(shift[2]), not_measured=PLANES["hidden"])


def leg(**extra: tuple[float, float]) -> Limb:
    """Stand a straight leg of 430 and 370 mm."""
    return limb_of(built_from(88, 88, 0, femur_mm=430, tibia_mm=370) | extra)


# From a motion to settings, and back.


@given(tilt=tilts, lateral=shifts, gain=st.floats(0.0, 70.0), valgus=turns)
def test_settings_and_what_remains_give_the_wanted_motion_back(
    tilt: float, lateral: float, gain: float, valgus: float
) -> None:
    telescope = sliding_along(tilt)
    shift = np.array([lateral, 0.0, -gain])
    assume(float(shift @ telescope.axis) > 1)
    extension = float(shift @ shift / (shift @ telescope.axis))
    wanted = Pose(lateral_mm=lateral, proximal_mm=-gain, valgus_deg=valgus)
    assume(2 * HALF_STEP <= extension <= NAIL.stroke_mm - HALF_STEP)
    settings, remains = telescope.settings(wanted)
    made = telescope.pose(settings)
    assert made.lateral_mm + remains.lateral_mm == pytest.approx(lateral, abs=1e-9)
    assert made.proximal_mm + remains.proximal_mm == pytest.approx(-gain, abs=1e-9)
    assert made.valgus_deg + remains.valgus_deg == valgus


@given(tilt=tilts, gain=gains)
def test_along_its_axis_a_device_leaves_at_most_half_a_step(
    tilt: float, gain: float
) -> None:
    assume(gain > 2 * HALF_STEP)
    telescope = sliding_along(tilt)
    settings, remains = telescope.settings(along(telescope, gain))
    left = np.hypot(remains.lateral_mm, remains.proximal_mm)
    assert left <= HALF_STEP + 1e-9
    assert settings.extension_mm == pytest.approx(gain, abs=HALF_STEP + 1e-9)


@given(tilt=tilts, steps=st.integers(0, round(NAIL.stroke_mm / NAIL.step_mm)))
def test_the_motion_of_settings_gives_the_settings_back(
    tilt: float, steps: int
) -> None:
    telescope = sliding_along(tilt)
    settings = Settings(steps * NAIL.step_mm, NAIL.step_mm)
    found, remains = telescope.settings(telescope.pose(settings))
    assert found == settings
    assert (remains.lateral_mm, remains.proximal_mm) == pytest.approx((0, 0), abs=1e-9)


@given(tilt=tilts, gain=gains)
def test_an_extension_is_a_whole_number_of_steps(tilt: float, gain: float) -> None:
    assume(gain > 2 * HALF_STEP)
    telescope = sliding_along(tilt)
    settings, _ = telescope.settings(along(telescope, gain))
    assert (settings.extension_mm / settings.step_mm).is_integer()
    assert settings.step_mm == NAIL.step_mm


@given(tilt=tilts, gain=st.floats(10.0, 70.0))
def test_a_slanted_device_gives_the_whole_wanted_length(
    tilt: float, gain: float
) -> None:
    """What a slanted axis adds to the side remains; no length is lost."""
    telescope = sliding_along(tilt)
    assume(gain / np.cos(np.radians(tilt)) <= NAIL.stroke_mm - 1)
    _, remains = telescope.settings(Pose(proximal_mm=-gain))
    assert abs(remains.proximal_mm) <= HALF_STEP + 1e-9
    slant = gain * np.tan(np.radians(abs(tilt)))
    assert abs(remains.lateral_mm) == pytest.approx(slant, abs=HALF_STEP)


def test_a_gain_below_half_a_step_is_refused() -> None:
    with pytest.raises(
        DeviceRefusal, match=r"shall gain 0\.05 mm; .*steps of 0\.25 mm"
    ):
        sliding_along(0.0).settings(Pose(proximal_mm=-0.05))


@given(valgus=turns)
def test_a_telescope_turns_nothing_so_every_turn_remains(valgus: float) -> None:
    settings, remains = sliding_along(7.0).settings(Pose(valgus_deg=valgus))
    assert settings.extension_mm == 0
    assert remains.valgus_deg == valgus
    assert sliding_along(7.0).pose(settings).valgus_deg == 0


def test_what_a_film_hides_is_not_measured_in_any_motion() -> None:
    settings, remains = sliding_along(0.0).settings(Pose(proximal_mm=-40.0))
    assert remains.not_measured == PLANES["hidden"]
    assert sliding_along(0.0).pose(settings).not_measured == PLANES["hidden"]


# Out of reach.


@pytest.mark.parametrize("gain", [80.25, 81.0, 500.0])
def test_a_motion_beyond_the_stroke_is_refused_with_stroke_and_source(
    gain: float,
) -> None:
    with pytest.raises(
        DeviceRefusal,
        match=rf"R\.femur needs {gain:.1f} mm from example-nail; its stroke is "
        r"0 to 80 mm \(invented example",
    ):
        sliding_along(0.0).settings(Pose(proximal_mm=-gain))


@pytest.mark.parametrize("shortening", [0.25, 5.0])
def test_a_telescope_refuses_to_shorten(shortening: float) -> None:
    with pytest.raises(DeviceRefusal, match=rf"needs -{shortening:.1f} mm .* 0 to 80"):
        sliding_along(0.0).settings(Pose(proximal_mm=shortening))


def test_the_whole_stroke_is_within_reach() -> None:
    settings, _ = sliding_along(0.0).settings(Pose(proximal_mm=-80.0))
    assert settings.extension_mm == 80.0


def test_the_refusal_names_the_leg_it_speaks_of() -> None:
    with pytest.raises(DeviceRefusal, match=r"L\.femur needs"):
        sliding_along(0.0, LEFT_FEMUR).settings(Pose(proximal_mm=-90.0))


# On a bone.


def test_a_rail_is_set_parallel_to_the_mechanical_axis() -> None:
    bent = limb_of(built_from(93, 84, 0))
    rail = mounted(RAIL, RIGHT_TIBIA, bent)
    ankle = bent.frontal("ankle_centre")[0] - bent.frontal("knee_centre")[0]
    np.testing.assert_allclose(rail.axis[[0, 2]], ankle / np.linalg.norm(ankle))


def test_a_rail_ignores_the_canal() -> None:
    seen = leg(fem_shaft_prox=(60.0, 350.0), fem_shaft_dist=(10.0, 100.0))
    np.testing.assert_allclose(mounted(RAIL, RIGHT_FEMUR, seen).axis, [0, 0, -1])


def test_a_nail_is_not_set_beside_a_bone() -> None:
    with pytest.raises(DeviceRefusal, match="example-nail is a nail; only an external"):
        mounted(NAIL, RIGHT_FEMUR, leg())


def test_a_device_follows_a_bone_that_was_turned_at_surgery() -> None:
    turned = limb_after(leg(), RIGHT_TIBIA, 90.0, Pose(valgus_deg=10.0))
    axis = mounted(RAIL, RIGHT_TIBIA, turned).axis
    assert axis[0] > 0  # valgus carries the ankle laterally
    assert np.linalg.norm(axis) == pytest.approx(1)
    assert axis[1] == 0
