"""The films of a case: brought in, found again, measured again, compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callotasis.case_films import (
    add_film,
    bow_radii,
    compared,
    frontal_films,
    keep_film,
    keep_landmarks,
    measured_again,
    measured_case,
    newest_film,
)
from callotasis.errors import FilmRefusal, LandmarkRefusal, RecordRefusal, Refusal
from callotasis.pose import Segment, Side
from callotasis.radiograph import FilmNotes, Landmarks, landmarks_from
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.worlds import Worlds
from dora import everything_in
from small_films import (
    LATERAL_POINTS,
    NOTES,
    frontal_on,
    frontal_points,
    lateral_bytes,
    lateral_on,
)

FEW = Worlds(count=60)
SURGEON = "Ada"
LATERAL_MM = 1.5 / 1.05  # of the bone, for each pixel of a film from the side


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    return CaseFolder.create(tmp_path / "case", "Dora (synthetic)", SURGEON)


def _add(case: CaseFolder, seed: int = 1) -> Entry:
    files = frontal_on(case.path.parent, seed)
    return add_film(case, files.film, files.landmarks, NOTES, SURGEON)[0]


def _add_lateral(case: CaseFolder, seed: int = 1) -> Entry:
    files = lateral_on(case.path.parent, seed)
    return add_film(case, files.film, files.landmarks, NOTES, SURGEON)[0]


def _moved(columns: float) -> Landmarks:
    """The landmarks of the small film, the right hip moved."""
    points = frontal_points()
    points["R"]["hip_centre"][0] += columns
    return landmarks_from(points)


# Adding.


def test_a_frontal_film_is_kept_with_its_landmarks_and_notes(case: CaseFolder) -> None:
    files = frontal_on(case.path.parent)
    film, landmarks = add_film(case, files.film, files.landmarks, NOTES, SURGEON)
    assert (film.kind, landmarks.kind) == ("film", "landmarks")
    assert film.body["file"] == files.film.name
    assert film.body["notes"]["magnification"] == 1.05
    assert landmarks.body == {"film": film.id, "points": frontal_points()}
    kept = case.film_path(str(film.body["sha256"]))
    assert kept.read_bytes() == files.film.read_bytes()
    assert [e.id for e in case.case().of_kind("film")] == [film.id]


def test_a_lateral_film_is_kept_and_is_no_frontal_one(case: CaseFolder) -> None:
    files = lateral_on(case.path.parent)
    film, landmarks = add_film(case, files.film, files.landmarks, NOTES, SURGEON)
    assert landmarks.body["points"] == LATERAL_POINTS
    assert [e.id for e in case.case().of_kind("film")] == [film.id]
    assert frontal_films(case) == []


def test_marked_points_are_kept_as_those_of_a_file(case: CaseFolder) -> None:
    files = frontal_on(case.path.parent)
    _, landmarks = keep_film(case, files.film, _moved(0), NOTES, SURGEON)
    assert landmarks.body["points"] == frontal_points()


def test_nothing_is_written_where_film_and_landmarks_do_not_fit(
    case: CaseFolder,
) -> None:
    folder = case.path.parent
    frontal, lateral = frontal_on(folder), lateral_on(folder)
    before = everything_in(case.path)
    with pytest.raises(LandmarkRefusal, match="says lateral"):
        add_film(case, lateral.film, frontal.landmarks, NOTES, SURGEON)
    with pytest.raises(LandmarkRefusal, match="columns run from one side"):
        add_film(case, frontal.film, lateral.landmarks, NOTES, SURGEON)
    with pytest.raises(FilmRefusal, match="ball"):
        add_film(
            case, frontal.film, frontal.landmarks, FilmNotes(ball_mm=25.0), SURGEON
        )
    assert everything_in(case.path) == before


# The newest film.


def test_a_case_without_a_film_has_no_newest(case: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="holds no film; add one first"):
        newest_film(case)


def test_the_newest_frontal_film_is_found_past_lateral_ones(case: CaseFolder) -> None:
    _add(case, 1)
    newest = _add(case, 2)
    _add_lateral(case)
    assert newest_film(case).film.id == newest.id
    measured = measured_case(case, FEW)
    assert measured.film.sha256 == newest.body["sha256"]
    assert set(measured.measurement.sides) == set(Side)


def test_a_case_with_lateral_films_alone_has_no_frontal_one(case: CaseFolder) -> None:
    _add_lateral(case)
    with pytest.raises(RecordRefusal, match="has no landmarks"):
        newest_film(case)


def test_a_newer_film_without_landmarks_is_not_passed_over(case: CaseFolder) -> None:
    first = _add(case)
    body = {**first.body, "file": "later.dcm"}
    case.append(new_entry(case.name, "film", SURGEON, body))
    with pytest.raises(RecordRefusal, match="has no landmarks"):
        newest_film(case)


def _corrected(case: CaseFolder, film: Entry) -> Entry:
    notes = {**film.body["notes"], "knee_flexion_deg": 5.0}
    entry = new_entry(
        case.name, "film", SURGEON, {**film.body, "notes": notes}, corrects=film.id
    )
    case.append(entry)
    return entry


def test_a_corrected_film_keeps_its_landmarks_and_has_its_new_notes(
    case: CaseFolder,
) -> None:
    film = _add(case)
    corrected = _corrected(case, film)
    found = newest_film(case)
    assert found.film.id == corrected.id
    assert found.landmarks.body["film"] == film.id
    keys = [f.key for f in measured_case(case, FEW).measurement.findings]
    assert "film.flexion_unknown" not in keys


def test_a_corrected_lateral_film_stays_a_lateral_one(case: CaseFolder) -> None:
    frontal = _add(case)
    _corrected(case, _add_lateral(case))
    assert newest_film(case).film.id == frontal.id


# Newer landmarks.


def test_newer_landmarks_take_the_place_of_older_ones(case: CaseFolder) -> None:
    film = _add(case)
    entry = keep_landmarks(case, film.id, _moved(1.5), SURGEON)
    found = newest_film(case)
    assert (found.film.id, found.landmarks.id) == (film.id, entry.id)
    assert len(case.case().of_kind("landmarks")) == 2
    again = measured_case(case, FEW).landmarks
    assert again == _moved(1.5)


def test_newer_landmarks_of_an_older_film_do_not_make_it_the_newest(
    case: CaseFolder,
) -> None:
    first, second = _add(case, 1), _add(case, 2)
    keep_landmarks(case, first.id, _moved(1.5), SURGEON)
    assert newest_film(case).film.id == second.id
    assert [one.film.id for one in frontal_films(case)] == [first.id, second.id]


# The record and the disk.


def test_a_film_that_was_changed_on_the_disk_is_refused(case: CaseFolder) -> None:
    film = _add(case)
    other = frontal_on(case.path.parent, 9)
    path = case.film_path(str(film.body["sha256"]))
    path.write_bytes(other.film.read_bytes())
    with pytest.raises(RecordRefusal, match="was changed on the disk"):
        measured_case(case, FEW)


def test_notes_that_are_none_are_refused(case: CaseFolder) -> None:
    film = _add(case)
    body = {**film.body, "notes": {"ball_mm": "large"}}
    case.append(new_entry(case.name, "film", SURGEON, body, corrects=film.id))
    with pytest.raises(RecordRefusal, match="film notes, ball_mm"):
        measured_again(case, newest_film(case), FEW)


# Two films.


@pytest.fixture
def two(case: CaseFolder) -> tuple[CaseFolder, Entry, Entry]:
    return case, _add(case, 1), _add(case, 2)


def test_the_last_two_frontal_films_are_compared(
    two: tuple[CaseFolder, Entry, Entry],
) -> None:
    case, _, second = two
    _add_lateral(case)
    third = _add(case, 3)
    found = compared(case, (None, None), None, worlds=FEW)
    assert (found.earlier, found.later) == (second.id, third.id)
    assert found.together == {}
    for changes in found.changes.sides.values():
        # The points are the same, and so is every value.
        assert all(c.value == pytest.approx(0) for c in changes.values())
        assert all(c.low < 0 < c.high for c in changes.values())


def test_films_are_named_by_the_start_of_their_ids(
    two: tuple[CaseFolder, Entry, Entry],
) -> None:
    case, first, second = two
    _add(case, 3)
    for length in (len(first.id), _apart(first.id, second.id)):
        names = first.id[:length], second.id[:length]
        found = compared(case, names, None, worlds=FEW)
        assert (found.earlier, found.later) == (first.id, second.id)


def _apart(one: str, other: str) -> int:
    """How many letters tell two ids apart, among those of three films."""
    same = next(i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return max(same + 1, 20)


def test_a_name_of_no_film_or_of_several_is_refused_with_all_names(
    two: tuple[CaseFolder, Entry, Entry],
) -> None:
    case, first, second = two
    with pytest.raises(RecordRefusal, match="'nobody' is the start of 0 ids") as none:
        compared(case, ("nobody", None), None, worlds=FEW)
    assert first.id in str(none.value)
    assert second.id in str(none.value)
    with pytest.raises(RecordRefusal, match="is the start of 2 ids of films"):
        compared(case, ("", None), None, worlds=FEW)


def test_a_film_is_not_compared_with_itself(
    two: tuple[CaseFolder, Entry, Entry],
) -> None:
    case, first, _ = two
    with pytest.raises(Refusal, match="different seeds"):
        compared(case, (first.id, first.id), None, worlds=FEW)


def test_a_ruler_and_unchanged_lengths_are_passed_on(
    two: tuple[CaseFolder, Entry, Entry],
) -> None:
    case, _, _ = two
    found = compared(case, (None, None), Side.LEFT, unchanged=True, worlds=FEW)
    assert found.changes.ruler is Side.LEFT
    assert found.changes.ruler_seemed is not None
    assert set(found.together) == set(Side)
    assert set(found.together[Side.RIGHT]) == {
        "femur_length_mm",
        "tibia_length_mm",
        "leg_length_mm",
    }


@pytest.mark.parametrize("frontal", [0, 1])
def test_fewer_than_two_frontal_films_cannot_be_compared(
    case: CaseFolder, frontal: int
) -> None:
    for seed in range(frontal):
        _add(case, seed + 1)
    _add_lateral(case)
    with pytest.raises(RecordRefusal, match=f"holds {frontal} frontal films"):
        compared(case, (None, None), None, worlds=FEW)


def test_comparing_writes_nothing(two: tuple[CaseFolder, Entry, Entry]) -> None:
    case, _, _ = two
    before = everything_in(case.path)
    found = [compared(case, (None, None), None, worlds=FEW) for _ in range(2)]
    assert json.dumps(str(found[0])) == json.dumps(str(found[1]))
    assert everything_in(case.path) == before


# Bows.


def _add_straight(case: CaseFolder, seed: int) -> Entry:
    """A newer film from the side whose shaft shows no bow forward."""
    points = json.loads(json.dumps(LATERAL_POINTS))
    points["R"]["tib_shaft_mid"] = [98.0, 150.0]
    files = lateral_on(case.path.parent, seed, points)
    return add_film(case, files.film, files.landmarks, NOTES, SURGEON)[0]


def test_a_lateral_film_says_how_a_shaft_is_bowed(case: CaseFolder) -> None:
    """A middle 6 pixels before a line of 120 pixels: a radius of 303 pixels."""
    _add(case)
    assert bow_radii(case, FEW) == {}
    _add_lateral(case)
    ((segment, radius),) = bow_radii(case, FEW).items()
    assert segment == Segment.parse("R.tibia")
    assert radius.low < radius.value < radius.high
    assert radius.value / LATERAL_MM == pytest.approx(303, rel=0.01)


def test_a_newer_film_of_a_straight_shaft_takes_the_bow_back(case: CaseFolder) -> None:
    _add_lateral(case)
    _add_straight(case, 2)
    assert bow_radii(case, FEW) == {}


def test_a_lateral_film_that_was_changed_tells_no_bow(case: CaseFolder) -> None:
    film = _add_lateral(case)
    kept = case.film_path(str(film.body["sha256"]))
    kept.write_bytes(lateral_bytes(seed=7))
    with pytest.raises(RecordRefusal, match="was changed on the disk"):
        bow_radii(case, FEW)
