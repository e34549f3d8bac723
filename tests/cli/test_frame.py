"""``callotasis frame``: settings, pose and schedule, from files and back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from commands import callotasis, printed, refused
from hexapods import SOUTHAMPTON, joints, ordered, placed
from sawbones import program_file

SETTINGS_OF_H7 = [184.8340, 183.9162, 169.8745, 155.6637, 168.1781, 164.9522]
DOCUMENTS = {
    "settings": placed(),
    "pose": {**joints(), "struts_mm": SETTINGS_OF_H7},
    "schedule": ordered(),
    "program": program_file(),
}
DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "hexapod.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```json\n(.*?)^```", DOCUMENTATION, re.MULTILINE | re.DOTALL)
commands = pytest.mark.parametrize("command", sorted(DOCUMENTS))


def written(folder: Path, document: object) -> Path:
    """Write a document as Python writes JSON: NaN and all."""
    path = folder / "frame.json"
    path.write_text(
        document if isinstance(document, str) else json.dumps(document), "utf-8"
    )
    return path


def test_settings_are_those_of_case_h7(tmp_path: Path) -> None:
    found = printed("frame", "settings", written(tmp_path, placed()), "--json")
    assert set(found) == {"struts_mm", "condition_number"}
    assert found["struts_mm"] == pytest.approx(SETTINGS_OF_H7, abs=5.1e-5)
    assert 3 < found["condition_number"] < 6


def test_settings_and_pose_undo_each_other_through_files(tmp_path: Path) -> None:
    settings = printed("frame", "settings", written(tmp_path, placed()), "--json")
    document = {**joints(), "struts_mm": settings["struts_mm"]}
    found = printed("frame", "pose", written(tmp_path, document), "--json")
    for name, wanted in placed()["pose"].items():
        assert found["pose"][name] == pytest.approx(wanted, abs=2e-6)
    again = printed(
        "frame", "settings", written(tmp_path, placed(pose=found["pose"])), "--json"
    )
    assert again["struts_mm"] == pytest.approx(settings["struts_mm"], abs=2e-6)


def test_a_pose_may_be_looked_for_near_the_last_one(tmp_path: Path) -> None:
    document = {**DOCUMENTS["pose"], "near": placed()["pose"]}
    found = printed("frame", "pose", written(tmp_path, document), "--json")
    assert found["pose"]["translation_mm"] == pytest.approx([5, -8, 160], abs=1e-3)


def test_a_schedule_has_the_keys_of_its_contract(tmp_path: Path) -> None:
    found = printed("frame", "schedule", written(tmp_path, ordered()), "--json")
    assert {"days", "struts_mm", "pose_error", "changes"} <= set(found)
    assert set(found["pose_error"]) == {"max_mm", "max_deg"}
    assert found["changes"] == []
    assert len(found["struts_mm"]) == found["days"] + 1
    assert all(len(row) == 6 for row in found["struts_mm"])
    assert found["struts_mm"][0] == pytest.approx(SETTINGS_OF_H7, abs=5.1e-5)


def test_a_change_of_strut_is_printed(tmp_path: Path) -> None:
    sizes = [
        {"name": "medium", "min_mm": 116, "max_mm": 188},
        {"name": "long", "min_mm": 179, "max_mm": 283},
    ]
    path = written(tmp_path, ordered(strut_range_mm=None, strut_sizes=sizes))
    found = printed("frame", "schedule", path, "--json")
    assert found["changes"]
    assert set(found["changes"][0]) == {"strut", "day", "before", "after"}
    said = callotasis("frame", "schedule", path)
    assert said.code == 0
    assert "change medium for long at the end of day" in " ".join(said.out.split())


@commands
def test_people_are_told_the_same_in_words(tmp_path: Path, command: str) -> None:
    outcome = callotasis("frame", command, written(tmp_path, DOCUMENTS[command]))
    assert outcome.code == 0
    assert outcome.err == ""
    expected = {
        "settings": ("184.83", "Condition number"),
        "pose": ("translation x, y, z: 5.00, -8.00, 160.00 mm", "10.00, -5.00, 7.00 °"),
        "schedule": ("Struts [mm], joint to joint", "Rounding moves the ring by"),
        "program": ("What may be left, 95 % intervals", "chance of a second program"),
    }
    for said in expected[command]:
        assert said in outcome.out


@commands
def test_an_unknown_key_is_refused_by_name(tmp_path: Path, command: str) -> None:
    document = {**DOCUMENTS[command], "colour": "red"}
    assert "colour" in refused("frame", command, written(tmp_path, document), "--json")


@commands
@pytest.mark.parametrize("ring", ["proximal_joints_mm", "distal_joints_mm"])
@pytest.mark.parametrize("fault", ["five", "text", "NaN", "missing"])
def test_spoilt_joints_are_refused_by_name(
    tmp_path: Path, command: str, ring: str, fault: str
) -> None:
    document = json.loads(json.dumps(DOCUMENTS[command]))
    if fault == "five":
        document[ring].pop()
    elif fault == "text":
        document[ring][3][1] = "eighty"
    elif fault == "NaN":
        document[ring][3][1] = float("nan")
    else:
        del document[ring]
    assert ring in refused("frame", command, written(tmp_path, document), "--json")


@commands
@pytest.mark.parametrize("text", ["", "struts", "[1, 2", "\x00", "{'a': 1}"])
def test_a_file_that_is_no_json_is_refused(
    tmp_path: Path, command: str, text: str
) -> None:
    said = refused("frame", command, written(tmp_path, text), "--json")
    assert "frame.json is no JSON" in said


@commands
@pytest.mark.parametrize("document", [[], 3, None, "frame"])
def test_json_that_is_no_frame_is_refused(
    tmp_path: Path, command: str, document: Any
) -> None:
    path = written(tmp_path, json.dumps(document))
    assert "frame.json" in refused("frame", command, path, "--json")


@commands
def test_a_missing_file_is_refused(tmp_path: Path, command: str) -> None:
    outcome = callotasis("frame", command, tmp_path / "nothing.json", "--json")
    assert outcome.code != 0
    assert outcome.out == ""
    assert "nothing.json" in outcome.err


@pytest.mark.parametrize(
    ("command", "changed", "named"),
    [
        ("settings", {"pose": {"translation_mm": [0, 0, "high"]}}, "translation_mm"),
        ("settings", {"pose": {"translation_mm": [0, 0, float("nan")]}}, "pose"),
        ("settings", {"pose": {"translation_mm": [0, 0, -9]}}, "z = -9 mm"),
        ("pose", {"struts_mm": [150] * 5}, "struts_mm"),
        ("pose", {"struts_mm": [150] * 5 + [True]}, "struts_mm"),
        ("pose", {"struts_mm": [150] * 5 + ["150"]}, "struts_mm"),
        ("pose", {"struts_mm": [150] * 5 + [-150]}, "strut 6"),
        ("pose", {"struts_mm": [100, 300, 100, 300, 100, 599]}, "no pose fits"),
        ("schedule", {"rate_mm_per_day": 0}, "rate is 0 mm a day"),
        ("schedule", {"rate_mm_per_day": "slow"}, "rate_mm_per_day"),
        ("schedule", {"strut_range_mm": [100, 188]}, "on day"),
    ],
)
def test_figures_that_cannot_be_are_refused_by_name(
    tmp_path: Path, command: str, changed: dict[str, Any], named: str
) -> None:
    document = {**DOCUMENTS[command], **changed}
    assert named in refused("frame", command, written(tmp_path, document), "--json")


@commands
def test_rings_with_parallel_legs_are_refused(tmp_path: Path, command: str) -> None:
    rings = {name: SOUTHAMPTON.tolist() for name in joints()}
    changed: dict[str, Any] = {**DOCUMENTS[command], **rings}
    if command == "pose":
        changed["struts_mm"] = [150] * 6
    said = refused("frame", command, written(tmp_path, changed), "--json")
    assert "singular" in said or "no pose fits" in said


def test_every_file_of_the_documentation_runs(tmp_path: Path) -> None:
    """And what is said of the two programs comes out."""
    settings, *programs = EXAMPLES
    found = printed("frame", "settings", written(tmp_path, settings), "--json")
    assert found["struts_mm"] == pytest.approx(SETTINGS_OF_H7, abs=0.01)
    typed, seen = (
        printed("frame", "program", written(tmp_path, text), "--json")
        for text in programs
    )
    said = [
        f"{found['doubt']['chance_of_second_program']:.0%}".replace("%", " %")
        for found in (typed, seen)
    ]
    assert (
        "Typed, a second program is needed in {} of the worlds; from two films in {}."
    ).format(*said) in " ".join(DOCUMENTATION.split())
    rows = [found["schedule"]["struts_mm"][-1] for found in (typed, seen)]
    assert rows[0] == pytest.approx(rows[1], abs=1.0)
