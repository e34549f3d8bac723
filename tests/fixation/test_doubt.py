"""How wrong settings may be: intervals, limits, and what to read again."""

from __future__ import annotations

import numpy as np
import pytest

from callotasis.errors import FrameRefusal
from callotasis.fixation.doubt import beyond_limits, doubt_about, sizes_of
from callotasis.pose import PARAMETERS
from callotasis.worlds import Worlds

MANY = Worlds(count=4000)


@pytest.mark.parametrize(
    ("column", "just_inside", "just_beyond"),
    [(0, 1.99, 2.01), (3, 1.99, 2.01), (4, -1.99, -2.01), (5, 9.9, 10.1)],
)
def test_limits_are_those_of_the_evidence(
    column: int, just_inside: float, just_beyond: float
) -> None:
    residual = np.zeros((2, 6))
    residual[:, column] = just_inside, just_beyond
    assert beyond_limits(residual).tolist() == [False, True]


def test_angulation_is_that_of_the_axes_and_leaves_rotation_out() -> None:
    angulation, shift = sizes_of(np.array([[3.0, 4, 0, 3, 4, 0], [0, 0, 0, 0, 0, 9]]))
    assert angulation == pytest.approx([5, 0], abs=0.01)
    assert shift == pytest.approx([5, 0])


def test_every_parameter_gets_its_interval() -> None:
    residual = MANY.normal("left", 1.0, (6,)) + 0.5
    residual[0] = 0.5
    found = doubt_about(residual, {})
    assert list(found.residual) == list(PARAMETERS)
    for left in found.residual.values():
        assert left.value == 0.5
        assert left.low == pytest.approx(0.5 - 1.96, abs=0.15)
        assert left.high == pytest.approx(0.5 + 1.96, abs=0.15)


def test_parameters_count_by_their_limits() -> None:
    """A degree and a millimetre count alike; a degree of rotation a fifth of them."""
    residual = np.zeros((MANY.count + 1, 6))
    inputs = {name: MANY.normal(name, 1.0) for name in ("shift", "bend", "twist")}
    residual[:, 0] = inputs["shift"]
    residual[:, 4] = inputs["bend"]
    residual[:, 5] = inputs["twist"]
    shares = {s.reading: s.share for s in doubt_about(residual, inputs).read_again}
    total = 2 * (1 / 2) ** 2 + (1 / 10) ** 2
    assert shares["shift"] == pytest.approx((1 / 2) ** 2 / total, abs=0.03)
    assert shares["twist"] == pytest.approx((1 / 10) ** 2 / total, abs=0.01)


def test_worlds_without_a_number_are_left_out_while_they_are_few() -> None:
    residual = MANY.normal("left", 1.0, (6,))
    residual[5] = np.nan
    assert 0 < doubt_about(residual, {}).chance_of_second_program < 1
    residual[1:400] = np.nan
    with pytest.raises(FrameRefusal, match="could not exist"):
        doubt_about(residual, {})
