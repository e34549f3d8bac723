"""A page on loopback: no other machine, no other program, no other site may ask.

The address carries a secret, the host must be this machine by name, and the page may
load nothing from elsewhere.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from callotasis.errors import Refusal
from callotasis.evidence import Audience, quote
from callotasis.pages.marking import Marking

LOOPBACK = "127.0.0.1"
MOST_BODY_BYTES = 2**20
KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
FONTS = ("IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf")


@dataclass(frozen=True)
class Answer:
    """What goes back to the browser."""

    body: bytes
    kind: str = KINDS["json"]
    status: HTTPStatus = HTTPStatus.OK


@dataclass(eq=False)
class Page:
    """A running page.

    Attributes
    ----------
    url : str
        Where a browser finds it; the secret is part of it.
    """

    url: str
    _server: ThreadingHTTPServer
    _thread: Thread = field(repr=False)

    def wait(self) -> None:
        """Wait until somebody closes the page."""
        self._thread.join()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def serve(marking: Marking, port: int = 0) -> Page:
    """Start a landmark page.

    Parameters
    ----------
    marking : Marking
        The film.
    port : int
        0 for any free one.

    Returns
    -------
    Page
        Already answering.

    Raises
    ------
    Refusal
        If the port cannot be had.
    """
    secret = secrets.token_urlsafe(16)
    try:
        server = _Server((LOOPBACK, port), _Handler)
    except OSError as error:
        raise Refusal(
            f"port {port} of {LOOPBACK} cannot be had: {error.strerror}; 0 takes a "
            "free one"
        ) from None
    where = f"{LOOPBACK}:{server.server_address[1]}"
    server.secret = secret
    server.hosts = {where, where.replace(LOOPBACK, "localhost")}
    server.answers = _Answers(marking, server.shutdown)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    return Page(f"http://{where}/{secret}/", server, thread)


class _Server(ThreadingHTTPServer):
    """Knows what to answer, and whom."""

    daemon_threads = True
    secret: str
    hosts: set[str]
    answers: _Answers


class _Answers:
    """Every question of the page, by its path."""

    def __init__(self, marking: Marking, stop: Callable[[], None]) -> None:
        self.marking = marking
        self.stop = stop
        self.one_at_a_time = Lock()  # a film is large; two at once gain nothing

    def get(self, path: str, query: dict[str, list[str]]) -> Answer | None:
        if path == "film.jpg":
            low, high = (float(query.get(k, [d])[0]) for k, d in _WINDOW)
            return Answer(self.marking.picture(low, high), "image/jpeg")
        if path == "state":
            return _json(self.marking.state())
        if path == "evidence":
            key = query.get("key", [""])[0]
            return _json({"said": quote(key, Audience.CLINICIAN)})
        return _static(path or "landmarks.html")

    def post(self, path: str, body: dict[str, Any]) -> Answer | None:
        raw, notes = body.get("landmarks"), body.get("notes", {})
        with self.one_at_a_time:
            if path == "measure":
                quick = bool(body.get("quick"))
                return _json(self.marking.measured(raw, notes, quick=quick))
            if path == "refine":
                side, name = str(body.get("side")), str(body.get("name"))
                return _json(self.marking.refined(raw, side, name))
            if path == "save":
                return _json({"said": self.marking.kept(raw, notes)})
        if path == "close":
            Thread(target=self.stop).start()  # it waits for this very answer
            return _json({"said": "closed"})
        return None


_WINDOW = (("low", "0"), ("high", "1"))


def _json(data: object) -> Answer:
    return Answer(json.dumps(data, allow_nan=False).encode())


def _static(name: str) -> Answer | None:
    """A file of the page, by its plain name; nothing else of the disk."""
    folder = files("callotasis.pages").joinpath("static")
    if name in FONTS:
        folder = files("callotasis.report").joinpath("fonts")
    known = {entry.name for entry in folder.iterdir()}
    if name not in known:
        return None
    return Answer(folder.joinpath(name).read_bytes(), KINDS[name.rpartition(".")[2]])


class _Handler(BaseHTTPRequestHandler):
    """Lets in what knows the secret and means this machine."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer waits for no acknowledgement
    wbufsize = -1  # head and body leave together
    server_version = "callotasis"
    sys_version = ""

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the user."""

    def do_GET(self) -> None:
        path = self._path()
        if path is not None:
            query = parse_qs(urlsplit(self.path).query)
            self._answer(lambda: self.server.answers.get(path, query))

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length") or "0"
        if not _is_allowed(size):
            self.close_connection = True
            self._send(
                _refused(f"{size:.20} bytes sent; allowed are {MOST_BODY_BYTES}")
            )
            return
        body = self.rfile.read(int(size))
        path = self._path()
        if path is not None:
            self._answer(lambda: self.server.answers.post(path, _object(body)))

    def _path(self) -> str | None:
        """The path behind the secret; a stranger learns nothing."""
        try:
            asked = urlsplit(self.path).path
        except ValueError:  # no address at all
            asked = ""
        _, _, rest = asked.partition("/")
        secret, _, path = rest.partition("/")
        known = secrets.compare_digest(secret.encode(), self.server.secret.encode())
        if known and self.headers.get("Host") in self.server.hosts:
            return path
        self._send(_NOT_FOUND)
        return None

    def _answer(self, make: Callable[[], Answer | None]) -> None:
        try:
            answer = make() or _NOT_FOUND
        except (Refusal, ValueError) as refusal:
            answer = _refused(str(refusal))
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()


def _is_allowed(size: str) -> bool:
    """Whether a body says how large it is, and is not too large."""
    few = size.isdecimal() and len(size) <= len(str(MOST_BODY_BYTES))
    return few and int(size) <= MOST_BODY_BYTES


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except RecursionError:
        raise Refusal("an object was needed; brackets are nested too deep") from None
    if not isinstance(found, dict):
        raise Refusal("an object was needed")
    return found


def _refused(why: str) -> Answer:
    body = json.dumps({"refused": why}).encode()
    return Answer(body, status=HTTPStatus.UNPROCESSABLE_ENTITY)


_NOT_FOUND = Answer(b"{}", status=HTTPStatus.NOT_FOUND)
