"""Files of a report are written all together, over what lay there."""

from __future__ import annotations

from pathlib import Path

import pytest

from callotasis.errors import RecordRefusal
from callotasis.report import Rendered, ready_folder, write_files
from dora import everything_in


def test_what_is_not_written_now_does_not_lie_about(tmp_path: Path) -> None:
    (tmp_path / "turns.ics").write_bytes(b"of the plan before")
    (tmp_path / "letter").write_bytes(b"Dear Ada")
    parts = Rendered({"page.html": b"new"})
    paths = write_files(tmp_path, parts, instead_of=("turns.ics", "page.html"))
    assert paths == {"page.html": tmp_path / "page.html"}
    assert everything_in(tmp_path) == {"page.html": b"new", "letter": b"Dear Ada"}


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    ready_folder(tmp_path / "deep" / "report")
    assert (tmp_path / "deep" / "report").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"a file")
    with pytest.raises(RecordRefusal, match="report cannot be written"):
        write_files(tmp_path / "report", Rendered({"a": b""}))


def test_a_name_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(RecordRefusal, match="cannot be written"):
        write_files(tmp_path, Rendered({"page.html": b""}))
