"""Struts from a pose: published and computed cases, and laws of the geometry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.errors import FrameRefusal
from callotasis.fixation.hexapod import (
    Frame,
    Placement,
    check_placement,
    condition_of,
    jacobian_of,
    struts_of,
)
from callotasis.pose import Side, rotation_xyz
from hexapods import (
    NEUTRAL,
    RUBIN,
    RUBIN_MOVED,
    RUBIN_STROKES_MM,
    RUBIN_ZERO,
    SOUTHAMPTON,
    USUAL,
    poses,
    ring,
)

# The distal ring under two shifts and a turn of 10° between them.
LEANING = Placement.at(
    (210 * np.sin(np.radians(10)), 0, 300 + 210 * np.cos(np.radians(10))), (0, 10, 0)
)


def test_case_h1_the_rubin_observatorys_hexapod_about_its_pivot() -> None:
    strokes = struts_of(RUBIN, RUBIN_MOVED) - struts_of(RUBIN, RUBIN_ZERO)
    assert strokes == pytest.approx(RUBIN_STROKES_MM, abs=0.005)


def test_case_h2_a_zigzag_hexapod_in_micrometres() -> None:
    """The published shift is that of the base: the mirror goes the other way."""
    base = ring(1.2e6, (10, 130, 130, 250, 250, 10))
    frame = Frame(base, ring(2.3e6, (70, 70, 190, 190, 310, 310)))
    zero = np.array([0, 0, 0.81e6])
    moved = Placement.at(zero - [500, -3020, 2500], (0, 0, 0))
    strokes = struts_of(frame, moved) - struts_of(frame, Placement.at(zero, (0, 0, 0)))
    published = [1895.25, 443.86, -2443.52, 515.74, -2268.74, -3776.62]
    assert strokes == pytest.approx(published, abs=0.02)


def test_case_h3_a_students_frame_is_arithmetic_only() -> None:
    frame = Frame(SOUTHAMPTON, SOUTHAMPTON)
    published = [509.425, 506.814, 493.354, 494.659, 521.580, 522.886]
    assert struts_of(frame, LEANING) == pytest.approx(published, abs=6e-4)


@pytest.mark.parametrize("placement", [LEANING, NEUTRAL])
def test_equal_rings_make_parallel_legs_and_are_refused(placement: Placement) -> None:
    frame = Frame(SOUTHAMPTON, SOUTHAMPTON)
    with pytest.raises(FrameRefusal, match="nearly singular"):
        check_placement(frame, placement)


@pytest.mark.parametrize(
    ("translation", "rotation", "struts"),
    [
        ((0, 0, 150), (0, 0, 0), [161.5316] * 6),
        ((0, 0, 151), (0, 0, 0), [162.4606] * 6),
        ((0, 0, 160), (0, 0, 0), [170.8580] * 6),
        ((0, 0, 180), (0, 0, 0), [189.7168] * 6),
        (
            (0, 0, 150),
            (0, 10, 0),
            [153.7700, 156.5374, 174.1781, 174.1781, 156.5374, 153.7700],
        ),
        ((0, 0, 150), (0, 0, 10), [166.6624, 157.1252] * 3),
        (
            (5, -8, 160),
            (10, -5, 7),
            [184.8340, 183.9162, 169.8745, 155.6637, 168.1781, 164.9522],
        ),
    ],
    ids=["H4", "H4 z151", "H4 z160", "H4 z180", "H5", "H6", "H7"],
)
def test_cases_h4_to_h7(
    translation: tuple[float, ...], rotation: tuple[float, ...], struts: list[float]
) -> None:
    found = struts_of(USUAL, Placement.at(translation, rotation))
    assert found == pytest.approx(struts, abs=5.1e-5)


@pytest.mark.parametrize(
    ("turn", "condition", "digit"),
    [(0, 3.9, 0.05), (30, 4.0, 0.05), (60, 6.0, 0.05), (80, 18, 0.5)],
)
def test_case_h8_the_condition_grows_with_axial_turn(
    turn: float, condition: float, digit: float
) -> None:
    placement = Placement.at((0, 0, 150), (0, 0, turn))
    assert float(condition_of(USUAL, placement)) == pytest.approx(condition, abs=digit)


def test_case_h8_the_frame_is_singular_at_a_right_angle() -> None:
    assert condition_of(USUAL, Placement.at((0, 0, 150), (0, 0, 90))) > 1e9


def test_a_turn_of_sixty_degrees_is_the_last_allowed() -> None:
    check_placement(USUAL, Placement.at((0, 0, 150), (0, 0, 60)))
    with pytest.raises(FrameRefusal, match=r"week 3: a turn of 60\.1° .* up to 60°"):
        check_placement(USUAL, Placement.at((0, 0, 150), (0, 0, -60.1)), "week 3")


def test_a_condition_above_twenty_is_refused_whatever_the_turn() -> None:
    flat = Placement.at((0, 0, 3), (0, 0, 0))
    assert condition_of(USUAL, flat) > 20
    with pytest.raises(FrameRefusal, match=r"nearly singular, .*allowed is up to 20"):
        check_placement(USUAL, flat)


def test_a_distal_ring_behind_the_proximal_one_is_refused() -> None:
    with pytest.raises(FrameRefusal, match="z = -150 mm; allowed is more than 0"):
        check_placement(USUAL, Placement.at((0, 0, -150), (0, 0, 0)))


def test_a_millimetre_of_length_is_less_on_each_strut() -> None:
    longer = Placement.at((0, 0, 151), (0, 0, 0))
    step = struts_of(USUAL, longer) - struts_of(USUAL, NEUTRAL)
    assert step == pytest.approx([0.929] * 6, abs=5e-4)


@given(placement=poses())
def test_a_mirrored_frame_has_the_same_struts(placement: Placement) -> None:
    flip = np.diag([-1.0, 1.0, 1.0])
    mirrored = Placement(
        flip @ placement.translation_mm, flip @ placement.rotation @ flip
    )
    frame = Frame(USUAL.proximal_mm @ flip, USUAL.distal_mm @ flip)
    assert np.allclose(struts_of(frame, mirrored), struts_of(USUAL, placement))


@given(
    placement=poses(),
    angles=st.tuples(*[st.floats(-3, 3)] * 3),
    shift=st.tuples(*[st.floats(-100, 100)] * 3),
)
def test_moving_both_rings_together_changes_no_strut(
    placement: Placement, angles: tuple[float, ...], shift: tuple[float, ...]
) -> None:
    turn, by = rotation_xyz(np.array(angles)), np.array(shift)
    frame = Frame(USUAL.proximal_mm @ turn.T + by, USUAL.distal_mm)
    moved = Placement(turn @ placement.translation_mm + by, turn @ placement.rotation)
    assert np.allclose(struts_of(frame, moved), struts_of(USUAL, placement))


@given(placement=poses())
def test_the_jacobian_says_how_struts_answer_to_a_small_motion(
    placement: Placement,
) -> None:
    jacobian, step = jacobian_of(USUAL, placement), 1e-6
    for column in range(6):
        motion = np.zeros(6)
        motion[column] = step
        there, back = (
            struts_of(
                USUAL,
                Placement(
                    placement.translation_mm + sign * motion[:3],
                    rotation_xyz(sign * motion[3:]) @ placement.rotation,
                ),
            )
            for sign in (1, -1)
        )
        found = (there - back) / (2 * step)
        assert np.allclose(found, jacobian[:, column], atol=1e-5)


def test_many_poses_are_one_answer_each() -> None:
    many = Placement.at([[0, 0, 150], [5, -8, 160]], [[0, 0, 0], [10, -5, 7]])
    together = struts_of(USUAL, many)
    assert together.shape == (2, 6)
    assert condition_of(USUAL, many).shape == (2,)
    assert together[0] == pytest.approx(struts_of(USUAL, NEUTRAL))
    assert many.rotation_deg == pytest.approx(np.array([[0, 0, 0], [10, -5, 7]]))


@given(poses(), poses(), poses())
def test_motions_are_a_group(a: Placement, b: Placement, c: Placement) -> None:
    points = USUAL.distal_mm
    once = (a @ b).carried(points)
    assert once == pytest.approx(a.carried(b.carried(points)), abs=1e-9)
    assert ((a @ b) @ c).carried(points) == pytest.approx(
        (a @ (b @ c)).carried(points), abs=1e-8
    )
    assert (a.inverse() @ a).carried(points) == pytest.approx(points, abs=1e-9)


@given(poses())
def test_a_mirrored_frame_in_a_mirrored_pose_has_the_same_struts(
    placement: Placement,
) -> None:
    mirrored = struts_of(USUAL.on(Side.LEFT), placement.on(Side.LEFT))
    assert mirrored == pytest.approx(struts_of(USUAL, placement))
    again = placement.on(Side.LEFT).on(Side.LEFT)
    assert again.rotation == pytest.approx(placement.rotation)


def test_one_of_many_placements_is_taken_out() -> None:
    many = Placement.at(np.arange(6.0).reshape(2, 3), np.zeros((2, 3)))
    assert many[1].translation_mm == pytest.approx([3, 4, 5])
    assert many[1].rotation.shape == (3, 3)
