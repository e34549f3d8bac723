"""Two films of one person: what changed, and what only the films changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from callotasis.alignment.changes import (
    Change,
    Changes,
    Reality,
    changes_between,
    lengths_together,
)
from callotasis.alignment.measurement import MeasuredFilm, measure_film
from callotasis.errors import Refusal, WorldsRefusal
from callotasis.evidence import constant
from callotasis.findings import Level
from callotasis.pose import Side
from callotasis.radiograph.known import FilmFacts, KnownGeometry
from callotasis.radiograph.landmarks import REQUIRED, Landmarks, click_spread_mm
from callotasis.radiograph.phantom import FilmSpec
from callotasis.radiograph.phantom.field import scene
from callotasis.radiograph.phantom.projector import Beam
from callotasis.radiograph.phantom.skeleton import Person
from callotasis.radiograph.phantom.truth import landmarks_on
from callotasis.worlds import Array, Worlds
from darkroom import bare_film

LENGTHENED_MM = 30.0
PITCH_MM = 0.25
LEANING_MM = 20.0  # by how much the ankles stand farther back one day than another
LENGTHS = ("femur_length_mm", "tibia_length_mm", "leg_length_mm")
MAGNIFIED = KnownGeometry(magnification=1.05, magnification_sd=0.02)
TRUE = KnownGeometry(true_scale=True)
STOOD = FilmFacts(patella_forward=True, knee_flexion_deg=0.0, block_mm={})


@cache
def _seen(shorter_mm: float = 0.0, *, slot_scanner: bool = False) -> Landmarks:
    """One person, whose right femur is shorter by this much, on a film."""
    return landmarks_on(*_scene(shorter_mm, slot_scanner=slot_scanner))


@cache
def _scene(shorter_mm: float, *, slot_scanner: bool) -> tuple[Person, Beam]:
    return scene(
        FilmSpec(
            pitch_mm=PITCH_MM,
            shortening_mm={"R.femur": shorter_mm},
            true_scale=slot_scanner,
        )
    )


def _measured(
    landmarks: Landmarks,
    seed: int,
    known: KnownGeometry = MAGNIFIED,
    *,
    count: int = 600,
    pitch_mm: float = PITCH_MM,
) -> MeasuredFilm:
    film = bare_film(5000, 1800, spacing_mm=(pitch_mm, pitch_mm))
    return measure_film(film, landmarks, known, STOOD, Worlds(count, seed))


@pytest.fixture(scope="module")
def before() -> MeasuredFilm:
    return _measured(_seen(LENGTHENED_MM), 1)


@pytest.fixture(scope="module")
def after() -> MeasuredFilm:
    return _measured(_seen(), 2)


def _changes(found: Changes) -> list[Change]:
    return [c for of_side in found.sides.values() for c in of_side.values()]


# Readers who measure one person twice.


def _standing_anew(rng: np.random.Generator) -> Mapping[Side, Mapping[str, Array]]:
    """The unchanged person on a slot scanner's film, each day leaning otherwise."""
    person, beam = _scene(0.0, slot_scanner=True)
    lean = rng.normal(0, LEANING_MM / 768)
    cos, sin = np.cos(lean), np.sin(lean)
    forward = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    return {
        side: {
            n: beam.film_points(leg.points[n][None] @ forward.T)[0] for n in REQUIRED
        }
        for side, leg in person.legs.items()
    }


def _read(rng: np.random.Generator, seed: int) -> MeasuredFilm:
    """A film of an unchanged person, clicked by a reader."""
    clicked = {
        side: {
            name: tuple(
                point
                + rng.standard_normal(2) * np.array(click_spread_mm(name)) / PITCH_MM
            )
            for name, point in points.items()
        }
        for side, points in _standing_anew(rng).items()
    }
    error = rng.normal(0, constant("calibration.true_scale").spread)
    return _measured(
        Landmarks(clicked), seed, TRUE, count=200, pitch_mm=PITCH_MM * np.exp(error)
    )


@pytest.mark.slow
def test_nothing_changed_is_not_called_a_change_in_19_of_20_comparisons() -> None:
    rng = np.random.default_rng(2027)
    silent: dict[str, list[bool]] = {}
    for pair in range(200):
        one, other = (_read(rng, 2 * pair + k) for k in (1, 2))
        found = changes_between(one, other)
        for side, changes in found.sides.items():
            for name in LENGTHS:
                said = changes[name].reality is Reality.NOT_SHOWN
                silent.setdefault(f"{side}.{name}", []).append(said)
        assert found.discrepancy_mm is not None
        said = found.discrepancy_mm.reality is Reality.NOT_SHOWN
        silent.setdefault("discrepancy", []).append(said)
    shares = {name: float(np.mean(said)) for name, said in silent.items()}
    # Of 1,400 comparisons about 1,330 are silent.
    assert 0.90 <= np.mean([*silent.values()]) <= 0.99, shares
    assert all(share >= 0.90 for share in shares.values()), shares


# A lengthening.


def test_a_lengthening_of_30_mm_is_real(
    before: MeasuredFilm, after: MeasuredFilm
) -> None:
    found = changes_between(before, after, Side.LEFT)
    femur = found.sides[Side.RIGHT]["femur_length_mm"]
    assert femur.reality is Reality.REAL
    assert femur.low < LENGTHENED_MM < femur.high
    assert femur.value == pytest.approx(LENGTHENED_MM, abs=3.0)
    tibia = found.sides[Side.RIGHT]["tibia_length_mm"]
    assert tibia.reality is Reality.NOT_SHOWN
    assert found.discrepancy_mm is not None
    assert found.discrepancy_mm.reality is Reality.REAL
    assert found.discrepancy_mm.value == pytest.approx(LENGTHENED_MM, abs=3.0)


def test_the_films_the_other_way_round_tell_a_shortening(
    before: MeasuredFilm, after: MeasuredFilm
) -> None:
    there, back = changes_between(before, after), changes_between(after, before)
    for side in Side:
        for name, change in there.sides[side].items():
            other = back.sides[side][name]
            assert change.value == -other.value
            assert (change.low, change.high) == pytest.approx((-other.high, -other.low))


def test_the_change_of_the_discrepancy_is_that_of_both_legs(
    before: MeasuredFilm, after: MeasuredFilm
) -> None:
    found = changes_between(before, after)
    right, left = (found.sides[s]["leg_length_mm"].value for s in Side)
    assert found.discrepancy_mm is not None
    assert found.discrepancy_mm.value == pytest.approx(right - left)


@pytest.mark.parametrize("ruler", [None, Side.LEFT])
def test_what_would_show_is_half_the_width_and_real_is_what_leaves_out_zero(
    before: MeasuredFilm, after: MeasuredFilm, ruler: Side | None
) -> None:
    found = changes_between(before, after, ruler)
    assert found.discrepancy_mm is not None
    for change in (*_changes(found), found.discrepancy_mm):
        assert change.detectable == (change.high - change.low) / 2
        real = not change.low <= 0 <= change.high
        assert (change.reality is Reality.REAL) == real


# The healthy leg as a ruler.


def test_the_healthy_leg_narrows_what_is_known_of_the_other(
    before: MeasuredFilm, after: MeasuredFilm
) -> None:
    plain = changes_between(before, after).sides[Side.RIGHT]
    ruled = changes_between(before, after, Side.LEFT).sides[Side.RIGHT]
    for name in LENGTHS:
        assert ruled[name].detectable < 0.75 * plain[name].detectable, name
    for name, change in ruled.items():
        assert change.detectable < 1.05 * plain[name].detectable, name


def test_a_scale_that_was_off_is_seen_on_the_ruler_and_taken_out() -> None:
    one = _measured(_seen(), 1)
    grown = _measured(_seen(), 2, pitch_mm=PITCH_MM * 1.02)
    found = changes_between(one, grown, Side.LEFT)
    assert found.ruler_seemed is not None
    assert found.ruler_seemed.value == pytest.approx(1.02, abs=0.002)
    assert found.ruler_seemed.low < 1.0 < found.ruler_seemed.high
    plain = changes_between(one, grown)
    for side in Side:
        assert plain.sides[side]["leg_length_mm"].value > 14
        assert found.sides[side]["leg_length_mm"].value == pytest.approx(0, abs=2)


def test_a_ruler_is_named_in_a_note_and_nothing_else_is(
    before: MeasuredFilm, after: MeasuredFilm
) -> None:
    without, ruled = (
        changes_between(before, after, ruler) for ruler in (None, Side.LEFT)
    )
    assert without.findings == ()
    assert without.ruler is without.ruler_seemed is None
    (note,) = ruled.findings
    assert note.level is Level.NOTE
    assert note.evidence == "changes.unchanged_bone"
    assert note.about == "L"
    assert "left leg is taken as unchanged" in note.sentence


# Both films at once.


def test_lengths_from_two_films_are_narrower_than_from_either() -> None:
    one, other = (_measured(_seen(), seed) for seed in (1, 2))
    together = lengths_together(one, other)
    assert set(together) == set(Side)
    for side, lengths in together.items():
        assert set(lengths) == set(LENGTHS)
        for name, found in lengths.items():
            width = found.high - found.low
            for film in (one, other):
                own = film.measurement.sides[side][name]
                assert width < 0.9 * (own.high - own.low), name
                assert found.value == pytest.approx(own.value, abs=2.0)


# What is refused, and what is left out.


def test_films_that_share_their_draws_are_refused(before: MeasuredFilm) -> None:
    again = _measured(_seen(), before.worlds.seed)
    for compare in (changes_between, lengths_together):
        with pytest.raises(WorldsRefusal, match="different seeds"):
            compare(before, again)


def test_films_in_unequal_numbers_of_worlds_are_refused(before: MeasuredFilm) -> None:
    fewer = _measured(_seen(), 2, count=100)
    with pytest.raises(WorldsRefusal, match="600 and 100 worlds"):
        changes_between(before, fewer)


def _one_leg(side: Side) -> MeasuredFilm:
    return _measured(Landmarks({side: _seen().sides[side]}), 2)


def test_a_ruler_on_one_film_only_is_refused(before: MeasuredFilm) -> None:
    for pair in ((before, _one_leg(Side.RIGHT)), (_one_leg(Side.RIGHT), before)):
        with pytest.raises(Refusal, match="the left leg is no ruler: both films"):
            changes_between(*pair, Side.LEFT)


def test_legs_that_one_film_lacks_are_left_out(before: MeasuredFilm) -> None:
    found = changes_between(before, _one_leg(Side.LEFT))
    assert list(found.sides) == [Side.LEFT]
    assert found.discrepancy_mm is None


def test_quantities_that_one_film_lacks_are_left_out(before: MeasuredFilm) -> None:
    few = {s: {n: p[n] for n in REQUIRED} for s, p in _seen().sides.items()}
    found = changes_between(before, _measured(Landmarks(few), 2))
    expected = {*LENGTHS, "mad_mm", "hka_deviation_deg"}
    assert all(set(changes) == expected for changes in found.sides.values())


def test_without_a_scale_only_angles_are_compared(before: MeasuredFilm) -> None:
    unscaled = _measured(_seen(), 2, KnownGeometry())
    found = changes_between(before, unscaled)
    names = {name for changes in found.sides.values() for name in changes}
    assert names
    assert all(name.endswith("_deg") for name in names)
    assert found.discrepancy_mm is None
    with pytest.raises(Refusal, match="a ruler needs both films to have a scale"):
        changes_between(before, unscaled, Side.LEFT)
    with pytest.raises(Refusal, match="need both scales"):
        lengths_together(before, unscaled)


def _detectable(changes: Mapping[str, Change]) -> dict[str, float]:
    return {name: changes[name].detectable for name in LENGTHS}


def test_two_films_know_less_of_a_change_than_their_clicks_alone_would_say(
    before: MeasuredFilm, after: MeasuredFilm
) -> None:
    sharp = [
        _measured(_seen(shorter, slot_scanner=True), seed, TRUE)
        for shorter, seed in ((LENGTHENED_MM, 1), (0.0, 2))
    ]
    by_scanner = _detectable(changes_between(*sharp).sides[Side.RIGHT])
    by_film = _detectable(changes_between(before, after).sides[Side.RIGHT])
    assert all(by_scanner[name] < 0.6 * by_film[name] for name in LENGTHS)
