"""The case on disk: a folder with one log that only grows, and films by content.

Each line of ``entries.jsonl`` is chained to the one before by the hash of its sealed
body: a body can be destroyed by law, its hash stays and the chain still holds.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from callotasis.errors import RecordRefusal
from callotasis.findings import Finding, Level
from callotasis.record.entry import Entry, checked, entry_from, new_entry
from callotasis.record.fold import Case, fold

LOG = "entries.jsonl"
LOCK = "lock"
FILMS = "films"
TORN = "torn"
START = "0" * 64
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class _Log:
    entries: tuple[Entry, ...]
    last_chain: str
    torn: bytes


def _canonical(data: object) -> bytes:
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _sealed(entry: Entry, before: str) -> dict[str, Any]:
    """Return the line of an entry: head, body, the body's hash, and the chain."""
    head = asdict(entry)
    body = head.pop("body")
    seal = _hash(_canonical(body))
    chain = _hash(before.encode(), seal.encode(), _canonical(head))
    return {**head, "body": body, "body_sha256": seal, "chain": chain}


@dataclass(frozen=True)
class _Known:
    """Lines of the log that were opened and checked, with what they hold."""

    lines: bytes
    entries: tuple[Entry, ...]
    last_chain: str


class CaseFolder:
    """A case on disk.

    Parameters
    ----------
    path : Path
        The folder; made by :meth:`create`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = _Known(b"", (), START)
        try:
            there = (path / LOG).is_file()
        except OSError as error:
            raise RecordRefusal(f"{path} cannot be read: {error.strerror}") from None
        if not there:
            raise RecordRefusal(f"{path} is no case folder: it has no {LOG}")

    @classmethod
    def create(
        cls, path: Path, case: str, author: str, emergency: str = ""
    ) -> CaseFolder:
        """Start a case; refuse a folder that holds anything already.

        Parameters
        ----------
        path : Path
            A new or empty folder.
        case, author : str
            Name of the case, and who starts it.
        emergency : str
            Number to call in an emergency; empty leaves it unsaid.

        Raises
        ------
        RecordRefusal
            If the folder is not empty or cannot be made, or the case has no name.
        """
        if not case.strip():
            raise RecordRefusal("the case has no name")
        body = {"opened": True} | ({"emergency": emergency} if emergency else {})
        first = new_entry(case, "case", author, body)
        path = path.absolute()
        try:
            _make_folders(path)
            if not _is_unused(path):
                raise RecordRefusal(f"{path} is not empty; a case needs its own folder")
            path.chmod(0o700)
            (path / FILMS).mkdir(mode=0o700, exist_ok=True)
            (path / LOG).touch(mode=0o600)
        except OSError as error:
            raise RecordRefusal(f"{path} cannot be made: {error.strerror}") from None
        folder = cls(path)
        folder.append(first)
        return folder

    @property
    def name(self) -> str:
        """Name of the case, from its first entry."""
        entries = self._read().entries
        if not entries:
            raise RecordRefusal(f"{self.path} was never opened: its log is empty")
        return entries[0].case

    def append(self, *entries: Entry) -> None:
        """Add entries; when this returns they survive a power cut.

        Parameters
        ----------
        *entries : Entry
            Written in this order, all of them or, after a crash, the first few.

        Raises
        ------
        RecordRefusal
            If an entry cannot stand, belongs to another case, or the chain is broken.
        """
        ready = [checked(entry) for entry in entries]
        if not ready:
            return
        with self._locked():
            log = self._read()
            if log.torn:
                self._set_torn_aside(log.torn)
            case = log.entries[0].case if log.entries else ready[0].case
            lines = b""
            chain = log.last_chain
            for entry in ready:
                if entry.case != case:
                    raise RecordRefusal(
                        f"entry of case '{entry.case}' cannot join case '{case}'"
                    )
                line = _sealed(entry, chain)
                chain = line["chain"]
                lines += _canonical(line) + b"\n"
            self._write(lines)

    def keep_film(self, data: bytes) -> str:
        """Keep a film under the hash of its content, before its entry names it.

        Parameters
        ----------
        data : bytes
            The file as it came.

        Returns
        -------
        str
            Its SHA-256, the name under ``films/``.

        Raises
        ------
        RecordRefusal
            If the disk did not take it.
        """
        name = _hash(data)
        films = self.path / FILMS
        target = films / name
        if target.exists():
            return name
        draft = films / f".{name}.{uuid.uuid4().hex}"
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(target)
            _sync_folder(films)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise RecordRefusal(
                f"{self.path.name}/{FILMS} cannot be written: {error.strerror}; "
                "the film was not kept"
            ) from None
        return name

    def film_path(self, sha256: str) -> Path:
        """Where the film with this hash lies.

        Raises
        ------
        RecordRefusal
            If it is not there.
        """
        path = self.path / FILMS / sha256
        if not _SHA256.fullmatch(sha256) or not path.is_file():
            raise RecordRefusal(f"film {sha256[:12]} is not in {self.path / FILMS}")
        return path

    def case(self) -> Case:
        """Fold everything that was ever appended."""
        return fold(self._read().entries)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person must know about the files."""
        torn = self._read().torn or next((self.path / TORN).glob("*"), None)
        if not torn:
            return ()
        return (
            Finding(
                Level.CAUTION,
                "record.torn",
                "The last line of the log was cut off while it was being written; "
                "nobody was told that it was kept.",
                f"Look into {TORN}/ and write the entry again if it is missing.",
            ),
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> _Log:
        """Open the log; lines that are byte for byte as before are not opened again."""
        data = (self.path / LOG).read_bytes()
        whole, newline, rest = data.rpartition(b"\n")
        lines = whole + newline
        known = self._known
        if not lines.startswith(known.lines):
            known = _Known(b"", (), START)
        entries, chain = [*known.entries], known.last_chain
        for line in lines[len(known.lines) :].split(b"\n")[:-1]:
            where = f"{self.path.name}/{LOG}:{len(entries) + 1}"
            entry, chain = _opened(line, chain, where)
            entries.append(entry)
        self._known = _Known(lines, tuple(entries), chain)
        return _Log(tuple(entries), chain, rest)

    def _set_torn_aside(self, torn: bytes) -> None:
        """Move a line that was cut off out of the log; called under the lock."""
        folder = self.path / TORN
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / _hash(torn)[:16]).open("wb") as file:
            file.write(torn)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(folder)
        _sync_folder(self.path)
        log = self.path / LOG
        with log.open("r+b") as file:
            file.truncate(log.stat().st_size - len(torn))
            os.fsync(file.fileno())

    def _write(self, lines: bytes) -> None:
        """Add lines and see them on the disk; after a failure none of them stays."""
        log = self.path / LOG
        size = log.stat().st_size
        try:
            with log.open("ab") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(self.path)
        except OSError as error:
            # What a failed write left behind was acknowledged to nobody.
            os.truncate(log, size)
            raise RecordRefusal(
                f"{self.path.name}/{LOG} cannot be written: {error.strerror}; "
                "nothing was kept"
            ) from None


def _opened(line: bytes, before: str, where: str) -> tuple[Entry, str]:
    """Check one line against its seal and the chain."""
    try:
        raw = json.loads(line)
    except ValueError:
        raise RecordRefusal(f"{where} is no JSON; the log was changed") from None
    if not isinstance(raw, dict):
        raise RecordRefusal(f"{where} is no entry; the log was changed")
    chain, seal = raw.pop("chain", ""), raw.pop("body_sha256", "")
    body = raw.pop("body", None)
    if body is not None and _hash(_canonical(body)) != seal:
        raise RecordRefusal(f"{where}: the body does not match its hash")
    expected = _hash(before.encode(), str(seal).encode(), _canonical(raw))
    if chain != expected:
        raise RecordRefusal(f"{where}: the chain is broken; the log was changed")
    destroyed = {"destroyed": True, "body_sha256": seal}
    return entry_from({**raw, "body": destroyed if body is None else body}), expected


def _make_folders(path: Path) -> None:
    """Make a folder and its parents, each one seen on the disk."""
    missing = [p for p in (path, *path.parents) if not p.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for made in reversed(missing):
        _sync_folder(made.parent)


def _is_unused(path: Path) -> bool:
    """Tell whether a folder is empty, or was left by a case that never opened."""
    left = {p.name for p in path.iterdir()}
    log = path / LOG
    return left <= {LOG, FILMS, LOCK} and (not log.exists() or not log.stat().st_size)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
