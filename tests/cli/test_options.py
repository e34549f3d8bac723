"""Options that several commands share: said once, with unit and help, and heeded."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import TypeAdapter

from callotasis.alignment import LateralMeasurement
from callotasis.cli import app, options
from callotasis.cli.measure import film_notes
from callotasis.radiograph import FilmNotes
from callotasis.radiograph.phantom import FilmSpec, View, make_film, reader_clicks
from commands import callotasis, printed, refused
from small_films import (
    KNOWN,
    LATERAL_POINTS,
    SmallFilm,
    frontal_on,
    lateral_on,
)

SHARED = {
    name: option
    for name, option in vars(options).items()
    if name[0].isupper() and hasattr(option, "__metadata__")
}
MEASURED_IN = {
    "BallMm": "[mm]",
    "SourceMm": "[mm]",
    "BeamCentre": "[px]",
    "Depth": "[mm]",
    "Flexion": "[deg]",
    "Block": "[mm]",
    "KnownLengths": "[mm, px]",
    "Rotation": "[deg]",
    "Torsion": "[deg]",
}


def _help(option: Any) -> str:
    said: str | None = get_args(option)[1].help
    assert said is not None
    return said


def _commands(of: typer.Typer, before: str = "") -> dict[str, Callable[..., Any]]:
    """Every command of an app and of its groups, by the words that call it."""
    found = {
        f"{before}{command.name or command.callback.__name__}": command.callback
        for command in of.registered_commands
        if command.callback is not None
    }
    for group in of.registered_groups:
        if group.typer_instance is not None:
            found |= _commands(group.typer_instance, f"{before}{group.name} ")
    return found


COMMANDS = _commands(app.app)


def _of(command: str) -> dict[str, Any]:
    """Annotation of every parameter of a command."""
    return inspect.get_annotations(COMMANDS[command], eval_str=True)


@pytest.mark.parametrize("name", SHARED)
def test_an_option_says_in_a_sentence_what_it_is(name: str) -> None:
    said = _help(SHARED[name])
    assert said[0].isupper()
    assert said.endswith(".")


@pytest.mark.parametrize("name", MEASURED_IN)
def test_an_option_with_a_unit_says_it(name: str) -> None:
    assert MEASURED_IN[name] in _help(SHARED[name])


@pytest.mark.parametrize("width", ["60", "80", "200"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_loses_a_unit_or_any_other_word(
    command: str, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    outcome = callotasis(*command.split(), "--help")
    said = "".join(outcome.out.split())
    assert outcome.code == 0
    for name, kind in _of(command).items():
        if hasattr(kind, "__metadata__"):
            assert "".join(_help(kind).split()) in said, name
    assert "\\" not in said
    assert "…" not in said


def test_units_are_there_to_be_lost() -> None:
    said = [
        _help(kind)
        for command in COMMANDS
        for kind in _of(command).values()
        if hasattr(kind, "__metadata__")
    ]
    for unit in ("[mm]", "[years]", "[mm/day]", "[days]", "[deg]", "[px]", "[mm, px]"):
        assert any(unit in words for words in said)


@pytest.mark.parametrize("words", [(), ("film",), ("case",), ("frame",)], ids=str)
def test_every_list_of_commands_says_all_of_what_each_does(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = callotasis(*words, "--help").out.partition("Commands:")[2]
    assert said
    assert "..." not in said


@pytest.mark.parametrize("name", SHARED)
def test_an_option_of_this_module_belongs_to_some_command(name: str) -> None:
    taken = [kind for command in COMMANDS for kind in _of(command).values()]
    assert SHARED[name] in taken


def test_a_film_is_described_in_the_same_words_measured_marked_and_kept() -> None:
    words = {*inspect.signature(film_notes).parameters}
    measured = _of("measure")
    assert words <= {*measured}
    for command in ("case add", "landmarks"):
        other = _of(command)
        assert {w: measured[w] for w in words} == {w: other[w] for w in words}


def test_every_note_about_a_film_can_be_said_on_the_command_line() -> None:
    unsaid = film_notes(**_nothing_said())
    assert unsaid == FilmNotes()
    words = {
        "beam_centre_px": "beam_centre",
        "depth_mm": "depth",
        "knee_flexion_deg": "knee_flexion",
        "block_mm": "block",
        "lengths": "known_length",
        "rotation_deg": "rotation",
        "torsion_deg": "torsion",
    }
    named = {words.get(note.name, note.name) for note in fields(FilmNotes)}
    assert named == {*inspect.signature(film_notes).parameters}


def _nothing_said() -> dict[str, Any]:
    given = inspect.signature(COMMANDS["measure"]).parameters
    return {
        name: given[name].default for name in inspect.signature(film_notes).parameters
    }


@pytest.mark.parametrize("command", ["measure", "case add", "landmarks"])
def test_help_names_every_option_of_a_film(command: str) -> None:
    said = callotasis(*command.split(), "--help").out
    for flag in FLAGS:
        assert flag in said


FLAGS = (
    "--ball-mm",
    "--depth",
    "--known-length",
    "--true-scale",
    "--rotation",
    "--torsion",
)


# Films from the side, and torsion from a CT.

SCALE = ("--magnification", 1.1, "--magnification-sd", 0.02)
FEW = ("--worlds", 100, "--json")


@pytest.fixture(scope="module")
def shin(tmp_path_factory: pytest.TempPathFactory) -> SmallFilm:
    return lateral_on(tmp_path_factory.mktemp("shin"))


@pytest.fixture(scope="module")
def legs(tmp_path_factory: pytest.TempPathFactory) -> SmallFilm:
    return frontal_on(tmp_path_factory.mktemp("legs"))


def _words(files: SmallFilm) -> tuple[object, ...]:
    return ("measure", files.film, "--landmarks", files.landmarks)


def test_a_lateral_film_is_one_document(shin: SmallFilm) -> None:
    found = printed(*_words(shin), *SCALE, *FEW)
    assert [*found] == [
        *("view", "definition", "scale", "mm_per_px", "sides"),
        *("not_measured", "findings"),
    ]
    assert found["view"] == "lateral tibia"
    assert found["scale"] == "magnification"
    assert found["mm_per_px"]["value"] == pytest.approx(1.5 / 1.1, abs=0.005)
    assert {*found["sides"]} == {"R"}
    assert {*found["sides"]["R"]} == {
        *("ppta_deg", "adta_deg", "bow_mm", "bow_radius_mm")
    }
    assert found["not_measured"] == ["frontal plane", "torsion", "lengths of the leg"]
    for interval in found["sides"]["R"].values():
        assert interval["low"] < interval["value"] < interval["high"]
        assert interval["value"] == round(interval["value"], 2)
    read = TypeAdapter(LateralMeasurement).validate_python(found)
    assert read.view is View.LATERAL_TIBIA


def test_without_a_scale_a_lateral_film_has_angles_only(shin: SmallFilm) -> None:
    found = printed(*_words(shin), *FEW)
    assert found["scale"] == "none"
    assert found["mm_per_px"] is None
    assert {*found["sides"]["R"]} == {"ppta_deg", "adta_deg"}
    assert "R.bow_mm" in found["not_measured"]
    assert "film.no_scale" in {f["key"] for f in found["findings"]}


def test_people_get_a_table_with_words_and_units(shin: SmallFilm) -> None:
    outcome = callotasis(*_words(shin), *SCALE)
    assert outcome.code == 0
    assert "Measured on a lateral tibia film" in outcome.out
    assert "Posterior proximal tibial angle" in outcome.out
    assert "°" in outcome.out
    assert " mm" in outcome.out
    assert "Not measured: frontal plane, torsion" in outcome.out
    bare = callotasis(*_words(shin)).out
    assert "not measured" in bare
    assert "The film has no scale" in bare


def test_landmarks_of_a_lateral_film_are_not_refined(shin: SmallFilm) -> None:
    assert "--refine is for frontal films" in refused(*_words(shin), "--refine")


def test_film_and_landmarks_of_two_views_are_refused(
    shin: SmallFilm, legs: SmallFilm
) -> None:
    crossed = ("measure", shin.film, "--landmarks", legs.landmarks)
    assert "says lateral" in refused(*crossed)
    crossed = ("measure", legs.film, "--landmarks", shin.landmarks)
    assert "columns run from one side" in refused(*crossed)


def test_a_landmark_file_that_cannot_be_is_refused(tmp_path: Path) -> None:
    both: dict[str, Any] = deepcopy(LATERAL_POINTS)
    both["L"] = both["R"]
    files = lateral_on(tmp_path, 1, both)
    assert "shows one leg; the file holds 2" in refused(*_words(files))


def test_torsion_from_a_ct_is_part_of_the_document(legs: SmallFilm) -> None:
    words = ("--torsion", "R.tibia=30", "--torsion", "L.femur=-12")
    found = printed(*_words(legs), *KNOWN, *FEW, *words)
    assert {*found["torsion_deg"]} == {"R.tibia", "L.femur"}
    tibia = found["torsion_deg"]["R.tibia"]
    assert tibia["value"] == 30
    assert tibia["low"] < 30 < tibia["high"]
    assert found["torsion_deg"]["L.femur"]["value"] == -12
    assert {"torsion of R.femur", "torsion of L.tibia"} <= {*found["not_measured"]}
    assert "torsion of R.tibia" not in found["not_measured"]
    assert "torsion" not in found["not_measured"]
    said = callotasis(*_words(legs), *KNOWN, *words).out
    assert "Torsion of the right tibia, from CT: 30.0°" in said


def test_nobody_typed_a_torsion(legs: SmallFilm) -> None:
    found = printed(*_words(legs), *KNOWN, *FEW)
    assert found["torsion_deg"] == {}
    assert "torsion" in found["not_measured"]


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("R.foot=3", "segment 'R.foot' is unknown"),
        ("R.tibia=95", "torsion of R.tibia is 95°; allowed is -90 to 90°"),
        ("R.tibia", "needed is NAME=VALUE"),
        ("R.tibia=much", "a number is needed"),
    ],
)
def test_a_torsion_that_cannot_be_is_refused(
    legs: SmallFilm, word: str, why: str
) -> None:
    assert why in refused(*_words(legs), *KNOWN, "--torsion", word)


@pytest.mark.slow
@pytest.mark.parametrize("view", [View.LATERAL_FEMUR, View.LATERAL_TIBIA])
def test_a_synthetic_film_from_the_side_is_measured_as_it_is(
    tmp_path: Path, view: View
) -> None:
    made = make_film(FilmSpec(view=view, lateral_of="L", pitch_mm=0.5, seed=11))
    files = SmallFilm(tmp_path / "film.dcm", tmp_path / "film.json")
    files.film.write_bytes(made.dicom)
    files.landmarks.write_text(json.dumps(reader_clicks(made, 5).as_json()), "utf-8")
    found = printed(*_words(files), "--ball-mm", 25, "--json")
    assert found["view"] == view
    assert found["scale"] == "ball"
    truth = made.truth["sides"]["L"]
    known = {n: truth[n] for n in found["sides"]["L"] if n in truth}
    assert len(known) >= 2
    for name, true in known.items():
        interval = found["sides"]["L"][name]
        assert interval["low"] < true < interval["high"], name
