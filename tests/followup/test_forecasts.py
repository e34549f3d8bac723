"""When a bone will be solid and bear all, as far as it can be told today."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Phase
from callotasis.fixation import Kind
from callotasis.followup import FilmRead, Forecast, forecast
from callotasis.followup.forecasts import Way, end_of_turning
from callotasis.followup.gathered import FilmOn
from callotasis.worlds import Interval
from dora import LEFT_TIBIA, RIGHT_FEMUR
from followcases import at_day

WAY = Way(RIGHT_FEMUR, Kind.NAIL, "antegrade", 40.0, 47, Phase.CONSOLIDATION)


def film(day: int, ratio: float | None) -> FilmOn:
    """Read the same ratio of two cortices; None reads none."""
    both = {} if ratio is None else {"medial": ratio, "lateral": ratio}
    read = FilmRead(ratio=both, callus_seen=True)
    return FilmOn(day, at_day(day).replace(tzinfo=None), read)


def said(way: Way = WAY, *films: FilmOn) -> Forecast:
    """Forecast a bone of which something can be said."""
    found = forecast(way, films)
    assert found is not None
    return found


def width(band: Interval) -> float:
    """Length of a band [day]."""
    return band.high - band.low


@pytest.mark.parametrize(
    "way",
    [
        replace(WAY, phase=Phase.PLANNED),
        replace(WAY, gain_mm=9.9),
        replace(WAY, approach=""),
        replace(WAY, segment=LEFT_TIBIA, approach="retrograde"),
    ],
    ids=["planned", "hardly lengthened", "way in unsaid", "no series"],
)
def test_nothing_is_said_where_no_source_speaks(
    way: Way,
) -> None:
    assert forecast(way) is None


def test_a_frame_that_took_the_place_of_a_nail_has_a_forecast() -> None:
    planned = replace(WAY, kind=Kind.RAIL)
    assert said(planned) == said(replace(planned, approach=""))


def test_ratios_narrow_the_forecast() -> None:
    bands = [
        said(WAY, *films).consolidation_day
        for films in (
            [],
            [film(75, 0.82)],
            [film(75, 0.82), film(100, 0.88)],
            [film(75, 0.82), film(100, 0.88), film(115, 0.93)],
        )
    ]
    assert all(width(b) < width(a) for a, b in pairwise(bands))


def test_a_denser_bone_is_solid_sooner() -> None:
    thin, dense = (
        said(WAY, film(80, ratio)).consolidation_day for ratio in (0.65, 0.88)
    )
    assert dense.value < thin.value
    assert dense.high < thin.high


@pytest.mark.parametrize(
    "early",
    [film(46, 0.9), film(80, None), film(80, 2.0), film(80, 0.0)],
    ids=["while drawn out", "without ratio", "twice the bone", "nothing"],
)
def test_films_that_tell_nothing_of_healing_change_nothing(early: FilmOn) -> None:
    assert said(WAY, early) == said(WAY)


def test_films_count_once_distraction_has_ended() -> None:
    still = replace(WAY, phase=Phase.DISTRACTION)
    assert said(still, film(80, 0.9)) == said(still)


@given(st.integers(20, 90), st.floats(10.0, 80.0))
def test_no_bone_is_solid_before_its_last_turn_and_none_loaded_before_solid(
    end: int, gain: float
) -> None:
    for kind, approach in ((Kind.NAIL, "antegrade"), (Kind.RING, "")):
        for bone in (RIGHT_FEMUR, LEFT_TIBIA):
            found = said(Way(bone, kind, approach, gain, end, Phase.DISTRACTION))
            solid, loaded = found.consolidation_day, found.full_weight_bearing_day
            assert end < solid.low <= solid.value <= solid.high
            for side in ("low", "value", "high"):
                assert getattr(loaded, side) >= getattr(solid, side)
                assert getattr(solid, side) == round(getattr(solid, side))


def test_a_frame_is_loaded_when_it_is_solid_and_names_one_source() -> None:
    found = said(Way(LEFT_TIBIA, Kind.RING, "", 40.0, 60, Phase.CONSOLIDATION))
    assert found.full_weight_bearing_day == found.consolidation_day
    assert found.evidence == ("distraction.healing_rail_tibia",)
    assert len(said().evidence) == 2


def test_once_a_clinician_allowed_all_load_the_day_is_known() -> None:
    found = said(replace(WAY, phase=Phase.LOADING, loaded_day=150), film(80, 0.7))
    for band in (found.consolidation_day, found.full_weight_bearing_day):
        assert (band.low, band.value, band.high) == (150.0, 150.0, 150.0)


@pytest.mark.parametrize(
    ("behind", "day", "end"),
    [
        (0.0, 20, 47),
        (-2.0, 20, 47),
        (0.75, 20, 48),
        (0.76, 20, 49),
        (1.5, 60, 62),
        (0.0, 60, 47),
    ],
)
def test_what_was_left_out_is_turned_after_the_last_prescribed_turn(
    behind: float, day: int, end: int
) -> None:
    assert end_of_turning(behind, 0.75, day, 47) == end
