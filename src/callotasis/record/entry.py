"""What happened, once: the entry of the log."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from callotasis.errors import RecordRefusal

SCHEMA = 1
DEEPEST = 40

KINDS = frozenset(
    {
        "case", "film", "landmarks", "measurement", "plan", "surgery", "prescription",
        "turn", "exam", "questionnaire", "symptom", "complication", "decision",
        "signature", "exercise", "gait",
    }
)  # fmt: skip
"""Words a clinician uses for what happens in a case."""

_SEGMENT = re.compile(r"(|[RL]|[RL]\.(femur|tibia))")


@dataclass(frozen=True)
class Entry:
    """One thing that happened; never changed, only corrected by another entry.

    Attributes
    ----------
    id : str
        UUID, made where the entry was written, so that repeats are harmless.
    case : str
        The case it belongs to.
    segment : str
        Like ``R.femur``; ``R`` for a side; empty for the whole person.
    kind : str
        A clinician's word, one of ``KINDS``.
    happened_at, recorded_at : str
        ISO 8601 with offset.
    author : str
        Who wrote it.
    corrects : str
        The id of the entry that this one replaces; empty if none.
    body : dict
        What the kind carries.
    schema : int
        Version of the body.
    """

    id: str
    case: str
    kind: str
    happened_at: str
    recorded_at: str
    author: str
    segment: str = ""
    corrects: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    schema: int = SCHEMA

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    @property
    def happened(self) -> datetime:
        """When it happened, as an instant."""
        return datetime.fromisoformat(self.happened_at)

    @property
    def wall_clock(self) -> datetime:
        """When it happened by the clock beside whoever did it, without offset."""
        return self.happened.replace(tzinfo=None)

    @property
    def recorded(self) -> datetime:
        """When it was written down, as an instant."""
        return datetime.fromisoformat(self.recorded_at)


ENTRY = TypeAdapter(Entry)


def new_entry(  # noqa: PLR0913 - an entry has this many parts
    case: str,
    kind: str,
    author: str,
    body: dict[str, Any],
    *,
    segment: str = "",
    corrects: str = "",
    happened_at: datetime | None = None,
) -> Entry:
    """Make an entry now.

    Raises
    ------
    RecordRefusal
        If kind, segment or a time is not allowed.
    """
    now = datetime.now().astimezone()
    entry = Entry(
        id=str(uuid.uuid4()),
        case=case,
        kind=kind,
        happened_at=(happened_at or now).isoformat(),
        recorded_at=now.isoformat(),
        author=author,
        segment=segment,
        corrects=corrects,
        body=body,
    )
    return checked(entry)


def entry_from(raw: object) -> Entry:
    """Check entry data that came from outside.

    Raises
    ------
    RecordRefusal
        With the field, its value and what is allowed.
    """
    try:
        entry = ENTRY.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "entry"
        raise RecordRefusal(f"{where}: {first['msg']}") from None
    return checked(entry)


def checked(entry: Entry) -> Entry:
    """Return the entry, its body as JSON will give it back, if every field is allowed.

    Raises
    ------
    RecordRefusal
        With the field, its value and what is allowed.
    """
    if entry.kind not in KINDS:
        raise RecordRefusal(
            f"kind '{entry.kind}' is unknown; known are {', '.join(sorted(KINDS))}"
        )
    if not _SEGMENT.fullmatch(entry.segment):
        raise RecordRefusal(
            f"segment '{entry.segment}' is unknown; allowed is nothing, R, L, "
            "or one of R.femur, R.tibia, L.femur, L.tibia"
        )
    for name in ("id", "corrects"):
        value = getattr(entry, name)
        if (name == "id" or value) and not _is_uuid(value):
            raise RecordRefusal(f"{name} '{value}' is no UUID")
    if not entry.author.strip():
        raise RecordRefusal("author is empty; an entry has a named author")
    for name in ("happened_at", "recorded_at"):
        _check_time(name, getattr(entry, name))
    if not 1 <= entry.schema <= SCHEMA:
        raise RecordRefusal(
            f"schema is {entry.schema}; this version reads 1 to {SCHEMA}"
        )
    return replace(entry, body=_as_read_back(entry))


def _as_read_back(entry: Entry) -> dict[str, Any]:
    """Write the body and read it again: what is sealed is what will be found."""
    for name in ("case", "author"):
        try:
            getattr(entry, name).encode()
        except UnicodeEncodeError:
            raise RecordRefusal(f"{name} {getattr(entry, name)!r} is no text") from None
    if _is_deeper(entry.body, DEEPEST):
        raise RecordRefusal(
            f"body of a {entry.kind} is nested deeper than {DEEPEST} levels"
        )
    try:
        text = json.dumps(entry.body, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError) as error:
        raise RecordRefusal(f"body of a {entry.kind} is no JSON: {error}") from None
    body: dict[str, Any] = json.loads(text)
    return body


def _is_deeper(value: object, levels: int) -> bool:
    """Tell whether data are nested deeper than this, without following them down."""
    layer: list[object] = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list | tuple)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return False
    return any(isinstance(v, dict | list | tuple) for v in layer)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _check_time(name: str, text: str) -> None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise RecordRefusal(f"{name} '{text}' is no ISO 8601 time") from None
    if time.tzinfo is None:
        raise RecordRefusal(f"{name} '{text}' has no offset; needed is one like +01:00")
