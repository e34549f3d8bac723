"""``callotasis landmarks``: the landmark page of one film."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from callotasis.case_films import keep_film, keep_landmarks
from callotasis.cli.terminal import step, tell, write_files
from callotasis.errors import Refusal
from callotasis.pages import Marking, Target, serve
from callotasis.pages.marking import landmark_text
from callotasis.radiograph import FilmNotes, Landmarks, read_film, read_landmarks
from callotasis.record import CaseFolder


def run_landmarks(
    film: Path,
    notes: FilmNotes,
    *,
    start: Path | None,
    target: Target,
    port: int,
    browser: bool,
) -> None:
    """Show the page until somebody closes it."""
    with step("reading the film"):
        seen = read_film(film)
    points = Landmarks() if start is None else read_landmarks(start)
    page = serve(Marking(seen, film.name, target, points, notes), port)
    tell(f"landmark page of {film.name}: {page.url}")
    tell("It answers on this machine only. Close it with Done on the page, or Ctrl+C.")
    if browser:
        webbrowser.open(page.url)
    try:
        page.wait()
    except KeyboardInterrupt:
        page.close()


def file_target(film: Path, out: Path | None, start: Path | None) -> Target:
    """Landmarks go into a file beside the film, or where somebody says."""
    path = out or film.with_name(f"{film.stem}.landmarks.json")
    begun = None if start is None else start.resolve()
    if path.exists() and path.resolve() != begun:
        raise Refusal(
            f"{path} exists; give --landmarks {path} to go on with it, or another --out"
        )

    def keep(points: Landmarks, _: FilmNotes) -> str:
        write_files({path: landmark_text(points)})
        return f"Landmarks written to {path}."

    return Target(f"the file {path.name}", keep)


def case_target(case: Path, film: Path, author: str) -> Target:
    """Film and landmarks become entries of a case; saving again adds newer ones.

    Notes that changed in between correct the film's entry: it stays one film.
    """
    folder = CaseFolder(case)
    kept: dict[str, object] = {}

    def keep(points: Landmarks, notes: FilmNotes) -> str:
        if kept.get("notes") == notes:
            entry = keep_landmarks(folder, str(kept["film"]), points, author)
            return f"Newer landmarks kept as {entry.id}."
        before = str(kept.get("film", ""))
        film_entry, entry = keep_film(folder, film, points, notes, author, before)
        kept.update(film=film_entry.id, notes=notes)
        return f"Film and landmarks kept as {film_entry.id} and {entry.id}."

    return Target(f"the case {folder.name}", keep)
