"""``callotasis film``: make a synthetic film, or say what a film is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callotasis.radiograph import read_film, read_landmarks
from callotasis.radiograph.phantom import FilmSpec
from commands import callotasis, printed, refused
from darkroom import as_bytes, dicom, picture
from dora import Files, everything_in

SMALL = {"pitch_mm": 1.0, "height_scale": 0.75, "seed": 3}

Document = dict[str, Any]
Make = Callable[..., tuple[object, ...]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Words of a command that makes a film from this specification."""

    def words(specification: object, **paths: Path) -> tuple[object, ...]:
        spec = tmp_path / "spec.json"
        spec.write_text(json.dumps(specification), "utf-8")
        out = paths.get("out", tmp_path / "made" / "film.dcm")
        truth = paths.get("truth", tmp_path / "made" / "truth.json")
        return ("film", "make", "--spec", spec, "--out", out, "--truth", truth)

    return words


# make


def test_a_film_is_made_with_its_truth_and_landmarks(
    make: Make, tmp_path: Path
) -> None:
    landmarks = tmp_path / "made" / "landmarks.json"
    outcome = callotasis(*make(SMALL), "--landmarks", landmarks)
    assert (outcome.code, outcome.err) == (0, "")
    assert "SYNTHETIC film written to" in outcome.out
    film = read_film(tmp_path / "made" / "film.dcm")
    truth = json.loads((tmp_path / "made" / "truth.json").read_text("utf-8"))
    assert film.synthetic
    assert truth["synthetic"] is True
    assert film.spacing_mm is not None
    assert truth["pixel_pitch_mm"] == SMALL["pitch_mm"] == film.spacing_mm[0]
    clicked = read_landmarks(landmarks).as_json()
    assert {*clicked} == {"R", "L"}
    for side in clicked:
        for name, point in clicked[side].items():
            exact = truth["landmarks"][side][name]
            assert np.hypot(*np.subtract(point, exact)) < 15


def test_a_film_is_made_without_landmarks_where_nobody_asks(
    make: Make, tmp_path: Path
) -> None:
    assert callotasis(*make(SMALL)).code == 0
    assert {p.name for p in (tmp_path / "made").iterdir()} == {"film.dcm", "truth.json"}


def test_the_same_specification_makes_the_same_film(make: Make, tmp_path: Path) -> None:
    landmarks = ("--landmarks", tmp_path / "made" / "landmarks.json")
    once, again = (
        (callotasis(*make(SMALL), *landmarks), everything_in(tmp_path / "made"))
        for _ in range(2)
    )
    assert once == again


def test_a_made_film_is_measured_by_its_own_landmarks(
    make: Make, tmp_path: Path
) -> None:
    landmarks = tmp_path / "made" / "landmarks.json"
    specification = {**SMALL, "shortening_mm": {"L.tibia": 20.0}, "pitch_mm": 0.5}
    assert callotasis(*make(specification), "--landmarks", landmarks).code == 0
    film = tmp_path / "made" / "film.dcm"
    found = printed(
        "measure", film, "--landmarks", landmarks, "--ball-mm", 25, "--json"
    )
    truth = json.loads((tmp_path / "made" / "truth.json").read_text("utf-8"))
    difference = found["discrepancy_mm"]
    assert difference["low"] < truth["discrepancy_mm"] < difference["high"]
    assert difference["longer"] == "R"


@pytest.mark.parametrize(
    ("specification", "why"),
    [
        ({"pitch_mm": 9}, "pitch_mm is 9.0; allowed is 0.1 to 1"),
        ({"pitch_mm": "fine"}, "pitch_mm: "),
        ({"ball_mm": 1}, "ball_mm is 1.0; allowed is 5 to 60"),
        ({"shortening_mm": {"R.arm": 5}}, "R.arm"),
        ({"shortening_mm": {"R.femur": 500}}, "shortening_mm of R.femur is 500"),
        (
            {"bend": {"R.femur": {"varus_deg": 60}}},
            "bend of R.femur: varus_deg is 60.0; allowed is -30 to 30",
        ),
        ({"bend": {"R.femur": 10}}, "bend.R.femur"),
        ({"height_scale": float("nan")}, "height_scale is nan"),
        ({"height_scale": 10**400}, "height_scale"),
        ({"seed": -1}, "seed"),
        ({"seed": 10**400}, "seed"),
        ({"seed": 1.5}, "seed: "),
        ({"colour": "red"}, "colour: "),
        ([], "film specification: "),
        ("film", "film specification: "),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_specification_is_refused_and_nothing_is_written(
    make: Make, tmp_path: Path, specification: object, why: str
) -> None:
    assert why in refused(*make(specification))
    assert not (tmp_path / "made").exists()


def test_a_specification_that_is_no_json_is_refused(make: Make, tmp_path: Path) -> None:
    words = make({})
    (tmp_path / "spec.json").write_text("{", "utf-8")
    assert "spec.json is no JSON" in refused(*words)
    (tmp_path / "spec.json").unlink()
    assert "spec.json cannot be read" in refused(*words)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("which", ["out", "truth"])
def test_a_film_that_cannot_be_written_whole_is_not_written_at_all(
    make: Make, tmp_path: Path, which: str
) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Ada,", "utf-8")
    assert "cannot be written" in refused(*make(SMALL, **{which: letter / "file"}))
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"letter", "spec.json"}


def test_the_schema_of_a_specification_knows_every_field() -> None:
    known = printed("schema", "film-spec")["properties"]
    assert {*known} == {field.name for field in fields(FilmSpec)}


# info


def test_what_a_film_is_is_one_document(dora_files: Files) -> None:
    film = read_film(dora_files.film)
    found = printed("film", "info", dora_files.film, "--json")
    assert found["kind"] == "DICOM DX"
    assert (found["rows"], found["columns"]) == film.pixels.shape
    assert found["pixel_pitch_mm"] == [0.5, 0.5]
    assert found["source_mm"] == 2600.0
    assert found["patient_right_on_left"] is True
    assert found["synthetic"] is True
    assert found["sha256"] == film.sha256
    assert "ball" in found["can_be_calibrated_by"]


@pytest.mark.parametrize("pitch", [0.139, 0.1434, 0.2])
def test_the_pixel_pitch_is_not_rounded_away(tmp_path: Path, pitch: float) -> None:
    film = tmp_path / "film.dcm"
    film.write_bytes(as_bytes(dicom(ImagerPixelSpacing=[pitch, pitch])))
    found = printed("film", "info", film, "--json")
    assert found["pixel_pitch_mm"] == [pitch, pitch]


def test_a_picture_without_spacing_is_calibrated_by_something_of_known_size(
    tmp_path: Path,
) -> None:
    film = tmp_path / "film.png"
    grey = np.linspace(0, 255, 100 * 100).reshape(100, 100).astype(np.uint8)
    film.write_bytes(picture(grey, "PNG"))
    found = printed("film", "info", film, "--json")
    assert found["kind"] == "PNG"
    assert found["pixel_pitch_mm"] is None
    assert found["source_mm"] is None
    assert found["patient_right_on_left"] is None
    assert found["can_be_calibrated_by"] == ["ball", "known length"]
    assert "film.no_spacing" in {f["key"] for f in found["findings"]}


def test_people_read_what_a_film_is(dora_files: Files) -> None:
    outcome = callotasis("film", "info", dora_files.film)
    assert (outcome.code, outcome.err) == (0, "")
    for said in ("kind: DICOM DX", "synthetic: ", "pixel pitch mm: ", "sha256: "):
        assert said in outcome.out


@pytest.mark.parametrize("data", [b"", b"Dear Ada,", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_film_is_refused(tmp_path: Path, data: bytes) -> None:
    film = tmp_path / "letter"
    film.write_bytes(data)
    assert "letter" in refused("film", "info", film, "--json")
