"""Commands that come in groups: about a film, a case, a frame."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callotasis.distraction import Change
from callotasis.record import CaseFolder
from commands import callotasis, printed, refused
from dora import everything_in
from small_films import KNOWN, LATERAL_POINTS, frontal_on, lateral_on

GROUPS = {
    "film": ("make", "closeup", "info"),
    "case": ("new", "add", "show", "sign", "adapt"),
    "frame": ("settings", "pose", "schedule", "program"),
}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case"
    assert callotasis("case", "new", path, "--name", "Dora", "--by", "Ada").code == 0
    return path


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_alone_prints_its_commands(group: str) -> None:
    for words in ((group,), (group, "--help"), (group, "-h")):
        outcome = callotasis(*words)
        assert outcome.code == (2 if words == (group,) else 0)
        assert all(command in outcome.out + outcome.err for command in GROUPS[group])


@pytest.mark.parametrize(
    "command", [(g, c) for g, commands in GROUPS.items() for c in commands]
)
def test_every_command_of_a_group_says_what_it_does(command: tuple[str, str]) -> None:
    outcome = callotasis(*command, "--help")
    assert outcome.code == 0
    assert f"{' '.join(command)} [OPTIONS]" in outcome.out


@pytest.mark.parametrize("command", GROUPS["frame"])
def test_a_frame_command_says_where_its_file_is_described(command: str) -> None:
    said = " ".join(callotasis("frame", command, "--help").out.split())
    assert f"'callotasis schema frame-{command}'" in said
    assert "docs/hexapod.md" in said
    assert callotasis("schema", f"frame-{command}").code == 0


def test_the_help_of_frames_says_where_their_files_are_described() -> None:
    said = " ".join(callotasis("frame", "--help").out.split())
    assert "'callotasis schema frame-program'" in said
    assert "docs/hexapod.md" in said


@pytest.mark.parametrize("group", GROUPS)
def test_an_unknown_command_of_a_group_is_wrong_usage(group: str) -> None:
    outcome = callotasis(group, "burn")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "burn" in outcome.err


def test_a_film_says_what_it_is(tmp_path: Path) -> None:
    for files in (frontal_on(tmp_path), lateral_on(tmp_path)):
        found = printed("film", "info", files.film, "--json")
        assert found["kind"] == "DICOM DX"


def test_a_case_is_started_shown_and_added_to(case: Path, tmp_path: Path) -> None:
    files = frontal_on(tmp_path)
    words = ("--film", files.film, "--landmarks", files.landmarks, "--by", "Ada")
    outcome = callotasis("case", "add", case, *words, *KNOWN, "--torsion", "R.tibia=30")
    assert outcome.code == 0, outcome.err
    (film,) = CaseFolder(case).case().of_kind("film")
    assert film.author == "Ada"
    assert film.body["notes"]["magnification"] == 1.05
    assert film.body["notes"]["torsion_deg"] == {"R.tibia": 30.0}
    assert printed("case", "show", case, "--json")


def test_a_lateral_film_is_added_as_any_other(case: Path, tmp_path: Path) -> None:
    files = lateral_on(tmp_path)
    words = ("--film", files.film, "--landmarks", files.landmarks, "--by", "Ada")
    assert callotasis("case", "add", case, *words).code == 0
    (placed,) = CaseFolder(case).case().of_kind("landmarks")
    assert placed.body["points"] == LATERAL_POINTS


@pytest.mark.parametrize("given", [(), ("--film",), ("--landmarks",)])
def test_a_film_comes_with_its_landmarks_or_not_at_all(
    case: Path, tmp_path: Path, given: tuple[str, ...]
) -> None:
    files = frontal_on(tmp_path)
    paths = {"--film": files.film, "--landmarks": files.landmarks}
    words = [word for name in given for word in (name, paths[name])]
    before = everything_in(case)
    outcome = callotasis("case", "add", case, *words, "--by", "Ada")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "give --film with --landmarks, or --entry" in " ".join(outcome.err.split())
    assert everything_in(case) == before


def test_an_entry_needs_no_film(case: Path, tmp_path: Path) -> None:
    entry, body = tmp_path / "entry.json", {"plan": "one", "reason": "seen"}
    entry.write_text(json.dumps({"kind": "decision", "body": body}), "utf-8")
    outcome = callotasis("case", "add", case, "--entry", entry, "--by", "Ben")
    assert outcome.code == 0, outcome.err
    (decision,) = CaseFolder(case).case().of_kind("decision")
    assert (decision.author, decision.body) == ("Ben", body)


@pytest.mark.parametrize("command", ["new", "add", "sign", "adapt"])
def test_who_writes_into_a_case_says_by_which_name(case: Path, command: str) -> None:
    outcome = callotasis("case", command, case)
    assert outcome.code == 2
    assert outcome.out == ""


def test_a_case_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "is no case folder" in refused("case", "show", tmp_path)
    assert "is no case folder" in refused("case", "sign", tmp_path, "--by", "Ada")
    words = ("case", "adapt", tmp_path, "R.femur", "--by", "Ada")
    assert "is no case folder" in refused(*words)


def test_a_change_names_its_bone(case: Path) -> None:
    outcome = callotasis("case", "adapt", case, "--by", "Ada")
    assert outcome.code == 2
    assert "SEGMENT" in outcome.err


def test_the_help_of_a_change_names_every_change_and_unit() -> None:
    said = " ".join(callotasis("case", "adapt", "--help").out.split())
    for change in Change:
        assert change.value in said
    assert all(unit in said for unit in ("[mm/day]", "[day]", "[mm]"))
