"""``callotasis compare``: two films of a case, as a table and as a document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from callotasis.alignment.frontal import QUANTITIES
from callotasis.case_films import Comparison, add_film
from callotasis.record import CaseFolder
from commands import callotasis, printed, refused
from dora import everything_in
from small_films import NOTES, SHRUNK, frontal_on, frontal_points, lateral_on

LONGER_MM = 60.0
PITCH_MM = 0.5 * SHRUNK


def _longer() -> dict[str, Any]:
    """The points of a film on which the right femur is longer."""
    points = frontal_points()
    for name in ("hip_centre", "troch_tip"):
        points["R"][name][1] -= LONGER_MM * 1.05 / PITCH_MM
    return points


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """A case of two films; the right femur is longer on the later one."""
    folder = tmp_path_factory.mktemp("compared")
    case = CaseFolder.create(folder / "case", "Dora (synthetic)", "Ada")
    for seed, points in ((1, frontal_points()), (2, _longer())):
        files = frontal_on(folder, seed, points)
        add_film(case, files.film, files.landmarks, NOTES, "Ada")
    return case


@pytest.fixture(scope="module")
def document(opened: CaseFolder) -> dict[str, Any]:
    found: dict[str, Any] = printed("compare", opened.path, "--ruler", "L", "--json")
    return found


def test_a_comparison_is_one_document(
    opened: CaseFolder, document: dict[str, Any]
) -> None:
    assert set(document) == {"earlier", "later", "changes", "together"}
    films = [e.id for e in opened.case().of_kind("film")]
    assert [document["earlier"], document["later"]] == films
    changes = document["changes"]
    assert set(changes) == {
        *("ruler", "ruler_seemed", "sides", "discrepancy_mm", "findings")
    }
    assert changes["ruler"] == "L"
    assert {f["key"] for f in changes["findings"]} == {"changes.ruler"}
    assert document["together"] == {}


def test_the_document_is_what_its_type_says(document: dict[str, Any]) -> None:
    read = TypeAdapter(Comparison).validate_python(document)
    assert read.changes.discrepancy_mm is not None


def test_a_change_has_interval_reality_and_what_would_show(
    document: dict[str, Any],
) -> None:
    femur = document["changes"]["sides"]["R"]["femur_length_mm"]
    assert set(femur) == {*("value", "low", "high", "level", "detectable", "reality")}
    assert femur["low"] < LONGER_MM < femur["high"]
    assert femur["reality"] == "real"
    assert document["changes"]["sides"]["R"]["tibia_length_mm"]["reality"] == (
        "not shown"
    )
    assert document["changes"]["discrepancy_mm"]["reality"] == "real"


def test_the_table_shows_every_quantity_with_a_star_where_it_is_real(
    opened: CaseFolder,
) -> None:
    outcome = callotasis("compare", opened.path, "--ruler", "L")
    assert outcome.code == 0
    assert outcome.err == ""
    assert "Later minus earlier (95 % intervals)" in outcome.out
    lines = {q.name: _line(outcome.out, q.words) for q in QUANTITIES}
    assert " *" in lines["femur_length_mm"]
    assert "*" not in lines["tibia_length_mm"]
    assert "°" in lines["mldfa_deg"]
    assert re.search(r"right minus left, changed by \+5\d\.\d mm .* \*", outcome.out)
    assert "The left leg, the ruler, seemed 1.000 times as long" in outcome.out
    assert "the left leg is taken as unchanged" in outcome.out.lower()
    assert "From both films" not in outcome.out


def _line(out: str, words: str) -> str:
    (line,) = (line for line in out.splitlines() if line.startswith(words))
    return line


def test_without_a_ruler_nothing_is_said_of_one(opened: CaseFolder) -> None:
    out = callotasis("compare", opened.path).out
    assert "ruler" not in out
    assert "Discrepancy" in out


def test_films_between_which_nothing_changed_give_lengths_together(
    opened: CaseFolder,
) -> None:
    out = callotasis("compare", opened.path, "--unchanged").out
    for words in ("right femur length", "left tibia length", "left leg length"):
        assert f"From both films, {words}: " in out
    found = printed("compare", opened.path, "--unchanged", "--json")
    assert set(found["together"]) == {"R", "L"}


def test_films_are_named_and_may_be_turned_round(opened: CaseFolder) -> None:
    first, second = (e.id for e in opened.case().of_kind("film"))
    words = ("--earlier", second, "--later", first, "--json")
    found = printed("compare", opened.path, *words)
    assert (found["earlier"], found["later"]) == (second, first)
    assert found["changes"]["sides"]["R"]["femur_length_mm"]["value"] < -50


def test_two_runs_print_the_same_and_write_nothing(opened: CaseFolder) -> None:
    before = everything_in(opened.path)
    once, again = (callotasis("compare", opened.path, "--json") for _ in range(2))
    assert once == again
    assert everything_in(opened.path) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--ruler", "M"), "ruler is 'M'; allowed are R and L"),
        (("--earlier", "nobody"), "'nobody' is the start of 0 ids of films"),
    ],
)
def test_what_fits_no_film_and_no_leg_is_refused(
    opened: CaseFolder, words: tuple[str, str], why: str
) -> None:
    assert why in refused("compare", opened.path, *words)


def test_one_frontal_film_is_not_enough(tmp_path: Path) -> None:
    case = CaseFolder.create(tmp_path / "case", "Dora (synthetic)", "Ada")
    for files in (frontal_on(tmp_path), lateral_on(tmp_path)):
        add_film(case, files.film, files.landmarks, NOTES, "Ada")
    assert "comparing needs two" in refused("compare", case.path)
    assert "is no case folder" in refused("compare", tmp_path)
