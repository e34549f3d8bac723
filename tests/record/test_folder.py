"""The case folder: what was acknowledged stays, what was changed is noticed.

The kill test forks its writers: the child appends to the real folder, the parent kills
it with SIGKILL and then counts what the child had been told is safe.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import math
import os
import random
import signal
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callotasis.errors import RecordRefusal
from callotasis.findings import Level
from callotasis.record import CaseFolder, Entry, new_entry

FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def turn(case: str = "dora", **body: Any) -> Entry:
    """One turn that Dora writes down now."""
    return new_entry(case, "turn", "Dora", {"turned_mm": 0.25, **body})


@pytest.fixture
def folder(tmp_path: Path) -> CaseFolder:
    """A case that Ada has just opened."""
    return CaseFolder.create(tmp_path / "dora", "dora", "Ada")


def log_of(folder: CaseFolder) -> Path:
    return folder.path / "entries.jsonl"


def lines_of(folder: CaseFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log_of(folder).read_bytes().splitlines()]


def write_lines(folder: CaseFolder, lines: list[dict[str, Any]]) -> None:
    """Write a log as somebody with an editor would."""
    text = "".join(
        json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        + "\n"
        for line in lines
    )
    log_of(folder).write_text(text, "utf-8")


def ids_in(folder: CaseFolder) -> list[str]:
    return [line["id"] for line in lines_of(folder)]


def tear(folder: CaseFolder, fragment: bytes) -> None:
    """Leave a line that was cut off, as a crash does."""
    with log_of(folder).open("ab") as log:
        log.write(fragment)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_case_folder_is_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = CaseFolder.create(tmp_path / "dora", "dora", "Ada")
    finally:
        os.umask(before)
    assert mode_of(folder.path) == 0o700
    assert mode_of(folder.path / "films") == 0o700
    assert mode_of(log_of(folder)) & 0o077 == 0


def test_an_empty_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "dora"
    path.mkdir()
    path.chmod(0o755)
    CaseFolder.create(path, "dora", "Ada")
    assert mode_of(path) == 0o700


def test_a_new_case_knows_its_name_and_who_opened_it(folder: CaseFolder) -> None:
    (first,) = folder.case().entries
    assert folder.name == "dora"
    assert (first.kind, first.author, first.body) == ("case", "Ada", {"opened": True})
    assert folder.findings == ()


def test_a_case_is_found_again_by_its_folder(folder: CaseFolder) -> None:
    folder.append(turn())
    assert CaseFolder(folder.path).case() == folder.case()


def test_a_folder_that_holds_anything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Dora")
    with pytest.raises(RecordRefusal, match="is not empty; a case needs its own"):
        CaseFolder.create(tmp_path, "dora", "Ada")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_second_case_in_the_same_folder_is_refused(folder: CaseFolder) -> None:
    before = log_of(folder).read_bytes()
    with pytest.raises(RecordRefusal, match="is not empty"):
        CaseFolder.create(folder.path, "eli", "Ada")
    assert log_of(folder).read_bytes() == before


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_a_case_without_a_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordRefusal, match="the case has no name"):
        CaseFolder.create(tmp_path / "dora", name, "Ada")
    assert list(tmp_path.iterdir()) == []


def test_a_case_that_nobody_opens_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordRefusal, match="author is empty"):
        CaseFolder.create(tmp_path / "dora", "dora", "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dora").write_text("a file")
    with pytest.raises(RecordRefusal, match="cannot be made: File exists"):
        CaseFolder.create(tmp_path / "dora", "dora", "Ada")


def test_a_folder_without_a_log_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(RecordRefusal, match=r"is no case folder: .* no entries\.jsonl"):
        CaseFolder(tmp_path)


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.dictionaries(st.text(), JSON, max_size=4))
def test_whatever_json_holds_is_read_back_as_it_was_written(
    folder: CaseFolder, body: dict[str, Any]
) -> None:
    entry = new_entry("dora", "exam", "Ben", body)
    folder.append(entry)
    assert entry in folder.case().entries


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"by_day": {2: 0.25, 10: 0.25}}, id="days as numbers"),
        pytest.param({2: 0.25, 10: 0.25}, id="numbers as names"),
        pytest.param({"range_deg": (0, 90)}, id="a pair"),
    ],
)
def test_no_body_that_is_taken_makes_the_log_unreadable(
    folder: CaseFolder, body: dict[Any, Any]
) -> None:
    try:
        folder.append(new_entry("dora", "exam", "Ben", body))
    except RecordRefusal:
        assert len(lines_of(folder)) == 1
    assert len(folder.case().entries) == len(lines_of(folder))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(math.nan, id="not a number"),
        pytest.param(math.inf, id="infinite"),
        pytest.param({0.25}, id="a set"),
        pytest.param("\ud800", id="half a character"),
    ],
)
def test_a_body_that_json_has_no_word_for_is_refused(
    folder: CaseFolder, value: object
) -> None:
    before = log_of(folder).read_bytes()
    with pytest.raises(RecordRefusal, match="body"):
        folder.append(turn(note=value))
    assert log_of(folder).read_bytes() == before


def test_entries_are_written_in_the_order_in_which_they_were_given(
    folder: CaseFolder,
) -> None:
    entries = [turn(number=n) for n in range(5)]
    folder.append(*entries[:3])
    folder.append(*entries[3:])
    assert ids_in(folder)[1:] == [e.id for e in entries]


def test_appending_never_changes_what_was_written_before(folder: CaseFolder) -> None:
    folder.append(turn())
    before = log_of(folder).read_bytes()
    folder.append(turn())
    assert log_of(folder).read_bytes().startswith(before)


def test_an_entry_that_arrives_twice_counts_once(folder: CaseFolder) -> None:
    entry = turn()
    folder.append(entry)
    folder.append(entry)
    assert folder.case().of_kind("turn") == (entry,)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": "eli"}, "entry of case 'eli' cannot join case 'dora'"),
        ({"case": ""}, "entry of case '' cannot join case 'dora'"),
        ({"kind": "wish"}, "kind 'wish' is unknown"),
        ({"segment": "R.fibula"}, r"segment 'R\.fibula' is unknown"),
        ({"author": ""}, "author is empty"),
        ({"id": "1"}, "id '1' is no UUID"),
        ({"happened_at": "2026-03-01T08:00:00"}, "has no offset"),
    ],
)
def test_one_entry_that_cannot_stand_keeps_all_of_them_out(
    folder: CaseFolder, change: dict[str, Any], said: str
) -> None:
    before = log_of(folder).read_bytes()
    with pytest.raises(RecordRefusal, match=said):
        folder.append(turn(), replace(turn(), **change), turn())
    assert log_of(folder).read_bytes() == before


def watch_fsync(
    monkeypatch: pytest.MonkeyPatch, seen: Callable[[os.stat_result], None]
) -> None:
    """Call ``seen`` with what is synced, when it is synced."""
    really = os.fsync

    def fsync(descriptor: int) -> None:
        seen(os.fstat(descriptor))
        really(descriptor)

    monkeypatch.setattr("os.fsync", fsync)


def test_an_entry_is_on_the_disk_with_its_folder_before_append_returns(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = turn()
    log, home = log_of(folder).stat().st_ino, folder.path.stat().st_ino
    synced: list[tuple[int, bool]] = []
    watch_fsync(
        monkeypatch,
        lambda what: synced.append(
            (what.st_ino, entry.id.encode() in log_of(folder).read_bytes())
        ),
    )
    folder.append(entry)
    assert synced == [(log, True), (home, True)]


def test_no_other_writer_comes_in_before_the_entry_is_on_the_disk(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[bool] = []

    def another_writer(what: os.stat_result) -> None:
        with (folder.path / "lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                refused.append(True)
            else:
                refused.append(False)

    watch_fsync(monkeypatch, another_writer)
    folder.append(turn())
    assert refused == [True, True]


@pytest.mark.parametrize("failing", [1, 2], ids=["the log", "its folder"])
def test_an_entry_is_not_acknowledged_when_the_disk_fails(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    calls: list[int] = []

    def fail(what: os.stat_result) -> None:
        calls.append(what.st_ino)
        if len(calls) == failing:
            raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        watch_fsync(patch, fail)
        with pytest.raises(RecordRefusal, match="Input/output error"):
            folder.append(lost := turn())
    entry = turn()
    folder.append(entry)
    assert entry in folder.case().entries
    assert lost not in folder.case().entries


def test_a_new_case_is_on_the_disk_before_create_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    watch_fsync(monkeypatch, lambda what: synced.append(what.st_ino))
    folder = CaseFolder.create(tmp_path / "dora", "dora", "Ada")
    for path in (tmp_path, folder.path, log_of(folder)):
        assert path.stat().st_ino in synced


def test_a_torn_last_line_is_reported_and_hides_nothing(folder: CaseFolder) -> None:
    entry = turn()
    folder.append(entry)
    tear(folder, b'{"author":"Dora","bo')
    assert folder.case().of_kind("turn") == (entry,)
    (finding,) = folder.findings
    assert finding.level is Level.CAUTION
    assert finding.key == "record.torn"


def test_reading_leaves_a_torn_line_where_it_is(folder: CaseFolder) -> None:
    tear(folder, b'{"author":')
    before = log_of(folder).read_bytes()
    folder.case()
    assert folder.findings
    assert log_of(folder).read_bytes() == before


def test_the_next_append_sets_a_torn_line_aside_and_works(folder: CaseFolder) -> None:
    first, second = turn(), turn()
    folder.append(first)
    tear(folder, b'{"author":"Dora","bo')
    folder.append(second)
    assert folder.case().of_kind("turn") == (first, second)
    (kept,) = (folder.path / "torn").iterdir()
    assert kept.read_bytes() == b'{"author":"Dora","bo'
    assert [f.key for f in folder.findings] == ["record.torn"]


def test_a_log_cut_at_any_byte_of_its_last_line_keeps_every_line_before(
    folder: CaseFolder,
) -> None:
    kept, last = turn(), turn(note="as long as it takes, with an ü across two bytes")
    folder.append(kept)
    head = log_of(folder).read_bytes()
    folder.append(last)
    whole = log_of(folder).read_bytes()
    inside_the_umlaut = whole.index("ü".encode()) + 1
    cuts = {*range(len(head), len(whole), 11), inside_the_umlaut, len(whole) - 1}
    for cut in sorted(cuts):
        log_of(folder).write_bytes(whole[:cut])
        assert folder.case().of_kind("turn") == (kept,)
        again = turn()
        folder.append(again)
        assert ids_in(folder)[1:] == [kept.id, again.id]
        assert folder.case().of_kind("turn") == (kept, again)
    torn = {path.read_bytes() for path in (folder.path / "torn").iterdir()}
    assert torn == {whole[len(head) : cut] for cut in cuts} - {b""}


def test_a_torn_line_is_safe_elsewhere_before_the_log_is_cut(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = log_of(folder).read_bytes()
    tear(folder, b'{"author":')
    found: list[tuple[bool, bool]] = []
    watch_fsync(
        monkeypatch,
        lambda what: found.append(
            (
                any((folder.path / "torn").iterdir()),
                log_of(folder).read_bytes() == whole,
            )
        ),
    )
    folder.append(turn())
    assert found[0] == (True, False)
    assert (True, True) in found


def in_a_child(work: Callable[[], None]) -> int:
    """Fork; the child does the work and leaves without pytest's own endings."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


@FORKS
def test_two_writers_at_once_lose_nothing_and_the_chain_holds(
    folder: CaseFolder,
) -> None:
    each = 200
    wait, start = os.pipe()

    def write(author: str) -> None:
        os.close(start)
        os.read(wait, 1)  # returns when the parent closes its end
        own = CaseFolder(folder.path)
        for number in range(each):
            own.append(new_entry("dora", "turn", author, {"number": number}))

    children = [in_a_child(partial(write, author)) for author in ("Ada", "Ben")]
    os.close(wait)
    os.close(start)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    written = folder.case().of_kind("turn")
    for author in ("Ada", "Ben"):
        numbers = [line["body"]["number"] for line in lines_of(folder)[1:]
                   if line["author"] == author]  # fmt: skip
        assert numbers == list(range(each))
    assert len(written) == 2 * each
    assert folder.findings == ()


KILLS = 200


def write_until_killed(path: Path, told: int) -> None:
    """Append without end and tell each id once it is acknowledged."""
    folder = CaseFolder(path)
    while True:
        entry = turn()
        folder.append(entry)
        os.write(told, entry.id.encode() + b"\n")


def acknowledged_before_kill(path: Path, chance: random.Random) -> list[str]:
    """Start a writer, kill it at a random moment, return what it was told is safe."""
    heard, told = os.pipe()
    child = in_a_child(lambda: write_until_killed(path, told))
    os.close(told)
    with os.fdopen(heard, "rb", buffering=0) as pipe:
        ids = b""
        if chance.random() < 0.5:
            ids = pipe.read(37) or b""  # the first acknowledged id, or the child's end
        time.sleep(chance.uniform(0.0, 0.015))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        ids += pipe.readall()
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    return ids.decode().split()


def lose_the_unsynced_tail(folder: CaseFolder, safe: set[str], cut: float) -> None:
    """Cut what a power failure may take: bytes after the last acknowledged line."""
    data = log_of(folder).read_bytes()
    end = start = 0
    for line in data.splitlines(keepends=True):
        end += len(line)
        if line.endswith(b"\n") and json.loads(line)["id"] in safe:
            start = end
    tail = data[start:] or b'{"author":"Dora","body":{"turned_mm":0.25},"ca'
    log_of(folder).write_bytes(data[:start] + tail[: int(cut * len(tail))])


@FORKS
def test_two_hundred_kills_lose_no_acknowledged_entry(folder: CaseFolder) -> None:
    chance = random.Random(20260301)  # noqa: S311 - moments to kill, no secret
    safe = set(ids_in(folder))
    for kill in range(KILLS):
        safe.update(acknowledged_before_kill(folder.path, chance))
        if kill % 4 == 3:
            lose_the_unsynced_tail(folder, safe, chance.random())
        assert safe <= {entry.id for entry in folder.case().entries}
    last = turn()
    folder.append(last)
    ids = ids_in(folder)
    assert safe | {last.id} <= set(ids)
    assert len(safe) > KILLS / 4
    assert len(set(ids)) == len(ids)
    assert any((folder.path / "torn").iterdir())


@pytest.fixture
def told(folder: CaseFolder) -> CaseFolder:
    """A case of four lines: opened, and three numbered turns."""
    folder.append(*(turn(number=n) for n in range(3)))
    return folder


def refuses_everything(folder: CaseFolder, said: str) -> None:
    """Neither reading nor appending goes on with a changed log."""
    before = log_of(folder).read_bytes()
    with pytest.raises(RecordRefusal, match=said):
        folder.case()
    with pytest.raises(RecordRefusal, match=said):
        folder.append(turn())
    assert log_of(folder).read_bytes() == before


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_changed_body_is_refused(told: CaseFolder, number: int) -> None:
    lines = lines_of(told)
    lines[number]["body"] = {"turned_mm": 2.5}
    write_lines(told, lines)
    refuses_everything(told, rf"dora/entries\.jsonl:{number + 1}: the body does not")


def test_a_changed_body_with_a_fitting_hash_is_refused_by_the_chain(
    told: CaseFolder,
) -> None:
    lines = lines_of(told)
    lines[1]["body"] = {}
    lines[1]["body_sha256"] = hashlib.sha256(b"{}").hexdigest()
    write_lines(told, lines)
    refuses_everything(told, r"entries\.jsonl:2: the chain is broken")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_changed_chain_is_refused(told: CaseFolder, number: int) -> None:
    lines = lines_of(told)
    lines[number]["chain"] = "0" * 64
    write_lines(told, lines)
    refuses_everything(told, rf"entries\.jsonl:{number + 1}: the chain is broken")


@pytest.mark.parametrize("field", ["chain", "body_sha256"])
def test_a_missing_seal_is_refused(told: CaseFolder, field: str) -> None:
    lines = lines_of(told)
    del lines[2][field]
    write_lines(told, lines)
    refuses_everything(told, r"entries\.jsonl:3: the (chain is broken|body does not)")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", "Eli"),
        ("segment", "L.femur"),
        ("happened_at", "2026-03-01T08:00:00+01:00"),
        ("case", "eli"),
        ("id", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"),
        ("note", "a field that nobody knows"),
    ],
)
def test_a_changed_head_is_refused(told: CaseFolder, field: str, value: str) -> None:
    lines = lines_of(told)
    lines[2][field] = value
    write_lines(told, lines)
    refuses_everything(told, r"entries\.jsonl:3: the chain is broken")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_line_removed_before_the_last_is_refused(
    told: CaseFolder, number: int
) -> None:
    lines = lines_of(told)
    del lines[number]
    write_lines(told, lines)
    refuses_everything(told, rf"entries\.jsonl:{number + 1}: the chain is broken")


def test_swapped_lines_are_refused(told: CaseFolder) -> None:
    first, second, third, fourth = lines_of(told)
    write_lines(told, [first, third, second, fourth])
    refuses_everything(told, r"entries\.jsonl:2: the chain is broken")


def test_a_repeated_line_is_refused(told: CaseFolder) -> None:
    lines = lines_of(told)
    write_lines(told, [*lines, lines[-1]])
    refuses_everything(told, r"entries\.jsonl:5: the chain is broken")


@pytest.mark.parametrize("line", [b"", b"turned 0.25 mm", b"\xff\xfe"])
def test_a_whole_line_that_is_no_json_is_refused(told: CaseFolder, line: bytes) -> None:
    tear(told, line + b"\n")
    refuses_everything(told, r"entries\.jsonl:5 is no JSON; the log was changed")


@pytest.mark.parametrize("line", [b"[]", b"7", b"null", b'"turn"'])
def test_a_whole_line_that_is_no_entry_is_refused(
    told: CaseFolder, line: bytes
) -> None:
    tear(told, line + b"\n")
    refuses_everything(told, r"entries\.jsonl:5 is no entry; the log was changed")


def destroyed(folder: CaseFolder, number: int) -> str:
    """Destroy the body of one line, keep its hash, and return that."""
    lines = lines_of(folder)
    lines[number]["body"] = None
    write_lines(folder, lines)
    return str(lines[number]["body_sha256"])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_destroyed_body_still_reads_and_says_so(
    told: CaseFolder, number: int
) -> None:
    before = told.case().of_kind("turn")
    seal = destroyed(told, number)
    after = told.case().of_kind("turn")
    gone = {"destroyed": True, "body_sha256": seal}
    assert [e.body for e in after if e.body == gone] == [gone]
    assert [replace(e, body={}) for e in after] == [replace(e, body={}) for e in before]


def test_a_case_with_a_destroyed_body_goes_on(told: CaseFolder) -> None:
    destroyed(told, 1)
    entry = turn()
    told.append(entry)
    assert told.case().of_kind("turn")[-1] == entry


def test_a_destroyed_body_must_keep_its_hash(told: CaseFolder) -> None:
    destroyed(told, 1)
    lines = lines_of(told)
    lines[1]["body_sha256"] = hashlib.sha256(b"{}").hexdigest()
    write_lines(told, lines)
    refuses_everything(told, r"entries\.jsonl:2: the chain is broken")


def drafts_in(folder: CaseFolder) -> Iterator[Path]:
    return (folder.path / "films").glob(".*")


def test_a_film_lies_under_the_hash_of_its_content(folder: CaseFolder) -> None:
    name = folder.keep_film(b"a standing film")
    assert name == hashlib.sha256(b"a standing film").hexdigest()
    assert folder.film_path(name) == folder.path / "films" / name
    assert folder.film_path(name).read_bytes() == b"a standing film"
    assert list(drafts_in(folder)) == []


def test_keeping_a_film_twice_keeps_it_once_and_untouched(folder: CaseFolder) -> None:
    name = folder.keep_film(b"a standing film")
    before = folder.film_path(name).stat()
    assert folder.keep_film(b"a standing film") == name
    after = folder.film_path(name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [p.name for p in (folder.path / "films").iterdir()] == [name]


def test_two_films_lie_side_by_side(folder: CaseFolder) -> None:
    names = {folder.keep_film(film) for film in (b"before surgery", b"after surgery")}
    assert {path.name for path in (folder.path / "films").iterdir()} == names


def test_a_film_appears_only_when_all_of_it_is_on_the_disk(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"a standing film" * 1000
    target = folder.path / "films" / hashlib.sha256(data).hexdigest()
    synced: list[tuple[bool, int]] = []
    watch_fsync(monkeypatch, lambda what: synced.append((target.exists(), what.st_ino)))
    folder.keep_film(data)
    films = (folder.path / "films").stat().st_ino
    assert synced == [(False, target.stat().st_ino), (True, films)]


def test_a_film_that_the_disk_did_not_take_is_not_there(
    folder: CaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(what: os.stat_result) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    name = hashlib.sha256(b"a standing film").hexdigest()
    with monkeypatch.context() as patch:
        watch_fsync(patch, fail)
        with pytest.raises(RecordRefusal, match="No space left"):
            folder.keep_film(b"a standing film")
    with pytest.raises(RecordRefusal, match=f"film {name[:12]} is not in"):
        folder.film_path(name)
    assert folder.keep_film(b"a standing film") == name
    assert folder.film_path(name).read_bytes() == b"a standing film"
    assert list(drafts_in(folder)) == []


def test_a_film_that_nobody_kept_is_refused(folder: CaseFolder) -> None:
    with pytest.raises(RecordRefusal, match="film 000000000000 is not in"):
        folder.film_path("0" * 64)
