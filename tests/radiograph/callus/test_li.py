"""Words of Li and the numbers of their pairs."""

from __future__ import annotations

import pytest

from callotasis.radiograph.callus.li import CallusDensity, CallusTexture, li_type


@pytest.mark.parametrize(
    ("density", "numbers"),
    [
        ("low", [1, 2, 3, 4]),
        ("intermediate", [5, 6, 7, 8]),
        ("normal", [None, 9, 10, None]),
    ],
)
def test_types_stand_as_in_the_printed_table(
    density: str, numbers: list[int | None]
) -> None:
    found = [li_type(CallusDensity(density), texture) for texture in CallusTexture]
    assert found == numbers
