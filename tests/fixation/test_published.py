"""Published series: read, counted, sourced, and never ranked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.evidence import Mark
from callotasis.fixation import published
from callotasis.fixation.published import (
    COMPARED_HEAD,
    HEAD,
    READ,
    Comparison,
    Construct,
    Count,
    Figure,
    Series,
    comparison_rows,
    comparisons_for,
    published_for,
    series_rows,
    wilson,
)
from callotasis.pose import Bone

EVERY_SERIES = published._library().series
EVERY_COMPARISON = published._library().comparison
ALL = tuple(Construct)


def named(row: Series | Comparison) -> str:
    """Name a row by what the table calls it."""
    return row.name


# The data.


@pytest.mark.parametrize("series", EVERY_SERIES, ids=named)
def test_a_series_says_who_how_many_when_and_who_says_so(series: Series) -> None:
    assert series.n_segments or series.n_patients
    for text in (series.population, series.years, series.source, series.device):
        assert text == text.strip()
        assert text
    assert series.mark in READ
    assert series.figures or series.counts or series.remarks


@pytest.mark.parametrize("series", EVERY_SERIES, ids=named)
def test_a_figure_lies_in_its_spread_and_a_count_in_its_whole(series: Series) -> None:
    for figure in series.figures:
        assert (figure.low is None) == (figure.high is None) == (not figure.spread)
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high
    for count in series.counts:
        assert 0 <= count.k <= count.n


def test_no_name_stands_twice() -> None:
    names = [row.name for row in (*EVERY_SERIES, *EVERY_COMPARISON)]
    doubled = {name for name in names if names.count(name) > 1}
    assert doubled == {"Fragomen 2018", "Fragomen 2020"}  # a series and a comparison


@pytest.mark.parametrize("kind", Construct)
def test_something_was_read_of_every_kind_of_device(kind: Construct) -> None:
    assert any(published_for(kind, bone) for bone in Bone)


@pytest.mark.parametrize("found", EVERY_COMPARISON, ids=named)
def test_a_comparison_names_two_kinds_and_their_figures(found: Comparison) -> None:
    assert found.first is not found.second
    assert 1 <= len(found.found) <= 2
    assert found.mark in READ


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (8, 164, 2.5, 9.3),
        (5, 55, 3.9, 19.6),
        (35, 39, 76.4, 95.9),
        (44, 81, 43.5, 64.7),
        (14, 420, 2.00, 5.52),
        (0, 19, 0.0, 16.8),
        (4, 19, 8.5, 43.3),
    ],
)
def test_the_interval_of_a_share_is_wilsons(
    k: int, n: int, low: float, high: float
) -> None:
    digits = 2 if n == 420 else 1
    assert [round(100 * share, digits) for share in wilson(k, n)] == [low, high]


@given(n=st.integers(1, 10_000), share=st.floats(0, 1))
def test_the_interval_of_a_share_holds_it_and_mirrors(n: int, share: float) -> None:
    k = round(share * n)
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    mirrored = wilson(n - k, n)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-12)


# What is asked for.


def test_the_healing_of_nail_and_rail_are_those_of_their_own_study() -> None:
    (found,) = comparisons_for((Construct.NAIL, Construct.RAIL), Bone.FEMUR)
    assert found.found == ("31.3 day/cm", "47.1 day/cm")
    assert found.source == "BJJ 2016;98-B:1382"
    for kind, value, n in ((Construct.NAIL, 31.3, 20), (Construct.RAIL, 47.1, 13)):
        (series,) = (
            s for s in published_for(kind, Bone.FEMUR) if s.name.startswith("Laubscher")
        )
        assert (series.figures[0].value, series.n_segments) == (value, n)


def test_frames_over_a_nail_were_matched_with_ring_frames_on_tibiae_only() -> None:
    kinds = (Construct.OVER_NAIL, Construct.RING)
    assert {c.what for c in comparisons_for(kinds, Bone.TIBIA)} == {
        "deep infection",
        "time in the frame",
        "time to consolidation",
    }
    assert comparisons_for(kinds, Bone.FEMUR) == ()


def test_a_hexapod_was_compared_with_ring_frames_on_tibiae_only() -> None:
    kinds = (Construct.HEXAPOD, Construct.RING)
    found = comparisons_for(kinds, Bone.TIBIA)
    assert ("12.1 %", "50 %") in [c.found for c in found]
    assert any("no significant" in c.found[0] for c in found)
    others = [
        c
        for bone in Bone
        for c in comparisons_for(ALL, bone)
        if Construct.HEXAPOD in {c.first, c.second}
    ]
    assert sorted(c.name for c in others) == [c.name for c in found]


@pytest.mark.parametrize("kind", Construct)
def test_one_kind_alone_is_compared_with_nothing(kind: Construct) -> None:
    for bone in Bone:
        assert comparisons_for((kind,), bone) == ()


def test_a_series_of_the_other_bone_is_not_shown() -> None:
    for bone, other in ((Bone.FEMUR, Bone.TIBIA), (Bone.TIBIA, Bone.FEMUR)):
        for kind in Construct:
            for series in published_for(kind, bone):
                assert series.bones != (other,)


def test_a_row_that_nobody_read_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    hearsay = Series(
        *("Hearsay", Construct.RAIL, "rail", (Bone.FEMUR,), "stature", "2005"),
        *("a forum", Mark.SECOND_HAND, 100),
    )
    library = published._Library((hearsay, *EVERY_SERIES), EVERY_COMPARISON)
    monkeypatch.setattr(published, "_library", lambda: library)
    names = [s.name for s in published_for(Construct.RAIL, Bone.FEMUR)]
    assert "Hearsay" not in names
    assert names


# The table.


@pytest.mark.parametrize("bone", Bone)
def test_rows_stand_in_the_order_of_kinds_and_names_whatever_their_figures(
    bone: Bone,
) -> None:
    rows = series_rows(ALL, bone)
    kinds = [kind.value for kind in Construct]
    order = [(kinds.index(row[0]), row[1].split(":")[0]) for row in rows]
    assert order == sorted(order)
    assert series_rows(tuple(reversed(ALL)), bone) == rows


@pytest.mark.parametrize("bone", Bone)
def test_every_cell_of_both_tables_says_something(bone: Bone) -> None:
    rows = series_rows(ALL, bone)
    compared = comparison_rows(ALL, bone)
    assert len(rows) > 10
    assert len(compared) > 2
    assert all(len(row) == len(HEAD) and all(row) for row in rows)
    assert all(len(row) == len(COMPARED_HEAD) and all(row) for row in compared)


def test_a_row_says_n_years_spread_interval_source_and_mark() -> None:
    (row,) = (
        r
        for r in series_rows((Construct.NAIL,), Bone.FEMUR)
        if r[1].startswith("HSS, antegrade")
    )
    assert row[2] == "mixed; 164 segments; 2012 to 2019"
    assert row[3] == "bone healing index 24.5 day/cm (mean ± 1 SD 15 to 34)"
    assert "8 of 164 segments (4.9 %, 2.5 to 9.3)" in row[4]
    assert row[5] == "vivo.weill pubid40456100 [read in abstract]"


def test_a_kind_of_which_nothing_was_read_is_said_to_be_so() -> None:
    assert published_for(Construct.RAIL, Bone.TIBIA) == ()
    (row,) = series_rows((Construct.RAIL,), Bone.TIBIA)
    assert row[:2] == ("rail", "no series of this bone was read")


def test_figures_and_counts_read_as_people_say_them() -> None:
    assert Figure("gain", 49.0, "mm").words == "gain 49 mm"
    assert Count("non-union", 1, 5, "segments").words == (
        "non-union 1 of 5 segments (20.0 %, 3.6 to 62.4)"
    )
