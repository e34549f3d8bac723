"""What a close-up film may be asked for."""

from __future__ import annotations

import pytest

from callotasis.errors import FilmRefusal, PlanRefusal
from callotasis.radiograph.phantom import CallusSpec, CloseUpSpec


@pytest.mark.parametrize(
    ("name", "value"), [("gap_mm", 90.0), ("level", 0.1), ("kilovolt", float("nan"))]
)
def test_what_no_film_has_is_refused_with_its_limits(name: str, value: float) -> None:
    with pytest.raises(FilmRefusal, match=f"{name} is .*; allowed is"):
        CloseUpSpec(**{name: value})


def test_an_unknown_segment_or_cortex_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="segment"):
        CloseUpSpec(segment="R.hand")
    with pytest.raises(FilmRefusal, match="bridged cortex 'posterior'"):
        CallusSpec(bridged=("posterior",))
