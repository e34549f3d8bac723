"""``callotasis measure``: for machines, for people, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydantic import TypeAdapter

from callotasis.alignment import Measurement
from callotasis.alignment.frontal import EXTRAS, QUANTITIES
from callotasis.radiograph import read_film
from commands import callotasis, printed, refused
from darkroom import as_bytes, dicom, disc, picture
from dora import Files, clicks, everything_in, made

QUANTITIES_OF_A_LEG = {
    "femur_length_mm",
    "tibia_length_mm",
    "leg_length_mm",
    "mldfa_deg",
    "mpta_deg",
    "jlca_deg",
    "mldta_deg",
    "hka_deviation_deg",
    "mad_mm",
}
KNOWN = ("--ball-mm", 25, "--patella-forward", "--knee-flexion", 0, "--block", "R=30")
FEW = ("--worlds", 50)

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(dora_files: Files) -> Document:
    """What is printed for Dora's film."""
    found: Document = printed(*measuring(dora_files), *KNOWN, "--json")
    return found


def measuring(files: Files) -> tuple[object, ...]:
    """Words of a command that measures these files."""
    return ("measure", files.film, "--landmarks", files.landmarks)


def intervals_in(found: Any) -> list[Document]:
    """Every interval of a document."""
    if isinstance(found, dict):
        if {"value", "low", "high", "level"} <= {*found}:
            return [found]
        return [i for v in found.values() for i in intervals_in(v)]
    if isinstance(found, list):
        return [i for v in found for i in intervals_in(v)]
    return []


def numbers_in(found: Any) -> list[float]:
    """Every bare number of a document."""
    if isinstance(found, dict):
        return [n for v in found.values() for n in numbers_in(v)]
    if isinstance(found, list):
        return [n for v in found for n in numbers_in(v)]
    return [found] if isinstance(found, float) else []


# One document.


def test_a_measurement_is_one_document_with_the_keys_of_the_contract(
    document: Document,
) -> None:
    assert {
        "definition",
        "scale",
        "sides",
        "discrepancy_mm",
        "not_measured",
        "findings",
    } <= {*document}
    assert {*document["scale"]} == {"method", "mm_per_px"}
    assert {*document["sides"]} == {"R", "L"}
    for side in document["sides"].values():
        known = {q.name for q in (*QUANTITIES, *EXTRAS)}
        assert QUANTITIES_OF_A_LEG <= {*side} <= known
    assert {*document["discrepancy_mm"]} == {"value", "low", "high", "level", "longer"}
    assert document["discrepancy_mm"]["longer"] == "L"
    assert document["scale"]["method"] == "ball"
    assert "hip centre to knee centre" in document["definition"]


def test_nothing_but_the_document_is_printed(dora_files: Files) -> None:
    outcome = callotasis(*measuring(dora_files), *KNOWN, *FEW, "--json")
    assert outcome.err == ""
    assert outcome.out.startswith("{\n")
    assert outcome.out.endswith("\n}\n")


def test_every_number_is_an_interval_or_a_share_of_the_worlds(
    document: Document,
) -> None:
    found = intervals_in(document)
    assert len(found) > 25
    kinds = [knee["share"] for knee in document["cpak"].values()]
    for kind in kinds:
        assert sum(kind.values()) == pytest.approx(1, abs=0.01)
    assert len(numbers_in(document)) == 4 * len(found) + len(numbers_in(kinds))
    for interval in found:
        assert interval["low"] <= interval["value"] <= interval["high"]
        assert interval["level"] == 0.95


def test_lengths_and_angles_have_two_digits(document: Document) -> None:
    for side in document["sides"].values():
        for interval in side.values():
            for number in (interval["value"], interval["low"], interval["high"]):
                assert number == round(number, 2)


def test_two_runs_print_the_same_to_the_last_byte(dora_files: Files) -> None:
    once, again = (
        callotasis(*measuring(dora_files), *KNOWN, *FEW, "--json").out for _ in range(2)
    )
    assert once == again


def test_another_seed_moves_the_intervals_and_not_the_values(dora_files: Files) -> None:
    one, other = (
        printed(*measuring(dora_files), *KNOWN, *FEW, "--json", "--seed", seed)
        for seed in (1, 2)
    )
    for a, b in zip(intervals_in(one), intervals_in(other), strict=True):
        assert a["value"] == b["value"]
    assert one != other


def test_the_truth_of_the_film_lies_in_the_intervals(document: Document) -> None:
    truth = made().truth
    found = document["discrepancy_mm"]
    assert found["low"] < truth["discrepancy_mm"] < found["high"]
    inside = [
        interval["low"] <= truth["sides"][side][name] <= interval["high"]
        for side, quantities in document["sides"].items()
        for name, interval in quantities.items()
        if name in truth["sides"][side]
    ]
    assert len(inside) > 15
    assert np.mean(inside) >= 0.9


def test_the_document_is_what_its_type_says(document: Document) -> None:
    read = TypeAdapter(Measurement).validate_python(document)
    assert read.discrepancy_mm is not None
    assert read.discrepancy_mm.value == document["discrepancy_mm"]["value"]


def test_findings_carry_level_sentence_and_what_to_do(document: Document) -> None:
    assert document["findings"]
    for finding in document["findings"]:
        assert finding["level"] in {"note", "caution", "stop"}
        assert finding["sentence"].endswith(".")
        assert finding["action"].endswith(".")


def test_what_is_not_measured_is_named(document: Document) -> None:
    assert {"sagittal plane", "torsion"} <= {*document["not_measured"]}


# What gives the scale.


def test_without_a_scale_angles_are_printed_and_lengths_are_not(
    dora_files: Files,
) -> None:
    found = printed(*measuring(dora_files), *FEW, "--json")
    assert found["scale"] == {"method": "none", "mm_per_px": None}
    assert found["discrepancy_mm"] is None
    for side in found["sides"].values():
        assert side
        assert all(name.endswith("_deg") for name in side)
    assert "film.no_scale" in {f["key"] for f in found["findings"]}
    assert {"scale.mm_per_px", "discrepancy_mm", "R.leg_length_mm"} <= {
        *found["not_measured"]
    }
    assert "_mm" not in json.dumps({k: found[k] for k in ("sides", "deformity")})


def _nail() -> list[object]:
    """Words that say how long a nail is that reaches from knee to ankle."""
    truth = made().truth
    leg = truth["landmarks"]["L"]
    ends = [",".join(map(str, leg[f"{j}_centre"])) for j in ("knee", "ankle")]
    length = truth["sides"]["L"]["tibia_length_mm"]
    return ["--known-length", f"{length}:{ends[0]}:{ends[1]}:L.tibia"]


@pytest.mark.parametrize(
    ("options", "method"),
    [
        pytest.param(["--ball-mm", 25], "ball", id="ball"),
        pytest.param(
            ["--magnification", 1.05, "--magnification-sd", 0.01],
            "magnification",
            id="magnification",
        ),
        pytest.param(
            [
                word
                for side in "RL"
                for joint, mm in (("hip", 135), ("knee", 125), ("ankle", 95))
                for word in ("--depth", f"{side}.{joint}={mm}")
            ],
            "depths",
            id="depths",
        ),
        pytest.param(["--true-scale"], "true scale", id="true scale"),
        pytest.param(_nail(), "known length", id="known length"),
        pytest.param([*_nail(), "--ball-mm", 25], "combined", id="combined"),
    ],
)
def test_every_way_of_calibration_agrees_on_the_difference(
    dora_files: Files, options: list[object], method: str
) -> None:
    found = printed(*measuring(dora_files), *options, *FEW, "--json")
    truth = made().truth["discrepancy_mm"]
    assert found["scale"]["method"] == method
    assert found["discrepancy_mm"]["value"] == pytest.approx(truth, abs=3)


def test_what_is_said_about_the_patient_takes_cautions_away(dora_files: Files) -> None:
    unsaid, said = (
        {
            f["key"]
            for f in printed(*measuring(dora_files), "--ball-mm", 25, *words)[
                "findings"
            ]
        }
        for words in ((*FEW, "--json"), (*KNOWN[2:], *FEW, "--json"))
    )
    assert {"film.flexion_unknown", "film.blocks_unknown"} <= unsaid - said


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_measured_by_its_ball(
    dora_files: Files, tmp_path: Path, kind: str
) -> None:
    pixels = np.round(255 * read_film(dora_files.film).pixels).astype(np.uint8)
    film = tmp_path / "film"
    film.write_bytes(picture(pixels, kind))
    found = printed(
        *("measure", film, "--landmarks", dora_files.landmarks, "--ball-mm", 25),
        *FEW,
        "--json",
    )
    truth = made().truth["discrepancy_mm"]
    assert found["scale"]["method"] == "ball"
    assert found["discrepancy_mm"]["low"] < truth < found["discrepancy_mm"]["high"]


# For people.


def test_people_get_tables_sentences_and_findings(
    dora_files: Files, document: Document
) -> None:
    outcome = callotasis(*measuring(dora_files), *KNOWN)
    assert outcome.code == 0
    assert outcome.err == ""
    said = re.search(r"right minus left: (\S+) mm", outcome.out)
    assert said is not None
    difference = document["discrepancy_mm"]["value"]
    assert float(said[1]) == pytest.approx(difference, abs=0.06)
    assert "the left leg is longer" in outcome.out
    for quantity in QUANTITIES:
        assert quantity.words.split()[0] in outcome.out
    text = " ".join(outcome.out.split())
    for finding in document["findings"]:
        assert f"{finding['level']}: {finding['sentence']}" in text


def test_people_are_told_what_was_not_measured(dora_files: Files) -> None:
    outcome = callotasis(*measuring(dora_files), *FEW)
    assert outcome.code == 0
    assert "not measured" in outcome.out
    assert "Discrepancy" not in outcome.out


# Films that are refused.


def truncated(film: bytes) -> bytes:
    return film[:20_000]


def no_dicom(film: bytes) -> bytes:
    return b"Dear Ada, the film is in the post. " * 100


def no_pixels(film: bytes) -> bytes:
    return as_bytes(dicom(PixelData=None))


def colour(film: bytes) -> bytes:
    rainbow = np.zeros((100, 100, 3), np.uint8)
    rainbow[..., 0] = 200
    rainbow[:50, :, 2] = 255
    return picture(rainbow, "PNG")


def empty(film: bytes) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (truncated, "damaged"),
        (no_dicom, "neither DICOM nor PNG nor JPEG"),
        (no_pixels, "has no pixels"),
        (colour, "is a colour picture"),
        (empty, "neither DICOM"),
    ],
)
def test_a_bad_film_is_refused_in_one_line_and_nothing_is_written(
    dora_files: Files, tmp_path: Path, spoil: Callable[[bytes], bytes], why: str
) -> None:
    film = tmp_path / "bad.dcm"
    film.write_bytes(spoil(dora_files.film.read_bytes()))
    before = everything_in(tmp_path)
    said = refused("measure", film, "--landmarks", dora_files.landmarks, *KNOWN)
    assert why in said
    assert "bad.dcm" in said
    assert everything_in(tmp_path) == before


def test_a_film_that_is_not_there_is_refused(dora_files: Files, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.dcm"
    said = refused("measure", nowhere, "--landmarks", dora_files.landmarks)
    assert "nowhere.dcm cannot be read" in said


def with_another_ball(film: bytes, diameter_px: float) -> bytes:
    """Paint one more bright disc beside the left leg."""
    header = pydicom.dcmread(BytesIO(film))
    pixels = header.pixel_array.astype(np.float64)
    size = int(diameter_px) + 40
    top, left = pixels.shape[0] // 3, pixels.shape[1] - size - 20
    place = np.s_[top : top + size, left : left + size]
    metal = disc((size, size), (size / 2, size / 2), (diameter_px, diameter_px))
    around = np.full((size, size), np.quantile(pixels, 0.02))
    pixels[place] = around + (pixels.max() - around) * metal
    header.PixelData = np.round(pixels).astype("<u2").tobytes()
    return as_bytes(header)


def test_two_balls_that_disagree_are_refused(dora_files: Files, tmp_path: Path) -> None:
    film = tmp_path / "two.dcm"
    film.write_bytes(with_another_ball(dora_files.film.read_bytes(), 66.0))
    said = refused("measure", film, "--landmarks", dora_files.landmarks, *KNOWN)
    assert "2 balls disagree" in said


def test_a_ball_that_is_not_on_the_film_is_refused(dora_files: Files) -> None:
    said = refused(*measuring(dora_files), "--ball-mm", 60)
    assert "no ball of 60 mm was found" in said


def test_a_ball_of_another_size_is_refused(dora_files: Files) -> None:
    said = refused(*measuring(dora_files), "--ball-mm", 32)
    assert "check the diameter of the ball" in said


# Landmarks that are refused.


def outside(points: Document) -> Document:
    points["R"]["hip_centre"] = [5000.0, 10.0]
    return points


def swapped(points: Document) -> Document:
    return {"R": points["L"], "L": points["R"]}


def missing(points: Document) -> Document:
    del points["R"]["knee_centre"]
    return points


def upside_down(points: Document) -> Document:
    leg = points["R"]
    leg["hip_centre"], leg["ankle_centre"] = leg["ankle_centre"], leg["hip_centre"]
    return points


def unknown(points: Document) -> Document:
    points["L"]["heel"] = [1.0, 2.0]
    return points


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (outside, "R.hip_centre lies at (5000, 10), outside the film"),
        (swapped, "sides are swapped"),
        (missing, "R.knee_centre is missing"),
        (upside_down, "rows must grow from hip to ankle"),
        (unknown, "landmark L.heel is unknown"),
    ],
)
def test_bad_landmarks_are_refused_in_one_line_and_nothing_is_written(
    dora_files: Files, tmp_path: Path, spoil: Callable[[Document], Document], why: str
) -> None:
    landmarks = tmp_path / "landmarks.json"
    landmarks.write_text(json.dumps(spoil(clicks().as_json())), "utf-8")
    before = everything_in(tmp_path)
    said = refused("measure", dora_files.film, "--landmarks", landmarks, *KNOWN)
    assert why in said
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"R": 1}', "NaN", '"R"'])
def test_a_file_without_landmarks_is_refused(
    dora_files: Files, tmp_path: Path, text: str
) -> None:
    landmarks = tmp_path / "landmarks.json"
    landmarks.write_text(text, "utf-8")
    refused("measure", dora_files.film, "--landmarks", landmarks, "--json")


# Options that are refused.


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--ball-mm", 4], "ball is 4 mm; allowed is 5 to 60 mm"),
        (["--ball-mm", "nan"], "ball is nan mm"),
        (["--magnification", 1.05], "needs its standard deviation"),
        (["--magnification", 3, "--magnification-sd", 0.1], "magnification is 3"),
        (["--source-mm", 10], "source distance is 10 mm"),
        (["--beam-centre", 5], "needed is COLUMN,ROW"),
        (["--beam-centre", "a,b"], "beam centre is 'a'; a number is needed"),
        (["--beam-centre", "inf,1"], "must be finite"),
        (["--beam-centre", "1e9,1"], "beam centre is 1e+09"),
        (["--depth", "R.toe=1"], "joint 'R.toe' is unknown"),
        (["--depth", "R.hip"], "needed is NAME=VALUE"),
        (["--depth", "R.hip=-1"], "depth of R.hip is -1 mm"),
        (["--depth", "R.hip=1", "--depth", "R.hip=2"], "depth names R.hip twice"),
        (["--block", "R=500"], "block under R is 500 mm"),
        (["--block", "foot=5"], "side 'foot' is unknown"),
        (["--knee-flexion", 90], "knee flexion is 90"),
        (["--known-length", "300"], "needed is MM:COLUMN,ROW:COLUMN,ROW:WHERE"),
        (["--known-length", "x:1,1:1,900:beside"], "known length is 'x'"),
        (["--known-length", "300:1,1:1;900:beside"], "needed is COLUMN,ROW"),
        (["--known-length", "300:1,1:1,900:toe"], "the known length lies in 'toe'"),
        (["--known-length", "3000:1,1:1,900:beside"], "known length is 3000 mm"),
        (["--known-length", "300:1,1:1,9000:beside"], "outside the film"),
        (["--known-length", "900:1,1:1,200:beside"], "would be magnified"),
        (["--rotation", "R=90"], "rotation of R is 90°"),
        (["--rotation", "knee=5"], "side 'knee' is unknown"),
        (
            ["--true-scale", "--magnification", 1.05, "--magnification-sd", 0.01],
            "true scale and a magnification of 1.05",
        ),
        (["--worlds", 0], "0 worlds asked; allowed are 1 to 100000"),
        (["--worlds", -5], "-5 worlds asked"),
    ],
)
def test_an_option_that_cannot_be_true_is_refused_with_its_value(
    dora_files: Files, options: list[object], why: str
) -> None:
    assert why in refused(*measuring(dora_files), *options, "--json")
