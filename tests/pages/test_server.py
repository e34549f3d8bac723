"""A page on loopback: whom it answers, what it says, and when it ends."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from callotasis.errors import Refusal
from callotasis.pages.marking import Marking, Target
from callotasis.pages.server import (
    FONTS,
    HEADERS,
    KINDS,
    LOOPBACK,
    MOST_BODY_BYTES,
    Page,
    serve,
)
from callotasis.radiograph import FilmNotes, Landmarks, read_film
from small_films import SHAPE, frontal_on, frontal_points

Spoken = tuple[int, dict[str, str], bytes]


class Visitor:
    """Somebody who asks a page, well or badly."""

    def __init__(self, page: Page) -> None:
        self.where = urlsplit(page.url)
        self.secret = self.where.path.strip("/")

    def ask(
        self,
        path: str,
        body: bytes | None = None,
        *,
        method: str = "",
        **headers: str,
    ) -> Spoken:
        connection = HTTPConnection(LOOPBACK, self.where.port or 0, timeout=20)
        with closing(connection):
            connection.putrequest(
                method or ("GET" if body is None else "POST"),
                path,
                skip_host="Host" in headers,
            )
            sized = {} if body is None else {"Content-Length": str(len(body))}
            named = {n.replace("_", "-"): value for n, value in headers.items()}
            for name, value in (sized | named).items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer: HTTPResponse = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def get(self, path: str, **headers: str) -> Spoken:
        return self.ask(f"/{self.secret}/{path}", **headers)

    def post(self, path: str, body: bytes, **headers: str) -> Spoken:
        return self.ask(f"/{self.secret}/{path}", body, **headers)

    def said(self, path: str, **question: Any) -> Any:
        status, _, body = self.post(path, json.dumps(question).encode())
        assert status == 200, body
        return json.loads(body)

    def refused(self, path: str, body: bytes, **headers: str) -> str:
        """Ask what must be refused; return the sentence that says why."""
        status, kept, answer = self.post(path, body, **headers)
        assert status == 422, answer
        assert HEADERS.items() <= kept.items()
        (why,) = json.loads(answer).values()
        assert isinstance(why, str)
        assert len(why) > 10
        return why


@pytest.fixture
def marking(tmp_path: Path) -> Marking:
    def keep(points: Landmarks, _: FilmNotes) -> str:
        return f"{len(points.sides)} legs kept."

    film = read_film(frontal_on(tmp_path).film)
    return Marking(film, "film.dcm", Target("a drawer", keep))


@pytest.fixture
def page(marking: Marking, capfd: pytest.CaptureFixture[str]) -> Iterator[Page]:
    """A running page; whatever is asked of it, the terminal stays clean."""
    running = serve(marking)
    yield running
    running.close()
    spoken = capfd.readouterr()
    assert "Traceback" not in spoken.err
    assert spoken.out == spoken.err == ""


@pytest.fixture
def visitor(page: Page) -> Visitor:
    return Visitor(page)


# What a page is made of.


def test_the_page_and_all_that_it_loads_are_served(visitor: Visitor) -> None:
    static = files("callotasis.pages").joinpath("static")
    names = [*(entry.name for entry in static.iterdir()), *FONTS]
    assert "landmarks.html" in names
    for name in names:
        status, headers, body = visitor.get(name)
        assert status == 200, name
        assert headers["Content-Type"] == KINDS[name.rpartition(".")[2]]
        assert body
    assert visitor.get("")[2] == visitor.get("landmarks.html")[2]


def test_the_state_and_the_picture_are_those_of_the_film(
    visitor: Visitor, marking: Marking
) -> None:
    status, headers, body = visitor.get("state")
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == json.loads(json.dumps(marking.state()))
    status, headers, body = visitor.get("film.jpg?low=0.2&high=0.8")
    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert body == marking.picture(0.2, 0.8)
    assert visitor.get("film.jpg")[2] == marking.picture(0, 1)


def test_a_number_says_where_it_comes_from(visitor: Visitor) -> None:
    status, _, body = visitor.get("evidence?key=alignment.mpta")
    assert status == 200
    assert "PMC8458209" in json.loads(body)["said"]
    status, _, body = visitor.get("evidence?key=no.such")
    assert status == 422
    assert "no.such" in json.loads(body)["refused"]


def test_questions_are_answered_as_the_marking_does(
    visitor: Visitor, marking: Marking
) -> None:
    raw = frontal_points()
    assert visitor.said("measure", landmarks=raw, quick=True) == json.loads(
        json.dumps(marking.measured(raw, {}, quick=True))
    )
    found = visitor.said("refine", landmarks=raw, side="R", name="hip_centre")
    assert found == marking.refined(raw, "R", "hip_centre")
    assert visitor.said("save", landmarks=raw) == {"said": "2 legs kept."}
    assert marking.film.rows == SHAPE[0]


@pytest.mark.parametrize("path", ["", "state", "film.jpg", "nothing", "landmarks.js"])
def test_every_answer_carries_the_headers_that_keep_others_out(
    visitor: Visitor, path: str
) -> None:
    _, headers, _ = visitor.get(path)
    assert HEADERS.items() <= headers.items()
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Python" not in headers["Server"]


# Strangers.


@pytest.mark.parametrize(
    "guess", ["", "wrong", "state", "%00", "%C3%BC", "{}x", "{}/.."]
)
def test_who_does_not_know_the_secret_learns_nothing(
    visitor: Visitor, guess: str
) -> None:
    path = f"/{guess.format(visitor.secret)}/state"
    for body in (None, b"{}"):
        status, _, answer = visitor.ask(path, body)
        assert (status, answer) == (404, b"{}")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{}", "{}", "", "[::1]"])
def test_another_name_for_this_machine_is_not_answered(
    visitor: Visitor, host: str
) -> None:
    said = host.format(visitor.where.port)
    assert visitor.get("state", Host=said)[0] == 404
    assert visitor.post("measure", b"{}", Host=said)[0] == 404


@pytest.mark.parametrize("name", [LOOPBACK, "localhost"])
def test_this_machine_is_answered_under_both_its_names(
    visitor: Visitor, name: str
) -> None:
    assert visitor.get("state", Host=f"{name}:{visitor.where.port}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "../server.py",
        "../static/landmarks.js",
        "%2e%2e/server.py",
        "..%2fserver.py",
        "%2e%2e%2fserver.py",
        "..\\server.py",
        "/etc/passwd",
        "//etc/passwd",
        "static/landmarks.js",
        "landmarks.js/",
        "landmarks.js%00",
        "LANDMARKS.JS",
        ".",
        "..",
        "IBMPlexSans.ttf",
        "nothing",
    ],
)
def test_nothing_but_the_pages_own_files_is_given(visitor: Visitor, path: str) -> None:
    assert visitor.get(path)[0] == 404


@pytest.mark.parametrize("path", ["state", "film.jpg", "nothing", ""])
def test_an_unknown_question_is_not_answered(visitor: Visitor, path: str) -> None:
    assert visitor.post(path, b"{}")[0] == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_other_verbs_do_nothing(visitor: Visitor, method: str) -> None:
    path = f"/{visitor.secret}/state"
    assert visitor.ask(path, method=method)[0] == 501


@pytest.mark.parametrize("address", ["http://[x/", "http://evil.example/", "*", "x"])
def test_an_address_that_is_none_is_not_answered(
    visitor: Visitor, address: str
) -> None:
    assert visitor.ask(address, Host=visitor.where.netloc)[0] == 404


# What is too large, broken, or of another kind.


@pytest.mark.parametrize(
    ("size", "why"),
    [
        (str(MOST_BODY_BYTES + 1), f"allowed are {MOST_BODY_BYTES}"),
        ("9" * 5000, "allowed are"),
        ("-1", "-1 bytes sent"),
        ("many", "many bytes sent"),
        ("1e3", "1e3 bytes sent"),
    ],
)
def test_a_body_that_is_too_large_is_refused_unread(
    visitor: Visitor, size: str, why: str
) -> None:
    assert why in visitor.refused("measure", b"", Content_Length=size)


def test_a_body_of_the_largest_size_is_read(visitor: Visitor) -> None:
    filled = json.dumps({"landmarks": {}, "filled": ""}).encode()
    body = filled[:-2] + b"x" * (MOST_BODY_BYTES - len(filled)) + filled[-2:]
    assert len(body) == MOST_BODY_BYTES
    assert visitor.post("measure", body)[0] == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"{'landmarks': 1}", b"[" * 100_000, b"[]", b"7", b"null"],
    ids=["nothing", "open", "bytes", "quotes", "deep", "list", "number", "null"],
)
@pytest.mark.parametrize("path", ["measure", "refine", "save"])
def test_what_is_no_object_is_refused_in_a_sentence(
    visitor: Visitor, path: str, body: bytes
) -> None:
    visitor.refused(path, body)


@pytest.mark.parametrize(
    ("path", "question", "why"),
    [
        ("measure", {}, "needed is an object"),
        ("measure", {"landmarks": 3}, "needed is an object"),
        ("refine", {"landmarks": {}}, "holds no landmarks"),
        ("refine", {"landmarks": {"R": {}}, "side": "R", "name": []}, "not placed"),
        ("save", {"landmarks": {}}, "holds 'R', 'L' or both"),
        ("save", {"landmarks": frontal_points(), "notes": {"x": 1}}, "notes, x"),
    ],
)
def test_a_refusal_of_the_library_is_passed_on(
    visitor: Visitor, path: str, question: Any, why: str
) -> None:
    assert why in visitor.refused(path, json.dumps(question).encode())


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e999"])
def test_numbers_that_are_none_never_come_back(visitor: Visitor, number: str) -> None:
    raw = json.dumps({"landmarks": frontal_points(), "notes": {"ball_mm": 0.5}})
    for told in (raw.replace("0.5", number), raw.replace("50.0", number, 1)):
        status, _, body = visitor.post("measure", told.encode())
        assert status in {200, 422}
        assert "refused" in json.loads(body)


@pytest.mark.parametrize("window", ["low=1&high=0", "low=x", "low=nan", "high=inf"])
def test_a_window_that_shows_nothing_is_refused(visitor: Visitor, window: str) -> None:
    status, _, body = visitor.get(f"film.jpg?{window}")
    assert status == 422
    assert json.loads(body)["refused"]


# Where it listens, and when it ends.


def test_a_page_answers_on_loopback_only(page: Page, visitor: Visitor) -> None:
    assert visitor.where.hostname == LOOPBACK == "127.0.0.1"
    assert page._server.server_address[0] == LOOPBACK
    for family, address in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as other:
            other.settimeout(2)
            assert other.connect_ex((address, visitor.where.port or 0)) != 0


def test_two_pages_have_secrets_of_their_own(page: Page, marking: Marking) -> None:
    second = serve(marking)
    try:
        one, other = Visitor(page), Visitor(second)
        assert one.secret != other.secret
        assert len(one.secret) >= 20
        assert one.where.port != other.where.port
        assert other.get("state")[0] == one.get("state")[0] == 200
        assert other.ask(f"/{one.secret}/state")[0] == 404
    finally:
        second.close()


def test_a_taken_port_is_refused(page: Page, marking: Marking) -> None:
    port = urlsplit(page.url).port or 0
    with pytest.raises(Refusal, match=f"port {port} of 127.0.0.1 cannot be had"):
        serve(marking, port)


def test_closing_ends_the_thread_and_frees_the_port(marking: Marking) -> None:
    before = threading.active_count()
    page = serve(marking)
    port = urlsplit(page.url).port or 0
    page.close()
    assert not page._thread.is_alive()
    assert threading.active_count() <= before
    again = serve(marking, port)
    assert Visitor(again).get("state")[0] == 200
    again.close()


def test_a_page_that_is_closed_in_the_browser_stops_waiting(
    page: Page, visitor: Visitor
) -> None:
    waiting = threading.Thread(target=page.wait)
    waiting.start()
    assert visitor.said("close") == {"said": "closed"}
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    assert not page._thread.is_alive()
