"""The films of a case: bring one in, find the newest, measure it again, compare two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from callotasis.alignment import (
    Changes,
    MeasuredFilm,
    changes_between,
    lengths_together,
    measure_film,
    measure_lateral,
)
from callotasis.errors import RecordRefusal
from callotasis.exchange import checked
from callotasis.pose import Bone, Segment, Side
from callotasis.radiograph import (
    LATERAL,
    Film,
    FilmNotes,
    Landmarks,
    View,
    landmarks_from,
    read_film,
    read_landmarks,
)
from callotasis.record import CaseFolder, Entry, new_entry
from callotasis.worlds import Interval, Worlds

FILM_NOTES = TypeAdapter(FilmNotes)
TRIAL_WORLDS = 2  # enough to see whether a film can be measured at all


def add_film(
    folder: CaseFolder, film: Path, landmarks: Path, notes: FilmNotes, author: str
) -> tuple[Entry, Entry]:
    """Bring a film and its landmark file into a case.

    Raises
    ------
    FilmRefusal, LandmarkRefusal, RecordRefusal
        Before anything is written.
    """
    return keep_film(folder, film, read_landmarks(landmarks), notes, author)


def keep_film(
    folder: CaseFolder,
    film: Path,
    points: Landmarks,
    notes: FilmNotes,
    author: str,
    corrects: str = "",
) -> tuple[Entry, Entry]:
    """Keep a film with its landmarks, if they can be measured together.

    With ``corrects``, the id of an entry of this film, its notes are corrected.

    Raises
    ------
    FilmRefusal, LandmarkRefusal, RecordRefusal
        Before anything is written.
    """
    read = read_film(film)
    trial = Worlds(count=TRIAL_WORLDS)
    if points.view in LATERAL:
        measure_lateral(read, points, notes.known, trial)
    else:
        measure_film(read, points, notes.known, notes.facts, trial)
    body = {"sha256": read.sha256, "file": film.name, "notes": asdict(notes)}
    film_entry = new_entry(folder.name, "film", author, body, corrects=corrects)
    landmark_entry = _landmark_entry(folder, film_entry.id, points, author)
    folder.keep_film(film.read_bytes())
    folder.append(film_entry, landmark_entry)
    return film_entry, landmark_entry


def keep_landmarks(
    folder: CaseFolder, film_id: str, points: Landmarks, author: str
) -> Entry:
    """Keep newer landmarks of a film that the case holds already."""
    entry = _landmark_entry(folder, film_id, points, author)
    folder.append(entry)
    return entry


def _landmark_entry(
    folder: CaseFolder, film_id: str, points: Landmarks, author: str
) -> Entry:
    body = {"film": film_id, "points": points.as_json()}
    return new_entry(folder.name, "landmarks", author, body)


@dataclass(frozen=True)
class FilmInCase:
    """A film of a case with the newest landmarks on it."""

    film: Entry
    landmarks: Entry


def frontal_films(folder: CaseFolder) -> list[FilmInCase]:
    """Every frontal film of a case that has landmarks, oldest first."""
    return [one for one in _marked_films(folder) if not _shows_side(one.landmarks)]


def _marked_films(folder: CaseFolder) -> list[FilmInCase]:
    """Every film of a case that has landmarks, of any view."""
    case = folder.case()
    placed = case.of_kind("landmarks")
    found = []
    for film in case.of_kind("film"):
        # A corrected film keeps its place: landmarks may name the entry it replaced.
        versions = [said for said in case.history.values() if said[-1] == film]
        names = {film.id, *(entry.id for said in versions for entry in said)}
        own = [e for e in placed if str(e.body.get("film")) in names]
        if own:
            found.append(FilmInCase(film, own[-1]))
    return found


def _shows_side(landmarks: Entry) -> bool:
    points = landmarks.body.get("points")
    return isinstance(points, dict) and points.get("view") in LATERAL


def newest_film(folder: CaseFolder) -> FilmInCase:
    """Find the newest frontal film of a case and the newest landmarks on it.

    Raises
    ------
    RecordRefusal
        If the case has no film, or the film has no landmarks.
    """
    films = folder.case().of_kind("film")
    if not films:
        raise RecordRefusal(f"{folder.path} holds no film; add one first")
    marked = _marked_films(folder)
    lateral = {one.film.id for one in marked if _shows_side(one.landmarks)}
    placed = [one for one in marked if one.film.id not in lateral]
    frontal = [film for film in films if film.id not in lateral]
    if not placed or placed[-1].film != frontal[-1]:
        raise RecordRefusal(f"the newest film of {folder.path} has no landmarks")
    return placed[-1]


def measured_case(folder: CaseFolder, worlds: Worlds | None = None) -> MeasuredFilm:
    """Measure the newest film of a case with its newest landmarks.

    Raises
    ------
    RecordRefusal
        If the case has no film, or the film has no landmarks.
    """
    return measured_again(folder, newest_film(folder), worlds)


def measured_again(
    folder: CaseFolder, one: FilmInCase, worlds: Worlds | None = None
) -> MeasuredFilm:
    """Measure a film of a case as the record knows it.

    Raises
    ------
    RecordRefusal
        If the film was changed on the disk.
    """
    film, points, notes = _kept(folder, one)
    return measure_film(film, points, notes.known, notes.facts, worlds)


def bow_radii(folder: CaseFolder, worlds: Worlds) -> dict[Segment, Interval]:
    """Radius of every shaft that the newest lateral film of its bone shows bowed [mm].

    Raises
    ------
    RecordRefusal
        If a film was changed on the disk.
    """
    found: dict[Segment, Interval] = {}
    for one in _marked_films(folder):
        if not _shows_side(one.landmarks):
            continue
        film, points, notes = _kept(folder, one)
        shown = measure_lateral(film, points, notes.known, worlds).measurement
        bone = Bone.FEMUR if shown.view is View.LATERAL_FEMUR else Bone.TIBIA
        for side, quantities in shown.sides.items():
            found.pop(Segment(side, bone), None)
            if "bow_radius_mm" in quantities:
                found[Segment(side, bone)] = quantities["bow_radius_mm"]
    return found


def _kept(folder: CaseFolder, one: FilmInCase) -> tuple[Film, Landmarks, FilmNotes]:
    """Read a film of a case with its landmarks and notes."""
    notes = checked(FILM_NOTES, one.film.body.get("notes"), "film notes", RecordRefusal)
    kept = str(one.film.body.get("sha256"))
    film = read_film(folder.film_path(kept))
    if film.sha256 != kept:
        raise RecordRefusal(
            f"film {kept[:12]} was changed on the disk: its content is now "
            f"{film.sha256[:12]}"
        )
    return film, landmarks_from(one.landmarks.body.get("points")), notes


@dataclass(frozen=True)
class Comparison:
    """What ``callotasis compare`` prints.

    Attributes
    ----------
    earlier, later : str
        Ids of both film entries.
    changes : Changes
        Later minus earlier [mm, deg].
    together : dict of Side to dict of str to Interval
        Lengths from both films at once; empty unless nothing changed between them [mm].
    """

    earlier: str
    later: str
    changes: Changes
    together: Mapping[Side, Mapping[str, Interval]]


def compared(
    folder: CaseFolder,
    pair: tuple[str | None, str | None],
    ruler: Side | None,
    *,
    unchanged: bool = False,
    worlds: Worlds | None = None,
) -> Comparison:
    """Set two films of a case beside each other; the last two where none is named.

    Raises
    ------
    RecordRefusal
        If the case has fewer than two films, or a name fits none or several.
    """
    films = frontal_films(folder)
    if len(films) < 2:  # noqa: PLR2004 - a pair
        raise RecordRefusal(
            f"{folder.path} holds {len(films)} frontal films with landmarks; comparing "
            "needs two"
        )
    earlier, later = (
        films[at] if name is None else _named(films, name)
        for at, name in zip((-2, -1), pair, strict=True)
    )
    first, second = (
        measured_again(folder, one, _own_worlds(one, worlds or Worlds()))
        for one in (earlier, later)
    )
    return Comparison(
        earlier.film.id,
        later.film.id,
        changes_between(first, second, ruler),
        lengths_together(first, second) if unchanged else {},
    )


def _own_worlds(one: FilmInCase, worlds: Worlds) -> Worlds:
    """Draws of a film's own: each film errs for itself."""
    digest = str(one.film.body.get("sha256"))
    return Worlds(worlds.count, worlds.seed + int(digest[:8], 16))


def _named(films: list[FilmInCase], name: str) -> FilmInCase:
    fits = [one for one in films if one.film.id.startswith(name)]
    if len(fits) != 1:
        raise RecordRefusal(
            f"'{name:.40}' is the start of {len(fits)} ids of films; known are "
            f"{', '.join(one.film.id for one in films)}"
        )
    return fits[0]
