"""``callotasis landmarks``: a page for one film, and where its points go."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from callotasis.case_films import frontal_films, newest_film
from callotasis.cli import landmarks as command
from callotasis.cli.landmarks import case_target, file_target, run_landmarks
from callotasis.errors import LandmarkRefusal, RecordRefusal, Refusal
from callotasis.radiograph import FilmNotes, landmarks_from, read_landmarks
from callotasis.record import CaseFolder
from commands import callotasis, refused
from dora import everything_in
from small_films import (
    KNOWN,
    LATERAL_POINTS,
    NOTES,
    SmallFilm,
    frontal_on,
    frontal_points,
    lateral_on,
)


@pytest.fixture
def files(tmp_path: Path) -> SmallFilm:
    return frontal_on(tmp_path)


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    return CaseFolder.create(tmp_path / "case", "Dora (synthetic)", "Ada")


POINTS = landmarks_from(frontal_points())


def _others() -> dict[str, Any]:
    points = frontal_points()
    points["R"]["hip_centre"][0] += 1
    return points


# Into a file.


def test_landmarks_go_beside_the_film_if_nobody_says_otherwise(
    files: SmallFilm,
) -> None:
    target = file_target(files.film, None, None)
    path = files.film.with_name("front1.landmarks.json")
    assert target.words == f"the file {path.name}"
    assert not path.exists()
    assert target.keep(POINTS, NOTES) == f"Landmarks written to {path}."
    assert read_landmarks(path) == POINTS


def test_saving_again_replaces_what_the_page_wrote_itself(files: SmallFilm) -> None:
    out = files.film.with_name("mine.json")
    target = file_target(files.film, out, None)
    target.keep(POINTS, NOTES)
    target.keep(landmarks_from(_others()), NOTES)
    assert read_landmarks(out).as_json() == _others()


def test_a_file_that_exists_is_refused_unless_it_is_gone_on_with(
    files: SmallFilm,
) -> None:
    out = files.landmarks
    with pytest.raises(Refusal, match=r"exists; give --landmarks .* to go on with it"):
        file_target(files.film, out, None)
    with pytest.raises(Refusal, match="exists"):
        file_target(files.film, out, files.film)
    file_target(files.film, out, out).keep(landmarks_from(_others()), NOTES)
    assert read_landmarks(out).as_json() == _others()


def test_a_file_is_known_under_every_way_to_write_it(
    files: SmallFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files.film.parent)
    here = Path(files.landmarks.name)
    file_target(files.film, files.landmarks, here)
    file_target(files.film, here, files.landmarks)
    file_target(files.film, files.landmarks.parent / "." / here, here)


def test_a_file_is_written_as_a_whole_or_not_at_all(files: SmallFilm) -> None:
    out = files.film.with_name("mine.json")
    target = file_target(files.film, out, None)
    target.keep(POINTS, NOTES)
    before = everything_in(files.film.parent)
    with (
        patch.object(Path, "replace", side_effect=OSError(28, "No space left")),
        pytest.raises(Refusal, match="cannot be written: No space left"),
    ):
        target.keep(landmarks_from(_others()), NOTES)
    assert everything_in(files.film.parent) == before


# Into a case.


def test_saving_twice_into_a_case_keeps_the_film_once_and_newer_landmarks(
    case: CaseFolder, files: SmallFilm
) -> None:
    target = case_target(case.path, files.film, "Ben")
    assert target.words == "the case Dora (synthetic)"
    first = target.keep(POINTS, NOTES)
    second = target.keep(landmarks_from(_others()), NOTES)
    (film,) = case.case().of_kind("film")
    one, other = case.case().of_kind("landmarks")
    assert first == f"Film and landmarks kept as {film.id} and {one.id}."
    assert second == f"Newer landmarks kept as {other.id}."
    assert one.body == {"film": film.id, "points": frontal_points()}
    assert other.body == {"film": film.id, "points": _others()}
    assert {film.author, one.author, other.author} == {"Ben"}


def test_notes_that_changed_correct_the_film_and_make_no_second_one(
    case: CaseFolder, files: SmallFilm
) -> None:
    target = case_target(case.path, files.film, "Ben")
    for notes in (NOTES, FilmNotes(), FilmNotes(patella_forward=True)):
        target.keep(POINTS, notes)
    (film,) = case.case().of_kind("film")
    assert film.body["notes"]["patella_forward"] is True
    assert film.body["notes"]["magnification"] is None
    found = newest_film(case)
    assert found.film == film
    assert found.landmarks.body["film"] == film.id
    assert len(frontal_films(case)) == 1


def test_a_film_that_cannot_be_measured_enters_no_case(
    case: CaseFolder, tmp_path: Path
) -> None:
    target = case_target(case.path, lateral_on(tmp_path).film, "Ben")
    before = everything_in(case.path)
    with pytest.raises(LandmarkRefusal, match="says lateral"):
        target.keep(POINTS, NOTES)
    assert everything_in(case.path) == before


def test_a_folder_that_is_no_case_is_refused_at_once(files: SmallFilm) -> None:
    with pytest.raises(RecordRefusal, match="is no case folder"):
        case_target(files.film.parent, files.film, "Ben")


# The command.


def test_the_command_refuses_a_file_that_exists(files: SmallFilm) -> None:
    words = ("landmarks", files.film, "--out", files.landmarks, "--no-browser")
    assert "another --out" in refused(*words)


def test_a_case_needs_a_name_and_no_file(case: CaseFolder, files: SmallFilm) -> None:
    for more in ((), ("--by", "Ben", "--out", "x.json")):
        outcome = callotasis(
            "landmarks", files.film, "--case", case.path, *more, "--no-browser"
        )
        assert outcome.code == 2
        assert outcome.out == ""
        assert "--case needs --by, and no --out" in outcome.err


@pytest.mark.parametrize("film", ["nothing.dcm", "front1.json"])
def test_what_is_no_film_opens_no_page(files: SmallFilm, film: str) -> None:
    path = files.film.with_name(film)
    assert film in refused("landmarks", path, "--no-browser")


def test_a_taken_port_opens_no_page(files: SmallFilm) -> None:
    with _running(files) as url:
        port = url.split(":")[2].split("/")[0]
        words = ("landmarks", files.film, "--port", port, "--no-browser")
        assert f"port {port} of 127.0.0.1 cannot be had" in refused(*words)


@contextmanager
def _running(files: SmallFilm, *words: object) -> Iterator[str]:
    """The command in a thread of its own, until somebody closes its page."""
    told: list[str] = []
    pages: list[Any] = []

    def remembered(*args: Any) -> Any:
        pages.append(serve(*args))
        return pages[-1]

    serve = command.serve
    out = files.film.with_name("page.json")
    with (
        patch.object(command, "tell", told.append),
        patch.object(command, "serve", remembered),
    ):
        running = threading.Thread(
            target=run_landmarks,
            args=(files.film, NOTES),
            kwargs={
                "start": files.landmarks,
                "target": file_target(files.film, out, None),
                "port": 0,
                "browser": bool(words),
            },
        )
        running.start()
        while not pages:
            assert running.is_alive()
            time.sleep(0.01)
        yield pages[0].url
        pages[0].close()
        running.join(10)
    assert not running.is_alive()
    assert re.fullmatch(r"landmark page of front1\.dcm: http://127.*/", told[0])
    assert "this machine only" in told[1]


def _asked(url: str, path: str, **question: Any) -> Any:
    where = urlsplit(url)
    with closing(HTTPConnection(where.netloc, timeout=20)) as page:
        body = json.dumps(question) if question or path == "close" else None
        page.request("GET" if body is None else "POST", where.path + path, body)
        return json.loads(page.getresponse().read())


def test_a_page_begins_with_what_was_given_and_saves_where_it_was_told(
    files: SmallFilm,
) -> None:
    with _running(files) as url:
        state = _asked(url, "state")
        assert state["landmarks"] == frontal_points()
        assert state["notes"]["magnification"] == 1.05
        assert state["target"] == "the file page.json"
        saved = _asked(url, "save", landmarks=_others(), notes=state["notes"])
        assert saved["said"].startswith("Landmarks written to ")
        assert _asked(url, "close") == {"said": "closed"}
    assert read_landmarks(files.film.with_name("page.json")).as_json() == _others()


@pytest.mark.parametrize("wanted", [True, False])
def test_a_browser_opens_where_it_is_wanted(files: SmallFilm, wanted: bool) -> None:
    with patch.object(command.webbrowser, "open") as opened:
        with _running(files, *(["browser"] if wanted else [])) as url:
            _asked(url, "close")
        assert [call.args for call in opened.call_args_list] == [(url,)] * wanted


def test_an_interrupted_command_closes_its_page(files: SmallFilm) -> None:
    page = command.serve
    held: list[Any] = []

    def interrupted(*args: Any) -> Any:
        held.append(page(*args))
        held[-1].wait = _interrupt
        return held[-1]

    with patch.object(command, "serve", interrupted):
        outcome = callotasis("landmarks", files.film, *KNOWN, "--no-browser")
    assert outcome.code == 0
    assert outcome.out == ""
    assert "landmark page of front1.dcm" in outcome.err
    assert not held[0]._thread.is_alive()


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_a_lateral_landmark_file_is_gone_on_with(tmp_path: Path) -> None:
    files = lateral_on(tmp_path)
    target = file_target(files.film, files.landmarks, files.landmarks)
    target.keep(landmarks_from(LATERAL_POINTS), NOTES)
    assert read_landmarks(files.landmarks).as_json() == LATERAL_POINTS
