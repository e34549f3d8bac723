"""The types that say how a case stands."""

from __future__ import annotations

from pathlib import Path

from callotasis.followed import follow
from callotasis.worlds import Interval
from dora import RIGHT_FEMUR
from followcases import gaps, operated, signed_case, turned_until


def test_the_gain_on_the_newest_film_is_the_measured_length(tmp_path: Path) -> None:
    case = signed_case(tmp_path)
    operated(case)
    turned_until(case, 27)
    assert follow(case, 20).segments[RIGHT_FEMUR].measured_mm is None
    gaps(case, [(3, 1.0), (14, 8.5), (21, 15.5)])
    measured = {
        day: follow(case, day).segments[RIGHT_FEMUR].measured_mm
        for day in (2, 3, 20, 27)
    }
    assert measured[2] is None
    values = {day: gain.value for day, gain in measured.items() if gain is not None}
    assert values == {3: 0.0, 20: 7.5, 27: 14.5}
    assert isinstance(measured[27], Interval)
    assert measured[27].low < 14.5 < measured[27].high
