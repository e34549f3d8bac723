"""What films say of a bone's length, beside what was turned."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callotasis.distraction import Bound, schedule_of
from callotasis.followup import FilmRead, Grows, Turning
from callotasis.followup.gathered import FilmOn
from callotasis.followup.lengths import MOMENT, Gained, Lengths, lengths_of
from callotasis.worlds import NORMAL_95, Interval
from followcases import PLAN, at_day

SD_MM = 0.5
OBEDIENT = Turning(
    PLAN,
    schedule_of([Bound(PLAN)]),
    tuple((turn.at, turn.turn_mm) for turn in PLAN.turns),
    (False,) * len(PLAN.turns),
)


def film(
    day: int, mm: float | None, of: Grows = Grows.GAP, sd: float = SD_MM
) -> FilmOn:
    """Read a length on a film at noon; None reads only the new bone."""
    at = at_day(day).replace(tzinfo=None)
    if mm is None:
        return FilmOn(day, at, FilmRead(callus_seen=True))
    return FilmOn(day, at, FilmRead(of, mm, sd))


def turned_by(day: int) -> float:
    """All that was turned until noon of a day [mm]."""
    return OBEDIENT.turned_mm(at_day(day).replace(tzinfo=None)).value


def gap_films(
    days: Sequence[int], short_mm: float = 0.0, after: int = 99
) -> list[FilmOn]:
    """Read a gap that began at 2 mm and stays behind after a day."""
    return [
        film(day, 2.0 + turned_by(day) - (short_mm if day > after else 0.0))
        for day in days
    ]


def lengths(
    films: Sequence[FilmOn],
    gap_zero_mm: float | None = None,
    answered: Sequence[int] = (),
) -> Lengths:
    """Hold films against an obedient patient's turns."""
    return lengths_of(films, OBEDIENT, gap_zero_mm, answered)


# The zero.


def test_a_film_before_the_first_turn_is_the_zero() -> None:
    [zero, later] = lengths(gap_films([3, 21])).gained
    assert zero.gained_mm.value == pytest.approx(0.0)
    assert later.gained_mm.value == pytest.approx(turned_by(21)) == later.turned_mm
    assert zero.gained_mm.high == pytest.approx(NORMAL_95 * SD_MM)
    # Both films scatter.
    wide = later.gained_mm.high - later.gained_mm.value
    assert wide == pytest.approx(NORMAL_95 * SD_MM * 2**0.5)


def test_two_films_before_the_first_turn_are_weighed_by_their_scatter() -> None:
    films = [film(1, 2.0, sd=0.5), film(3, 5.0, sd=1.0), film(21, 20.0)]
    *_, later = lengths(films).gained
    assert later.gained_mm.value == pytest.approx(20.0 - (4 * 2.0 + 5.0) / 5)


def test_the_gap_at_surgery_is_the_zero_where_no_film_is() -> None:
    films = gap_films([14, 21])
    for zero in (0.0, 2.0):
        [first, _] = lengths(films, zero).gained
        assert first.gained_mm.value == pytest.approx(2.0 + turned_by(14) - zero)
    assert lengths(films).gained == ()


def test_the_gap_at_surgery_is_no_zero_of_a_nail_or_of_rings() -> None:
    for of in (Grows.NAIL, Grows.RINGS, Grows.BONE):
        films = [film(day, 245.0 + turned_by(day), of) for day in (14, 21)]
        assert lengths(films, 2.0).gained == ()
        zero = film(3, 245.0, of)
        assert len(lengths([zero, *films], 2.0).gained) == 3


def test_without_any_length_nothing_is_said() -> None:
    for films in ([], [film(3, None), film(21, None)]):
        assert lengths(films, 2.0) == Lengths((), ())
        assert not any(lengths(films).facts.values())


def test_the_kind_of_length_that_most_films_measured_is_taken() -> None:
    films = [*gap_films([3, 14]), film(16, 260.0, Grows.NAIL), *gap_films([21])]
    assert [one.day for one in lengths(films).gained] == [3, 14, 21]


@given(st.floats(0.0, 30.0), st.sampled_from(Grows))
def test_what_all_films_share_moves_no_gain(offset: float, of: Grows) -> None:
    films = [film(day, 10.0 + turned_by(day), of) for day in (3, 14, 28)]
    moved = [film(f.day, (f.read.measured_mm or 0) + offset, of) for f in films]
    for one, other in zip(lengths(films).gained, lengths(moved).gained, strict=True):
        assert one.gained_mm.value == pytest.approx(other.gained_mm.value)


# A shortfall.


@pytest.mark.parametrize("after", [14, 21, 28])
def test_a_shortfall_is_told_from_the_first_film_after_it(after: int) -> None:
    facts = lengths(gap_films([3, 14, 21, 28, 35], 4.0, after)).facts["short_mm"]
    for day, short in facts:
        assert short == (pytest.approx(4.0, abs=0.01) if day > after else 0.0)


def test_one_film_alone_finds_nothing() -> None:
    assert lengths(gap_films([3])).steps == ()


@pytest.mark.parametrize(
    ("answered", "short_on"),
    [([], {28, 35, 42}), ([28], {28}), ([30], {28}), ([36], {28, 35})],
)
def test_a_shortfall_that_a_clinician_answered_is_not_found_again(
    answered: list[int], short_on: set[int]
) -> None:
    films = gap_films([3, 14, 21, 28, 35, 42], 4.0, after=21)
    facts = lengths(films, answered=answered).facts["short_mm"]
    assert {day for day, short in facts if short} == short_on


def test_a_second_shortfall_after_the_answer_is_found() -> None:
    films = gap_films([3, 14, 21, 28, 35, 42], 4.0, after=21)
    worse = [
        f if f.day < 42 else film(f.day, (f.read.measured_mm or 0) - 4.0) for f in films
    ]
    facts = dict(lengths(worse, answered=[28]).facts["short_mm"])
    assert facts[35] == 0.0
    assert facts[42] == pytest.approx(4.0, abs=0.01)


# Behind.


@pytest.mark.parametrize(
    ("gained", "prescribed", "behind"),
    [
        (6.0, 10.0, True),
        (7.0, 10.0, False),  # its upper end is not below 8
        (6.0, 1.4, False),  # too early to speak of a share
        (9.5, 10.0, False),
    ],
)
def test_a_bone_is_behind_where_it_is_surely_below_four_fifths(
    gained: float, prescribed: float, behind: bool
) -> None:
    band = Interval(gained, gained - 1.2, gained + 1.2)
    assert Gained(20, band, prescribed, prescribed).behind is behind


def test_behind_on_two_films_in_a_row_is_a_fact_of_the_second() -> None:
    films = [film(3, 2.0), *(film(day, 2.0 + 0.5 * turned_by(day)) for day in (14, 21))]
    films += gap_films([28, 35])
    twice = dict(lengths(films).facts["behind_twice"])
    assert twice == {14: 0.0, 21: 1.0, 28: 0.0, 35: 0.0}


# What else films may say.


def test_the_gap_at_surgery_is_a_film_of_the_step_test() -> None:
    facts = lengths([film(17, 2.2)], 2.0).facts
    assert facts["short_mm"] == [(17, pytest.approx(turned_by(17) - 0.2))]
    assert lengths([film(17, 2.0 + turned_by(17))], 2.0).facts["short_mm"] == [(17, 0)]


def test_a_step_after_an_answer_is_a_new_one() -> None:
    films = [*gap_films([3, 14]), *gap_films([21], 4.0, 14), *gap_films([28], 8.0, 14)]
    short = lengths(films, answered=[22]).facts["short_mm"]
    assert [day for day, mm in short if mm == 0] == [14, 28 - MOMENT]
    assert dict(short)[21] == dict(short)[28] == pytest.approx(4.0)


def test_what_is_longer_than_was_turned_is_told() -> None:
    films = [*gap_films([3, 14]), *gap_films([21], -4.0, 14)]
    facts = lengths(films).facts
    assert facts["ahead_mm"] == [(14, 0.0), (21, pytest.approx(4.0))]
    assert not any(mm for _, mm in facts["short_mm"])


def test_a_reading_that_cannot_be_proposes_nothing() -> None:
    films = [film(3, 300.0, Grows.NAIL), film(21, 31.0, Grows.NAIL)]
    facts = lengths(films).facts
    assert facts["short_mm"] == [(21, 0.0)]
    assert dict(facts["shrunk_mm"])[21] == pytest.approx(269 + turned_by(21))
