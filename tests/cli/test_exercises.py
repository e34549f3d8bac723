"""``callotasis exercises``: a programme in words, and its sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callotasis.cli.exercises import run_exercises
from callotasis.errors import Refusal
from looks import pages_of


def test_a_programme_is_printed_as_a_proposal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_exercises("femur", "distraction", "nail", "R")
    said = capsys.readouterr().out
    assert "a proposal: a clinician decides" in said
    assert "heel_slide" in said
    assert "With a physiotherapist: 3 to 5 times a week." in said
    assert "callotasis evidence rehabilitation.sessions_distraction" in said
    assert "Sheet" not in said


def test_a_sheet_is_written_where_it_shall_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "sheet.pdf"
    only = ["balance", "cycling"]
    run_exercises(
        "tibia", "loading", "ring", "L", out, only=only, case="Dora", paper="us-letter"
    )
    text = " ".join(pages_of(out))
    assert "LEFT LOWER LEG" in text
    assert "1. Stand on one leg" in text
    assert "DRAFT" in text
    assert f"Sheet, a draft: {out}" in capsys.readouterr().out


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    run_exercises("tibia", "latency", "hexapod", "L", json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["sheet"] is None
    assert found["programme"]["phase"] == "latency"
    assert found["programme"]["exercises"][0]["name"] == "ankle_pump"
    assert found["doses"]["knee_towel"]["minutes"] == [10, 10]
    assert "rehabilitation.long_stretch" in found["doses"]["knee_towel"]["evidence"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("hip", "distraction", "nail", "R"), "bone is 'hip'; allowed are femur, tib"),
        (("femur", "later", "nail", "R"), "phase is 'later'; allowed are planned"),
        (("femur", "loading", "plate", "R"), "device is 'plate'; allowed are nail"),
        (("femur", "loading", "nail", "right"), "side is 'right'; allowed are R, L"),
    ],
)
def test_an_unknown_word_is_refused(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        run_exercises(*words)


def test_nothing_is_written_for_an_exercise_that_does_not_suit(tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    with pytest.raises(Refusal, match="'balance' is not in the programme"):
        run_exercises("femur", "distraction", "nail", "R", out, only=["balance"])
    assert not out.exists()
