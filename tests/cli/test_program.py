"""``callotasis frame program``: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from callotasis.fixation.hexapod import Placement
from callotasis.fixation.hexapod.hardware import STRUT_COLOURS
from callotasis.report.frame_pictures import frame_views
from callotasis.worlds import Array
from commands import callotasis, printed, refused
from hexapods import USUAL
from looks import pages_of
from sawbones import program_file, six

SHEET = ("--first-day=2027-01-18", "--case=Dora", "--call=Ward 3, 0123 456")
OFFSET = "--scale-offset=strut=-30"
PICTURES = {"frame.png", "path.png", "struts.png"}


def written(folder: Path, **changed: object) -> Path:
    path = folder / "frame.json"
    path.write_text(json.dumps(program_file(**changed)), "utf-8")
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_program_says_its_struts_and_its_doubt(tmp_path: Path) -> None:
    found = printed("frame", "program", written(tmp_path), "--json")
    assert found["segment"] == "L.tibia"
    schedule, doubt = found["schedule"], found["doubt"]
    assert len(schedule["struts_mm"]) == schedule["days"] + 1
    for left in doubt["residual"].values():
        assert left["low"] <= left["value"] <= left["high"]
    shares = [share["share"] for share in doubt["read_again"]]
    assert shares == sorted(shares, reverse=True)
    assert 0 < found["chance_if_read_again"] < doubt["chance_of_second_program"] < 1
    assert "files" not in found


def test_a_program_is_the_same_every_time(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert printed("frame", "program", file, "--json") == printed(
        "frame", "program", file, "--json"
    )


def test_a_left_frame_on_a_right_leg_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, segment="R.tibia")
    line = refused("frame", "program", file, "--json")
    assert "built for a left leg; the segment is the right tibia" in line


# Files.


def test_a_folder_holds_what_was_printed_and_three_pictures(tmp_path: Path) -> None:
    file, out = written(tmp_path), tmp_path / "out"
    found = printed("frame", "program", file, "--out", out, "--json")
    files = found.pop("files")
    assert found.pop("draft") is True
    assert set(files) == {"program", "frame", "path", "chart"}
    assert {Path(path).name for path in files.values()} == names(out)
    assert names(out) == {"program.json", *PICTURES}
    assert json.loads((out / "program.json").read_text("utf-8")) == found
    assert found == printed("frame", "program", file, "--json")
    assert out.stat().st_mode & 0o777 == 0o700


def test_people_are_told_that_there_is_no_strut_sheet(tmp_path: Path) -> None:
    outcome = callotasis("frame", "program", written(tmp_path), "--out", tmp_path / "o")
    assert outcome.code == 0
    said = " ".join(outcome.out.split())
    assert "No strut sheet: it needs --first-day, --case, --call and a scale" in said


def test_a_strut_sheet_is_a_draft_with_dates_and_scales(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--out", out, *SHEET, OFFSET)
    outcome = callotasis("frame", "program", written(tmp_path), *words)
    assert outcome.code == 0, outcome.err
    assert "The strut sheet is a DRAFT" in outcome.out
    assert names(out) == {"program.json", "struts.pdf", *PICTURES}
    text = " ".join(pages_of(out / "struts.pdf"))
    program = json.loads((out / "program.json").read_text("utf-8"))
    first = program["schedule"]["struts_mm"][1]
    shown = " ".join(f"{length - 30:g}" for length in first)
    assert f"Mon 18 Jan {shown}" in text
    for said in ("LEFT TIBIA", "Dora", "Do not turn by it", "Ward 3, 0123 456"):
        assert said in text


@pytest.mark.parametrize("offset", [0.0, -30.5, 12.25])
def test_struts_stand_on_the_marks_of_their_own_scale(
    tmp_path: Path, offset: float
) -> None:
    file = written(tmp_path, scale_offset_mm={"strut": offset})
    struts = np.array(
        printed("frame", "program", file, "--json")["schedule"]["struts_mm"]
    )
    shown = struts[1:] + offset
    assert shown == pytest.approx(shown.round(), abs=1e-6)


def test_a_sheet_of_an_earlier_program_is_taken_away(tmp_path: Path) -> None:
    file, out = written(tmp_path), tmp_path / "out"
    assert (
        callotasis("frame", "program", file, "--out", out, *SHEET, OFFSET).code
        == callotasis("frame", "program", file, "--out", out).code
        == 0
    )
    assert names(out) == {"program.json", *PICTURES}


@pytest.mark.parametrize("silent", SHEET)
def test_half_a_strut_sheet_is_refused_by_what_is_missing(
    tmp_path: Path, silent: str
) -> None:
    said = [word for word in (*SHEET, OFFSET) if word != silent]
    out = tmp_path / "out"
    line = refused("frame", "program", written(tmp_path), "--out", out, *said)
    assert line.endswith(f"missing: {silent.partition('=')[0]}")
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (SHEET, "scale of size 'strut'"),
        ((*SHEET, "--scale-offset=long=0"), "size 'long'"),
        ((*SHEET, "--scale-offset=strut=much"), "scale offset strut is 'much'"),
        ((*SHEET, "--scale-offset=strut=-500"), "below the start of its scale"),
        ((*SHEET[1:], OFFSET, "--first-day=18.1.2027"), "needed is a day as YYYY"),
        ((*SHEET[1:], OFFSET, "--first-day=1027-01-18"), "the first turn is on 1027"),
        ((*SHEET[:2], OFFSET, "--call= "), "call is empty"),
        ((SHEET[0], SHEET[2], OFFSET, "--case="), "case is empty"),
        (("--paper=a5",), "paper 'a5' is unknown"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    tmp_path: Path, words: tuple[str, ...], named: str
) -> None:
    out = tmp_path / "out"
    assert named in refused("frame", "program", written(tmp_path), "--out", out, *words)
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    line = refused("frame", "program", written(tmp_path), "--out", tmp_path / "out")
    assert "cannot be written" in line


def test_a_sheet_needs_a_folder(tmp_path: Path) -> None:
    outcome = callotasis("frame", "program", written(tmp_path), *SHEET, OFFSET)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "a strut sheet needs --out" in outcome.err


# Which strut is where.


@pytest.mark.parametrize("side", ["L", "R"])
def test_struts_are_drawn_where_they_are_on_the_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    """In the frame's own axes x is the patient's right, y is behind, z is down.

    So on either leg a picture from the front shows -x to the right and -z upwards, and
    one from above x to the left and y upwards.
    """
    figures: list[Figure] = []

    def kept(*words: Any) -> Figure:
        figures.append(frame_views(*words))
        return figures[-1]

    monkeypatch.setattr("callotasis.report.frame_files.frame_views", kept)
    square = {"reference": "proximal", "ring": six(proximal_mm=70.0)}
    file = written(tmp_path, segment=f"{side}.tibia", frame_side=side, mounting=square)
    words = ("--out", tmp_path / "out", "--json")
    pose = printed("frame", "program", file, *words)["start_pose"]
    at = Placement.at(pose["translation_mm"], pose["rotation_deg"])
    own = np.stack([USUAL.proximal_mm, at.carried(USUAL.distal_mm)], axis=1)
    (figure,) = figures
    front, _, above = figure.axes
    for axes, seen in ((front, own[..., [0, 2]] * -1), (above, own[..., [0, 1]])):
        lines = struts_on(axes)
        across = seen * [-1, 1] if axes is above else seen
        moved = lines - across
        assert moved == pytest.approx(
            np.broadcast_to(moved[0, 0], moved.shape), abs=1e-5
        )


def struts_on(axes: Any) -> Array:
    """Both ends of struts 1 to 6 on the paper, shape (6, 2, 2)."""
    lines = {
        to_hex(line.get_color()): np.array(line.get_xydata())
        for line in axes.lines
        if len(line.get_xydata()) == 2
    }
    return np.stack([lines[strut.colour.lower()] for strut in STRUT_COLOURS])
