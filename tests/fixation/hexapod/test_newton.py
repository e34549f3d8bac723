"""The compiled inner loop: it converges, and says by how much it misses."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.fixation.hexapod import Placement, struts_of
from callotasis.fixation.hexapod.newton import solve_all
from callotasis.worlds import Array
from hexapods import NEUTRAL, SOUTHAMPTON, USUAL


def solved(
    proximal: Array, distal: Array, lengths: Array
) -> tuple[Array, Array, Array]:
    """Where Newton's method arrives from the neutral frame, and its misfit."""
    count = len(lengths)
    at = np.tile(NEUTRAL.translation_mm, (count, 1))
    turn = np.tile(NEUTRAL.rotation, (count, 1, 1))
    misfit = np.empty(count)
    solve_all(proximal, distal, lengths, at, turn, misfit)
    return at, turn, misfit


def test_poses_are_refined_in_place_and_stay_rotations() -> None:
    wanted = Placement.at([[5, -8, 160], [-20, 30, 200]], [[10, -5, 7], [30, 25, -20]])
    at, turn, misfit = solved(
        USUAL.proximal_mm, USUAL.distal_mm, struts_of(USUAL, wanted)
    )
    assert misfit.max() < 1e-9
    assert np.allclose(at, wanted.translation_mm, atol=1e-8)
    assert np.allclose(turn, wanted.rotation, atol=1e-10)
    assert np.allclose(turn @ np.swapaxes(turn, 1, 2), np.eye(3), atol=1e-12)


def test_the_neutral_frame_needs_no_step() -> None:
    at, turn, misfit = solved(
        USUAL.proximal_mm, USUAL.distal_mm, struts_of(USUAL, NEUTRAL)[None]
    )
    assert misfit.max() < 1e-10
    assert (at[0] == NEUTRAL.translation_mm).all()
    assert (turn[0] == np.eye(3)).all()


def test_lengths_that_fit_no_pose_leave_a_misfit() -> None:
    impossible = np.array([[50.0, 500, 50, 500, 50, 500]])
    *_, misfit = solved(USUAL.proximal_mm, USUAL.distal_mm, impossible)
    assert misfit[0] > 1


def test_parallel_legs_leave_a_misfit_and_no_error() -> None:
    lengths = np.full((1, 6), 150.0) + np.arange(6)
    *_, misfit = solved(SOUTHAMPTON, SOUTHAMPTON, lengths)
    assert misfit[0] == pytest.approx(5, abs=5)
    assert misfit[0] > 0.1


def test_rows_do_not_disturb_each_other() -> None:
    good = struts_of(USUAL, Placement.at((5, -8, 160), (10, -5, 7)))
    bad = np.array([50.0, 500, 50, 500, 50, 500])
    rows = np.array([good, bad, good])
    at, _, misfit = solved(USUAL.proximal_mm, USUAL.distal_mm, rows)
    assert misfit[0] == misfit[2] < 1e-9
    assert (at[0] == at[2]).all()
