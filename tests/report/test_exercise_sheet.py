"""The exercise sheet: what it says, to whom, and what it does not promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from callotasis import NOTICE, __version__
from callotasis.distraction import Phase
from callotasis.errors import PlanRefusal
from callotasis.fixation.catalogue import Kind
from callotasis.pose import Bone, Side
from callotasis.rehabilitation import every_exercise, programme
from callotasis.report.exercise_sheet import (
    AT_ONCE,
    SAME_DAY,
    WHY,
    ExerciseSheetOrder,
    exercise_sheet,
    sheet_content,
)
from dora import CASE
from looks import pages_of, paper_of
from reading import grade

SIGNED = "signed by Ben on 20 January 2027"
CALL = "Ward 3, 0123 456"
PROGRAMME = programme(Bone.FEMUR, Phase.DISTRACTION, Kind.NAIL)


def order(**changed: Any) -> ExerciseSheetOrder:
    """Order a sheet of three exercises for Dora's right femur."""
    usual: dict[str, Any] = {
        "programme": PROGRAMME,
        "side": Side.RIGHT,
        "made_on": date(2027, 1, 20),
        "case": CASE,
        "call": CALL,
        "chosen": ("knee_towel", "ankle_pump", "heel_slide"),
    }
    return ExerciseSheetOrder(**{**usual, **changed})


def printed(folder: Path, asked: ExerciseSheetOrder) -> list[str]:
    """Print a sheet and read its pages."""
    path = folder / "exercises.pdf"
    path.write_bytes(exercise_sheet(asked))
    return pages_of(path)


def test_the_sheet_says_whose_leg_what_and_when_to_stop(tmp_path: Path) -> None:
    text = " ".join(printed(tmp_path, order(signed=SIGNED)))
    for words in (
        *("RIGHT THIGH", CASE, SIGNED, NOTICE, f"Callotasis {__version__}"),
        f"Stop and call {CALL} the same day:",
        "while the leg grows longer",
        "1. Straight knee, heel on a towel",
        "2. Ankle pumps",
        "3. Heel slides",
        "Your team suggests: Hold for 20 to 30 seconds. 3 to 5 times.",
        "Stop if your toes will not pull up any more, or go numb.",
        "20 January 2027",
    ):
        assert words in text
    assert "DRAFT" not in text


def test_nobody_trains_by_a_draft(tmp_path: Path) -> None:
    text = " ".join(printed(tmp_path, order()))
    assert "DRAFT" in text
    assert "Nobody has signed this sheet. Do not train by it." in text
    assert "Your team suggests" not in text
    assert text.count("For your team to decide:") == 4


def test_every_number_is_a_suggestion_of_the_team_and_has_its_source() -> None:
    content = sheet_content(order(signed=SIGNED))
    assert content["says"] == "Your team suggests:"
    sources = " ".join(content["sources"])  # type: ignore[arg-type]
    for words in (
        "read in abstract: ",
        "proposal: ",
        "from knowledge: ",
        "stretch_hold",
        "home_repetitions",
    ):
        assert words in sources


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("bone", Bone)
def test_what_a_patient_reads_is_easy_and_holds_no_number_but_the_dose(
    bone: Bone, phase: Phase
) -> None:
    found = programme(bone, phase, Kind.NAIL)
    content = sheet_content(order(programme=found, chosen=()))
    parts = [content["why"], *SAME_DAY, *AT_ONCE]
    parts += [t for k in ("before", "rest", "walking", "avoid") for t in content[k]]  # type: ignore[attr-defined]
    text = " ".join(map(str, parts))
    assert grade(text) <= 6.5
    assert not any(letter.isdigit() for letter in text)
    assert grade(WHY[phase]) <= 6.5


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))]
)
def test_the_longest_programme_is_printed_in_full(
    tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    found = programme(Bone.FEMUR, Phase.CONSOLIDATION, Kind.NAIL)
    pages = printed(
        tmp_path, order(programme=found, chosen=(), paper=paper, side=Side.LEFT)
    )
    assert paper_of(tmp_path / "exercises.pdf") == size
    text = " ".join(pages)
    for number, exercise in enumerate(found.exercises, start=1):
        assert f"{number}. {exercise.title}" in text
        assert exercise.stop_when in text
    for number, page in enumerate(pages, start=1):
        assert "LEFT THIGH" in page
        assert f"{number} of {len(pages)}" in page
        assert NOTICE in page


def test_no_exercise_runs_over_the_foot_of_a_page(tmp_path: Path) -> None:
    pymupdf = pytest.importorskip("pymupdf", reason="python -m pip install pymupdf")
    with pymupdf.open(stream=exercise_sheet(order(chosen=())), filetype="pdf") as pdf:
        for page in pdf:
            (foot,) = page.search_for(NOTICE)
            pictures = [page.get_image_bbox(i) for i in page.get_images(full=True)]
            assert all(box.y1 < foot.y0 for box in pictures)
            assert all(box.x0 >= 30 for box in pictures)


def test_what_is_not_known_is_left_open(tmp_path: Path) -> None:
    text = " ".join(printed(tmp_path, order(case="", call="")))
    assert "Stop and call ____" in text
    assert "Weight on this leg (only your team writes here)" in text
    assert "no name" in text
    with_load = order(loading="20 kg, Ada, 20 January")
    assert "Weight on this leg: 20 kg, Ada" in " ".join(printed(tmp_path, with_load))


def test_a_name_that_is_markup_is_printed_as_it_is(tmp_path: Path) -> None:
    hostile = "#x *Dora* $y$ <z>"
    text = " ".join(printed(tmp_path, order(case=hostile, call=hostile)))
    assert text.count(hostile) >= 3


def test_an_exercise_outside_the_programme_is_refused() -> None:
    with pytest.raises(
        PlanRefusal, match="'balance' is not in the programme of a femur in distraction"
    ):
        order(chosen=("balance",))


def test_a_signed_sheet_says_whom_to_call() -> None:
    with pytest.raises(PlanRefusal, match="call is empty"):
        order(signed=SIGNED, call=" ")


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(PlanRefusal, match="paper 'a5' is unknown"):
        order(paper="a5")


def test_an_exercise_that_is_asked_for_twice_is_printed_once() -> None:
    twice = replace(order(), chosen=("heel_slide", "heel_slide"))
    assert twice.exercises == (every_exercise()["heel_slide"],)


def test_the_same_order_gives_the_same_sheet() -> None:
    assert exercise_sheet(order()) == exercise_sheet(order())
